"""The page with everything that customers fetch: what is ready, what is not, and who has come."""

from typing import Any

from flask import Blueprint, Response

from display.phrases import Phrases
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

ICONS = {"promised": "clock", "ready": "circle-check", "come": "check"}


def pickups_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("pickups", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/concierge", screens, "/clerk"))

    @blueprint.get("/concierge/pickups")
    def console() -> Response:
        return screens.page("web/pickups.html", **_values(pages))

    @blueprint.get("/concierge/pickups/body")
    def body() -> Response:
        values = _values(pages)
        return screens.fragment("web/pickups_body.html", values["view"].rev, **values)

    return blueprint


def _values(pages: Pages) -> dict[str, Any]:
    return {"view": pages.pickups(), "icons": ICONS}
