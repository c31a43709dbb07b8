"""The page on which numbers of a paper roll are entered: who got which, who was served, who went away."""

from typing import Any

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

ICONS = {"waiting": "clock", "done": "circle-check", "cancelled": "x", "no_show": "circle-x", "void": "x"}


def rolls_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("rolls", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/concierge", screens, "/clerk"))

    @blueprint.get("/concierge/rolls")
    def console() -> Response:
        return screens.page("web/rolls.html", **_values(pages))

    @blueprint.get("/concierge/rolls/body")
    def body() -> Response:
        values = _values(pages)
        return screens.fragment("web/rolls_body.html", values["view"].rev, **values)

    return blueprint


def _values(pages: Pages) -> dict[str, Any]:
    return {"view": pages.rolls(), "today": pages.today(), "icons": ICONS}
