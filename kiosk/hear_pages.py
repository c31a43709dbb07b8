"""The audio guide over HTTP: its switch, and the sounds of what the page asks to have read aloud."""

from typing import cast

from flask import Blueprint, Response, abort, request
from pydantic import BaseModel, ConfigDict

from display.phrases import Language, Phrases
from display.speech.clips import shipped
from display.speech.sentence import UnspeakableError
from kiosk.bodies import heard
from kiosk.hearing import Hearing
from kiosk.press import Press

SAID_TEXTS = 40  # no screen has so many


class GuideSwitch(BaseModel):
    """Whether the customer wants to hear the screen."""

    model_config = ConfigDict(extra="forbid")
    on: bool


def hear_blueprint(press: Press, phrases: Phrases) -> Blueprint:
    """Asked for with ``before``, texts of the screen, and a target: its ``place``, its texts ``say``, its ``tile``."""
    blueprint = Blueprint("hear", __name__)
    languages = {language: Hearing(language, phrases, shipped()) for language in phrases.texts}

    @blueprint.get("/hear/<any(zh,en):language>")
    def hear(language: str) -> Response:
        asked = request.args
        before, texts = asked.getlist("before")[:SAID_TEXTS], asked.getlist("say")[:SAID_TEXTS]
        hearing, board = languages[cast(Language, language)], press.screen.get()[1].board
        tile, place = asked.get("tile", ""), asked.get("place", 0, int)
        try:
            if tile and board is not None:
                sound = hearing.sound(before, hearing.service(tile, board, place), texts)
            else:
                sound = hearing.sound(before, hearing.target(texts, place) if place else [], [])
        except UnspeakableError:
            abort(404)
        answer = Response(sound, mimetype="audio/ogg")
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @blueprint.post("/guide")
    def switch() -> tuple[str, int]:
        press.listen(heard(GuideSwitch).on)
        return "", 204

    return blueprint
