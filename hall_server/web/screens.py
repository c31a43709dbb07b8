"""Turns views into pages: language, words, times and the ETag of a fragment, the same for every console."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, g, render_template, request

from display.board import Name
from display.phrases import Language, Phrases
from display.tv_view import number
from hall_server.web.access import current, pages_of
from hall_server.web.api.permissions import may
from hall_server.web.evidence import told
from hall_server.web.ports import Pages

_LANGS: dict[str | None, Language] = {"zh": "zh", "en": "en"}

CONSOLE = "_body.html"  # how templates of a console's changing part are called
LANGUAGE_COOKIE = "hallcall_lang"
# A year: the language of a console is chosen once per computer.
_LANGUAGE_LIFE_S = 365 * 24 * 3600

STATE_ICONS = {
    "ok": "circle-check",
    "degraded": "triangle-alert",
    "failed": "circle-x",
    "unknown": "circle-help",
    "disabled": "pause",
}

KIND_ICONS = {
    "printer": "printer",
    "sign": "monitor",
    "tv": "monitor",
    "voice": "volume-2",
    "pad": "keyboard",
    "rating": "hand-heart",
}


def chosen_language(fallback: Language = "zh") -> Language:
    """What the address asks for, else what was chosen before, else what the browser prefers."""
    for wish in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wish in _LANGS:
            return _LANGS[wish]
    return "en" if request.accept_languages.best_match(["zh", "en"]) == "en" else fallback


def clock_text(seconds: float) -> str:
    """A duration as people read it off a stop-watch: 4:05, above an hour 1:04:05."""
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


@dataclass(frozen=True, slots=True)
class Patience:
    """After how many seconds a running time turns amber, then red."""

    amber_s: int
    red_s: int


PATIENCE: Mapping[str, Patience] = MappingProxyType(
    {
        "waiting": Patience(15 * 60, 30 * 60),  # half an hour is what most halls promise at the door
        "called": Patience(60, 120),  # crossing a big hall takes a minute
        "held": Patience(15 * 60, 30 * 60),  # as long as a copy takes; then the hall says that it is overdue
        "paused": Patience(15 * 60, 30 * 60),  # a short break; a meal takes half an hour
        "serving": Patience(10 * 60, 20 * 60),  # until services carry targets of their own
    }
)


@dataclass(frozen=True, slots=True)
class Times:
    """ISO times of views as hall time and as durations up to now."""

    now: datetime
    zone: ZoneInfo

    def seconds(self, since: str) -> float:
        return (self.now - datetime.fromisoformat(since)).total_seconds()

    def elapsed(self, since: str) -> str:
        return clock_text(self.seconds(since))

    def level(self, since: str, patience: Patience) -> str:
        """How urgent a running time has become: calm, amber or red."""
        seconds = self.seconds(since)
        if seconds >= patience.red_s:
            return "red"
        return "amber" if seconds >= patience.amber_s else "calm"

    def minutes(self, since: str) -> int:
        return max(0, int(self.seconds(since) // 60))

    def between(self, start: str, end: str) -> str:
        return clock_text((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())

    def local(self, at: str) -> str:
        """The hall's time of day, with the date when it was not today; other texts are shown as they are."""
        try:
            moment = datetime.fromisoformat(at).astimezone(self.zone)
        except ValueError:
            return at
        today = self.now.astimezone(self.zone).date()
        return moment.strftime("%H:%M" if moment.date() == today else "%m-%d %H:%M")

    def last_day(self, until: str) -> str:
        """The day that ends at that moment, as YYYY-MM-DD."""
        return f"{datetime.fromisoformat(until).astimezone(self.zone) - timedelta(seconds=1):%Y-%m-%d}"

    def wall(self, at: str) -> str:
        """A time by the hall's clock, as its API takes it: 2026-11-24T10:30."""
        return datetime.fromisoformat(at).astimezone(self.zone).strftime("%Y-%m-%dT%H:%M")

    @property
    def stamp(self) -> str:
        return self.now.astimezone(self.zone).strftime("%H:%M:%S")


@dataclass(frozen=True, slots=True)
class Screens:
    """Renders the templates of one server."""

    pages: Pages
    phrases: Phrases

    def page(self, template: str, status: int = 200, /, **values: Any) -> Response:
        language = chosen_language()
        response = Response(self._render(template, language, values), status, mimetype="text/html")
        if request.args.get("lang") == language:
            response.set_cookie(
                LANGUAGE_COOKIE,
                language,
                max_age=_LANGUAGE_LIFE_S,
                secure=request.is_secure,
                httponly=True,
                samesite="Strict",
            )
        return response

    def fragment(self, template: str, rev: int, /, **values: Any) -> Response:
        """The changing part of a page; whoever holds this revision in this language gets 304 instead."""
        board, language = self.pages.board(), chosen_language()
        tag = f"{board.epoch}-{rev}-{board.build}-{language}"
        if request.if_none_match.contains(tag):
            response = Response(status=304)
        else:
            shown = self._render(template, language, values)
            if template.endswith(CONSOLE):  # what stands above every console changes with its middle
                shown += self._render("web/alarm.html", language, {"fresh": True})
            response = Response(shown, mimetype="text/html")
        response.set_etag(tag)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-CSRF-Token"] = g.get("csrf", "")  # a page outlives a restart of the server
        return response

    def public(self, template: str, language: Language, status: int = 200, /, **values: Any) -> Response:
        """A page for customers: in the language of the ticket, nothing remembered."""
        return Response(self._render(template, language, values), status, mimetype="text/html")

    def _render(self, template: str, language: Language, values: dict[str, Any]) -> str:
        board, now, principal = self.pages.board(), self.pages.now(), current()
        common: dict[str, Any] = {
            "lang": language,
            "other": "en" if language == "zh" else "zh",
            "t": self._words(language),
            "say": lambda name: _said(name, language),
            "word": self._code_words(language),
            "table": lambda *prefixes: {language: self.phrases.table(language, *prefixes)},
            "who": self._actor_words(language),
            "evident": partial(told, self._words(language)),
            "number": number,
            "duration": clock_text,
            "times": Times(now, ZoneInfo(board.timezone)),
            "board": board,
            "state_icons": STATE_ICONS,
            "kind_icons": KIND_ICONS,
            "patience": PATIENCE,
            "principal": principal,
            "menu": pages_of(principal),
            "alarm": self.pages.alarm() if board.emergency and principal else None,
            "may_alarm": principal is not None and may(principal, "emergency"),
            "csrf": g.get("csrf", ""),
        }
        return render_template(template, **common, **values)

    def _words(self, language: Language) -> Callable[..., str]:
        def text(key: str, **params: Any) -> str:
            return self.phrases.text(key, language, **params)

        return text

    def _code_words(self, language: Language) -> Callable[[str, str], str]:
        """A code of a family in words; what a person wrote instead of a code stays as it was written."""

        def words(family: str, code: str) -> str:
            try:
                return self.phrases.text(f"{family}.{code}", language)
            except KeyError:
                return code

        return words

    def _actor_words(self, language: Language) -> Callable[[str], str]:
        """Who did it, written role:id in the journal, as people say it."""

        def words(actor: str) -> str:
            role, _, subject = actor.partition(":")
            try:
                said = self.phrases.text(f"role.{role}", language)
            except KeyError:
                return actor
            return f"{said} {subject}".strip()

        return words


def _said(name: Name, language: Language) -> str:
    return name.zh if language == "zh" else name.en
