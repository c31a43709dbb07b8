"""The page of the hall's day: hours, windows that drain or help out, leaves, gaps, hand-overs, the closing check."""

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.web.clerk import PAUSES
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens


def day_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("day", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/floor", screens))

    @blueprint.get("/floor/day")
    def console() -> Response:
        return screens.page("web/day.html", view=pages.hall_day(), reasons=PAUSES)

    @blueprint.get("/floor/day/body")
    def body() -> Response:
        view = pages.hall_day()
        return screens.fragment("web/day_body.html", view.rev, view=view, reasons=PAUSES)

    return blueprint
