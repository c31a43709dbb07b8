"""The floor view: what a hall manager sees at a glance from across the hall."""

from flask import Blueprint, Response, request

from display.phrases import Phrases
from display.tv_view import number
from hall_server.core.figures.ratings import FEWEST
from hall_server.web.checks import summary
from hall_server.web.devices import ORDER, in_trouble, shown_state
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.redirects import proposals
from hall_server.web.screens import Screens

SPANS = (1, 31)  # days: today, and as many as one look at the journal may tell of
TROUBLES_SHOWN = 5  # with "n more" three rows of two: the queues and windows above need the rest of the screen


def manager_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("manager", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/floor", screens))

    @blueprint.get("/floor")
    def floor() -> Response:
        return screens.page("web/floor.html", **_values(pages))

    @blueprint.get("/floor/body")
    def body() -> Response:
        rev = pages.board().rev
        return screens.fragment("web/floor_body.html", rev, **_values(pages))

    @blueprint.get("/floor/ratings")
    def ratings() -> Response:
        """What customers said of each window, with what the figures mean beside them."""
        shown = SPANS[0] if request.args.get("days") == str(SPANS[0]) else SPANS[1]
        values = {"figures": pages.histories.ratings_of(shown), "shown": shown, "spans": SPANS, "fewest": FEWEST}
        return screens.page("web/ratings.html", **values)

    return blueprint


def _values(pages: Pages) -> dict[str, object]:
    view, day = pages.floor(), pages.hall_day()
    troubles = sorted(
        (device for device in view.devices if in_trouble(device)),
        key=lambda device: (ORDER.index(shown_state(device)), device.id),
    )
    return {
        "view": view,
        "desks": sum(bool(row.idle_since or row.uncovered or row.asks or row.unattended_since) for row in day.windows),
        "crowds": day.crowds,
        "on_duty": day.duty,
        "interrupted": tuple(row for row in view.windows if row.unattended_since and row.label),
        "oldest": min((queue.oldest for queue in view.queues if queue.oldest), default=None),
        "idle": tuple(row for row in view.windows if row.idle),
        "troubles": troubles,
        "proposals": proposals(view),
        "checks": summary(pages),
        "staffing": pages.reports.staffing(),
        "no_paper": tuple(number(kiosk) for kiosk in view.no_paper),
        "failed": tuple(device for device in troubles if shown_state(device) == "failed"),
        "shown_state": shown_state,
        "troubles_shown": TROUBLES_SHOWN,
    }
