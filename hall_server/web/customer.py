"""The customer's own page behind the QR code of a slip: no sign-in, no script, nothing personal."""

from flask import Blueprint, Response, request

from display.phrases import Language, Phrases
from display.waits import minutes
from hall_server.contract import Ticket
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens, chosen_language

# state of a ticket -> (which face of the page, still worth refreshing)
FACES: dict[str, tuple[str, bool]] = {
    "waiting": ("waiting", True),
    "held": ("waiting", True),
    "called": ("called", True),
    "serving": ("serving", True),
    "no_show": ("no_show", True),  # a clerk may call again
    "done": ("done", False),
    "cancelled": ("cancelled", False),
    "expired": ("expired", False),
}


def customer_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("customer", __name__, template_folder="templates")
    screens = Screens(pages, phrases)

    @blueprint.get("/t/<code>")
    def ticket_page(code: str) -> Response:
        ticket = pages.ticket_by_code(code)
        if ticket is None:
            values: dict[str, object] = {"ticket": None, "face": "gone", "fresh": False}
            response = screens.public("web/ticket.html", chosen_language(), 404, **values)
        else:
            response = screens.public("web/ticket.html", _language(ticket), **_values(pages, ticket))
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return blueprint


def _language(ticket: Ticket) -> Language:
    """The language of the slip, unless the customer asked for the other one."""
    return chosen_language() if "lang" in request.args else ticket.language


def _values(pages: Pages, ticket: Ticket) -> dict[str, object]:
    face, fresh = FACES[ticket.state]
    service = next((row for row in pages.board().services if row.id == ticket.service), None)
    return {
        "ticket": ticket,
        "face": face,
        "fresh": fresh,
        "service": service,
        "range": minutes(ticket.estimate) if ticket.estimate else None,
    }
