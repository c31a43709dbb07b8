"""Folds of numbers of a paper roll: what was done by hand is entered later, and moves nobody at a window now."""

from collections.abc import Callable
from typing import Any

from hall_server.core.blocks import Torn
from hall_server.core.facts import rolls as f
from hall_server.core.hall import Hall
from hall_server.core.places import move
from hall_server.core.tickets import State


def _arrival(hall: Hall, fact: f.TicketArrivalEntered, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    waits = ticket.state is State.WAITING
    if waits:
        hall.queues[ticket.service].remove(ticket.key, ticket.lane)
    ticket.arrival = ticket.came_at = fact.came_at
    if waits:
        hall.queues[ticket.service].add(ticket.key, ticket.lane)
    for torn in hall.torn.values():
        torn.update({number: Torn(one.ticket, fact.came_at) for number, one in torn.items() if one.ticket == ticket.id})


def _served(hall: Hall, fact: f.TicketServedEntered, at: float, actor: str) -> None:
    """Nothing is learnt of times that a person remembered."""
    ticket = hall.tickets[fact.ticket]
    move(hall, ticket, State.DONE)
    ticket.window, ticket.calls, ticket.apart = fact.window, 1, True
    ticket.called_at, ticket.ended_at = fact.called_at, fact.ended_at
    told = hall.ratings.setdefault(fact.window, {})
    told["served"] = told.get("served", 0) + 1


def _left(hall: Hall, fact: f.TicketLeftEntered, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    move(hall, ticket, State.CANCELLED)
    ticket.ended_at = fact.left_at


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.TicketArrivalEntered: _arrival,
    f.TicketServedEntered: _served,
    f.TicketLeftEntered: _left,
}
