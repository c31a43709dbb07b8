"""Rules of ratings: whom a window's rating unit asks, what was answered, and when silence has lasted long enough."""

from hall_server.core import facts as f
from hall_server.core import reviews, routing
from hall_server.core.commands import Rate
from hall_server.core.facts import windows as w
from hall_server.core.facts.life import TicketStepped
from hall_server.core.hall import Hall
from hall_server.core.tickets import State, Ticket

ANSWER_WITHIN_S = 30.0  # whoever has not pressed by then has left, and the next customer must not answer for them
MUTE = frozenset({"failed", "disabled"})


def finish(hall: Hall, ticket: Ticket, window: str, *, done: bool = True) -> list[f.Fact]:
    """The service is over: the window's rating unit, if it has one that works, asks how it was.

    Whom another window wants back goes there first, what was ``done`` is reviewed, who came for several services waits
    for the next; they are asked when everything is done.
    """
    home, service = ticket.back or (window, "")
    if home != window and service in hall.service_by_id:
        to = routing.back_to(hall, home, service)
        if to is not None or service != ticket.service:
            return [w.TicketTransferred(ticket.id, window, service, to)]
    review = reviews.reviewer(hall, ticket.service) if done else ""
    if review:
        return [TicketStepped(ticket.id, window, review, review=True)]
    following = next((service for service in ticket.then if service in hall.service_by_id), None)
    if following is not None:
        return [TicketStepped(ticket.id, window, following)]
    unit = _unit(hall, window)
    before = hall.asking.get(unit or "")
    ended: list[f.Fact] = [w.TicketNotRated(before, unit)] if before and unit else []
    return [*ended, f.TicketFinished(ticket.id, window, unit)]


def _unit(hall: Hall, window: str) -> str | None:
    units = (d.id for d in hall.devices_at("window", window) if d.kind == "rating" and d.station is not None)
    return next((u for u in units if hall.devices[u].state not in MUTE and u not in hall.repairs), None)


def rate(hall: Hall, command: Rate, now: float) -> list[f.Fact]:
    """The first answer stands, also one that was under way while we stopped waiting; any other changes nothing."""
    ticket = hall.tickets.get(command.ticket)
    if ticket is None or ticket.rating is not None:
        return []
    if ticket.asked != command.device if command.device else ticket.state is not State.DONE:
        return []
    return [w.TicketRated(ticket.id, command.level, command.device)]


def unanswered(hall: Hall, now: float) -> list[f.Fact]:
    """Who said nothing in time is not rated."""
    asked = ((unit, hall.tickets[name]) for unit, name in hall.asking.items())
    return [w.TicketNotRated(t.id, unit) for unit, t in asked if now - (t.ended_at or 0.0) > ANSWER_WITHIN_S]
