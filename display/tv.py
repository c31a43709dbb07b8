"""The hall TV: a page that is right as the server draws it, and kept right by its script."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from flask import Blueprint, Response, make_response, render_template
from markupsafe import Markup

from display import openings
from display import tv_view as view
from display.board import Board, Name, to_json
from display.distance import LARGEST_PX, Distance, Layout
from display.moments import clock, date
from display.phrases import Language, Phrases

PAGE_TEXTS = ("tv.", "open.")
# They stand in the page itself: a screen must be able to draw "not updating" when the server is gone.
ICONS = ("arrow-right", "bell", "calendar-check", "pause", "triangle-alert", "users", "volume-x", "wifi-off", "wrench")
STATIC = Path(__file__).parent / "static"
SPRITE = STATIC / "vendor" / "sprite.svg"
FAR = STATIC / "css" / "tv-far.css"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Voice:
    """Where a page finds what it says (nowhere: it only chimes), in which languages, and as which screen it speaks."""

    base: str = ""
    languages: tuple[Language, ...] = ("zh", "en")
    device: str = ""


def tv_blueprint(
    board: Callable[[], Board], phrases: Phrases, now: Callable[[], datetime] = _utc_now,
    voice: Callable[[], Voice] = Voice, distance: Callable[[], Distance] = Distance,
) -> Blueprint:  # fmt: skip
    """Serves ``/tv``; static files come from ``/static``, the Board's changes from namespace ``/board``."""
    far = FAR.read_text(encoding="utf-8")
    symbols = icon_symbols()
    blueprint = Blueprint("tv", __name__, template_folder="templates")

    @blueprint.get("/tv/far-<int:letters_px>.css")
    def letters(letters_px: int) -> Response:
        """The policy allows no style in a page, so the size of its letters is in the address of its style sheet."""
        sheet = Response(f":root {{ --floor: {min(letters_px, LARGEST_PX)}; }}\n{far}", mimetype="text/css")
        sheet.headers["Cache-Control"] = "no-cache"
        return sheet

    @blueprint.get("/tv")
    def tv() -> Response:
        shown = _page(board(), phrases, now(), distance().layout())
        page = make_response(render_template("tv.html", symbols=symbols, voice=asdict(voice()), **shown))
        page.headers["Cache-Control"] = "no-store"  # an old page would begin with old numbers
        return page

    return blueprint


def _page(board: Board, phrases: Phrases, now: datetime, layout: Layout) -> dict[str, object]:
    shown = board.windows[: 2 * layout.rows]
    needed = -(-len(shown) // 2)
    far = layout.far
    return {
        "board": to_json(board),
        "hall": board.hall,
        "cover": view.cover(board),
        "emergency": board.emergency,
        "hero": board.hero,
        "window": view.number(board.hero.window) if board.hero else "",
        "fit": view.fit(board.hero) if board.hero else 0,
        "layout": asdict(layout),
        "windows": [view.window_view(row, board, phrases, now, far=far) for row in shown],
        "rows": max(needed, min(view.ROWS_MIN, layout.rows)),
        "headed": needed <= layout.headed,
        "services": [view.service_view(row, board, phrases, now, far=far) for row in board.services[: layout.services]],
        "next": view.next_labels(board),
        "ticker": view.ticker(board, phrases, now)[0],
        "clock": clock(now, board.timezone),
        "date": date(now, board.timezone),
        "again": openings.again(board, phrases, now),
        "unlike": next(iter(openings.notices(board, phrases, now)), Name("", "")),
        "t": phrases.both,
        "texts": page_texts(phrases),
        "empty_window": view.WindowView("", "idle", "", phrases.both("tv.state.idle"), ""),
        "empty_service": view.ServiceView(replace(board.hall, zh="", en=""), "", phrases.both("tv.no_wait")),
        "empty_next": view.NextView("", False),
    }


def icon_symbols() -> Markup:
    """The icons of a board, for the page itself."""
    sprite = SPRITE.read_text(encoding="utf-8")
    wanted = (re.search(rf'<symbol id="icon-{icon}".*?</symbol>', sprite, re.DOTALL) for icon in ICONS)
    return Markup("").join(Markup(found.group()) for found in wanted if found)


def page_texts(phrases: Phrases, *more: str) -> dict[Language, dict[str, str]]:
    """What scripts say on pages that draw a board, in both languages; ``more`` are prefixes of a page's own texts."""
    return {language: _texts(phrases, language, more) for language in phrases.texts}


def _texts(phrases: Phrases, lang: Language, more: tuple[str, ...]) -> dict[str, str]:
    public = {key: text for key, text in phrases.table(lang, "fault.").items() if key.endswith(".public")}
    return phrases.table(lang, *PAGE_TEXTS, *more) | public
