"""The customer's own page behind the QR code of a slip: no sign-in, no script, nothing personal."""

from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from display import openings
from display.board import Board, Notice, ServiceRow
from display.phrases import Language, Phrases
from display.waits import minutes
from hall_server.contract import Ticket
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens, chosen_language

LEVELS = ("5", "4", "3", "2", "1")  # the best first, as in every list of this kind

# state of a ticket -> (which face of the page, still worth refreshing)
FACES: dict[str, tuple[str, bool]] = {
    "waiting": ("waiting", True),
    "held": ("held", True),
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
            values: dict[str, object] = {"ticket": None, "face": "gone", "fresh": False, "notices": ()}
            said = _times(pages, phrases, None)
            response = screens.public("web/ticket.html", chosen_language(), 404, **values, **said)
        else:
            values = _values(pages, ticket, code)
            said = _times(pages, phrases, ticket.service)
            response = screens.public("web/ticket.html", _language(ticket), code=code, **values, **said)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    @blueprint.get("/m/<page>")
    @blueprint.get("/m/<page>/<_digits>")
    def missing(page: str, _digits: str = "") -> Response:
        """What to bring; the digits are for the scanner of a kiosk."""
        view = pages.missing(page)
        zone, said = ZoneInfo(pages.board().timezone), _times(pages, phrases, view.service if view else None)
        end = datetime.fromisoformat(view.until).astimezone(zone) if view else None
        if end is not None and end <= pages.now():
            view = None
        last = f"{end - timedelta(seconds=1):%Y-%m-%d}" if end else ""
        response = screens.public(
            "web/missing.html", chosen_language(), 200 if view else 404, view=view, last_day=last, **said
        )
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    @blueprint.post("/t/<code>/rate")
    def rate(code: str) -> Response:
        """One of five buttons; whoever presses another one later changes nothing."""
        level = request.form.get("level", "")
        if level not in LEVELS:
            return Response(status=400)
        pages.rate(code, int(level))
        asked = f"?lang={request.args['lang']}" if request.args.get("lang") in ("zh", "en") else ""
        return Response(status=303, headers={"Location": f"/t/{quote(code, safe='')}{asked}"})

    return blueprint


def _notices(board: Board, service: ServiceRow) -> tuple[tuple[str, dict[str, str]], ...]:
    """Sentences with their words: the standing faults that change where this customer is called, each told once."""
    told = [sentence for notice in board.notices if (sentence := _sentence(notice, service))]
    return tuple(one for n, one in enumerate(told) if one not in told[:n])


def _sentence(notice: Notice, service: ServiceRow) -> tuple[str, dict[str, str]] | None:
    if notice.kind == "tv":
        return "ticket.notice.tv", {}
    if notice.place != "window" or not {notice.at, *notice.to} & set(service.windows):
        return None
    if notice.to:
        return "ticket.notice.window_to", {"window": notice.at, "to": notice.to[0]}
    return f"ticket.notice.{'sign' if notice.kind == 'sign' else 'window'}", {"window": notice.at}


def _times(pages: Pages, phrases: Phrases, service: str | None) -> dict[str, object]:
    """When tickets are given out, of the hall or of the ticket's service, and days that are unlike others."""
    board, now = pages.board(), pages.now()
    own = next((row.hours for row in board.services if row.id == service), ())
    return {
        "hours": openings.today(own or board.hours, board.timezone, now),
        "unlike": openings.notices(board, phrases, now),
    }


def _language(ticket: Ticket) -> Language:
    """The language of the slip, unless the customer asked for the other one."""
    return chosen_language() if "lang" in request.args else ticket.language


def _values(pages: Pages, ticket: Ticket, code: str) -> dict[str, object]:
    face, fresh = FACES[ticket.state]
    board = pages.board()
    service = next((row for row in board.services if row.id == ticket.service), None)
    return {
        "ticket": ticket,
        "notices": _notices(board, service) if service and face in ("waiting", "called") else (),
        "face": face,
        "fresh": fresh,
        "levels": LEVELS if face == "done" else (),
        "rating": pages.rating(code) if face == "done" else None,
        "service": service,
        "range": minutes(ticket.estimate) if ticket.estimate else None,
    }
