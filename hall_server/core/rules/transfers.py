"""Rules of a transfer: the customer at a window is sent on, or back after a review, with number and arrival."""

from hall_server.core import facts as f
from hall_server.core import reviews, routing
from hall_server.core.commands import Transfer
from hall_server.core.commands.life import SendBack
from hall_server.core.facts.windows import TicketTransferred
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.windows import need_active, need_calling, need_window
from hall_server.core.tickets import Ticket


def transfer(hall: Hall, command: Transfer, now: float) -> list[f.Fact]:
    """Send the customer on to where somebody will call them."""
    ticket = need_active(hall, command.window, "transfer")
    service = command.service or (_at(hall, ticket, command.to) if command.to else "")
    if service not in hall.service_by_id:
        raise Refused("unknown_service", f"There is no service {service!r}.")
    if command.to == command.window or (command.to is None and service == ticket.service):
        raise Refused("same_place", f"{ticket.label} is there already: choose another service or window.")
    _need_home(hall, service, command.to)
    return [TicketTransferred(ticket.id, command.window, service, command.to, command.note, command.come_back)]


def send_back(hall: Hall, command: SendBack, now: float) -> list[f.Fact]:
    """To the window whose work was reviewed, which calls them first; if it has the service no more, to all that do."""
    ticket = need_active(hall, command.window, "transfer")
    home = reviews.reviewed(hall, ticket)
    if home is None:
        raise Refused("nothing_to_review", f"{ticket.label} is not here for a review: there is nobody to send it to.")
    if not command.note.strip():
        raise Refused("reason_needed", f"Say what window {home[0]} has to do again.")
    window, service = home
    to = routing.back_to(hall, window, service)
    return [TicketTransferred(ticket.id, command.window, service, to, command.note)]


def _at(hall: Hall, ticket: Ticket, window: str) -> str:
    """For what a customer is sent to a window: for the same as here if it has that, else for what it has first."""
    need_window(hall, window)
    services = hall.window_by_id[window].services
    return ticket.service if ticket.service in services else next(iter(services), ticket.service)


def _need_home(hall: Hall, service: str, window: str | None) -> None:
    if window is None:
        if not routing.windows_for(hall, service):
            raise Refused("service_closed", f"No window serves {hall.service_by_id[service].en} now.")
        return
    need_window(hall, window)
    if service not in hall.window_by_id[window].services:
        raise Refused("other_service", f"Window {window} does not serve {hall.service_by_id[service].en}.")
    need_calling(hall, window)
    if not routing.attended(hall, window):
        raise Refused("window_unattended", f"Nobody is at window {window} now.")


def numbered_window(hall: Hall, digits: str) -> str:
    """The window that is meant by digits typed on a pad."""
    found = (w.id for w in hall.config.windows if w.id.isascii() and w.id.isdecimal() and int(w.id) == int(digits))
    return next(found, digits)


def numbered_service(hall: Hall, digits: str) -> str:
    """The service that is meant by digits typed on a pad: its place in the settings, from 1 on."""
    at = int(digits) - 1
    return hall.config.services[at].id if 0 <= at < len(hall.config.services) else digits
