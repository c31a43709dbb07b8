"""Turns views into pages: language, words, times and the ETag of a fragment, the same for every console."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from flask import Response, g, render_template, request

from display.board import Name
from display.phrases import Phrases
from hall_server.web.access import current, pages_of
from hall_server.web.ports import Pages

Lang = Literal["zh", "en"]
_LANGS: dict[str | None, Lang] = {"zh": "zh", "en": "en"}

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


def chosen_language(fallback: Lang = "zh") -> Lang:
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
class Times:
    """ISO times of views as hall time and as durations up to now."""

    now: datetime
    zone: ZoneInfo

    def seconds(self, since: str) -> float:
        return (self.now - datetime.fromisoformat(since)).total_seconds()

    def elapsed(self, since: str) -> str:
        return clock_text(self.seconds(since))

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


@dataclass(frozen=True, slots=True)
class Screens:
    """Renders the templates of one server."""

    pages: Pages
    phrases: Phrases

    def page(self, template: str, status: int = 200, **values: Any) -> Response:
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

    def fragment(self, template: str, rev: int, **values: Any) -> Response:
        """The changing part of a page; whoever holds this revision in this language gets 304 instead."""
        board, language = self.pages.board(), chosen_language()
        tag = f"{board.epoch}-{rev}-{board.build}-{language}"
        if request.if_none_match.contains(tag):
            response = Response(status=304)
        else:
            response = Response(self._render(template, language, values), mimetype="text/html")
        response.set_etag(tag)
        response.headers["Cache-Control"] = "no-store"
        return response

    def public(self, template: str, language: Lang, status: int = 200, **values: Any) -> Response:
        """A page for customers: in the language of the ticket, nothing remembered."""
        return Response(self._render(template, language, values), status, mimetype="text/html")

    def _render(self, template: str, language: Lang, values: dict[str, Any]) -> str:
        board, now = self.pages.board(), self.pages.now()
        common: dict[str, Any] = {
            "lang": language,
            "other": "en" if language == "zh" else "zh",
            "t": self._words(language),
            "say": lambda name: _said(name, language),
            "fault": self._fault_words(language),
            "table": lambda prefix: self.phrases.table(language, prefix),
            "times": Times(now, ZoneInfo(board.timezone)),
            "hall": board.hall,
            "state_icons": STATE_ICONS,
            "principal": current(),
            "menu": pages_of(current()),
            "csrf": g.get("csrf", ""),
        }
        return render_template(template, **common, **values)

    def _words(self, language: Lang) -> Callable[..., str]:
        def text(key: str, **params: Any) -> str:
            return self.phrases.text(key, language, **params)

        return text

    def _fault_words(self, language: Lang) -> Callable[[str], str]:
        """A fault code in words; what a person wrote instead of a code stays as it was written."""

        def words(code: str) -> str:
            try:
                return self.phrases.text(f"fault.{code}", language)
            except KeyError:
                return code

        return words


def _said(name: Name, language: Lang) -> str:
    return name.zh if language == "zh" else name.en
