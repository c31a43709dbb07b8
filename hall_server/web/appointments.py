"""The appointments page: a day's slots and customers, a form for one more, and a sheet of many."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request

from display.phrases import Phrases
from hall_server.web.dates import day_in
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens

ICONS = {
    "booked": "clock",
    "confirmed": "calendar-check",
    "checked_in": "circle-check",
    "no_show": "circle-x",
    "cancelled": "x",
}


def appointments_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("appointments", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/concierge", screens))

    @blueprint.get("/concierge/appointments")
    def console() -> Response:
        return screens.page("web/appointments.html", **_values(pages))

    @blueprint.get("/concierge/appointments/body")
    def body() -> Response:
        values = _values(pages)
        return screens.fragment("web/appointments_body.html", values["view"].rev, **values)

    return blueprint


def _values(pages: Pages) -> dict[str, Any]:
    today = pages.today()
    day = day_in(request.args.get("day", "")) or date.fromisoformat(today)
    view = pages.appointments(day)
    return {
        "view": view,
        "today": today,
        "before": (day - timedelta(days=1)).isoformat(),
        "after": (day + timedelta(days=1)).isoformat(),
        "icons": ICONS,
    }
