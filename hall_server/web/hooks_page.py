"""The maintenance page of webhooks: how each receiver does, and how far behind it is."""

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens


def hooks_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("hooks", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/maintenance", screens))

    @blueprint.get("/maintenance/webhooks")
    def hooks() -> Response:
        return screens.page("web/hooks.html", hooks=pages.webhooks())

    return blueprint
