"""The concierge's screen: give out tickets, note special needs, see who waits long, bring somebody back."""

from typing import Any

from flask import Blueprint, Response

from display.phrases import Phrases
from display.waits import minutes
from hall_server.web.access import current
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

# What one tap notes about somebody who waits long, and its picture.
CARE = (("apologised", "hand-heart"), ("offered", "calendar-check"))


def concierge_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("concierge", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/concierge", screens))

    @blueprint.get("/concierge")
    def console() -> Response:
        return screens.page("web/concierge.html", **_values(pages))

    @blueprint.get("/concierge/body")
    def body() -> Response:
        values = _values(pages)
        return screens.fragment("web/concierge_body.html", values["view"].rev, **values)

    return blueprint


def _values(pages: Pages) -> dict[str, Any]:
    principal = current()
    view = pages.lobby(principal.actor if principal else "")
    ranges = {service.id: minutes(service.wait) for service in view.services if service.wait}
    lists = {"rolls": pages.has_rolls(), "pickups": pages.has_pickups()}
    return {"view": view, "ranges": ranges, "care": CARE, **lists}
