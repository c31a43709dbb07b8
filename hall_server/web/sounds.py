"""The sounds of calls, by language and half of the sentence, and of an alarm: only of what the board shows."""

from collections.abc import Callable, Mapping
from typing import Literal, Protocol, cast

from flask import Blueprint, Response, abort

from display.board import Board
from display.phrases import Language
from display.tv import Voice
from hall_server.web.access import current

Half = Literal["ticket", "window", "alarm"]
BASE = "/voice"
KEPT_S = 7 * 24 * 3600  # by browsers: the address changes with the voice


def _labels(board: Board) -> set[str]:
    return {call.label for call in (*board.calls, board.hero) if call is not None}


# What the board shows of each kind: whoever asks for anything else learns nothing and has nothing made.
SHOWN: Mapping[Half, Callable[[Board], set[str]]] = {
    "ticket": _labels,
    "window": lambda board: {row.id for row in board.windows},
    "alarm": lambda board: {board.emergency.zh, board.emergency.en} if board.emergency else set(),
}


class Sound(Protocol):
    """A sound as a browser takes it; ``final`` is what will also be played next time."""

    @property
    def content(self) -> bytes: ...

    @property
    def kind(self) -> str: ...

    @property
    def final(self) -> bool: ...


def where_sounds_are(recipe: str, languages: tuple[Language, ...]) -> Voice:
    """What the TV page of whoever is asking has to know."""
    return Voice(f"{BASE}/{recipe}" if recipe else "", languages, this_screen())


def this_screen() -> str:
    """The TV that is signed in and asks; nothing for anybody else."""
    principal = current()
    return principal.subject or "" if principal is not None and principal.role == "tv" else ""


def sounds_blueprint(board: Callable[[], Board], sound: Callable[[Language, Half, str], Sound | None]) -> Blueprint:
    """Serves the halves of sentences; the first word of their address makes browsers forget an old voice."""
    blueprint = Blueprint("sounds", __name__)

    @blueprint.get(f"{BASE}/<_recipe>/<any(zh,en):language>/<any(ticket,window,alarm):half>/<name>")
    def part(_recipe: str, language: str, half: str, name: str) -> Response:
        known = SHOWN[cast(Half, half)](board())
        made = sound(cast(Language, language), cast(Half, half), name) if name in known else None
        if made is None:
            abort(404)
        answer = Response(made.content, mimetype=made.kind)
        answer.headers["Cache-Control"] = f"max-age={KEPT_S}, immutable" if made.final else "no-store"
        return answer

    return blueprint
