"""Folds of tickets that outlive the night: kept when a day is closed, in line again when the next one opens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core.facts.life import TicketKept
from hall_server.core.hall import Hall
from hall_server.core.places import join_queue
from hall_server.core.tickets import State, Ticket


def _kept(hall: Hall, fact: TicketKept, at: float, actor: str) -> None:
    """Its wait says nothing about its estimate any more: it has a night in it."""
    ticket = hall.tickets[fact.ticket]
    ticket.kept = ticket.kept or hall.day or ""
    ticket.wait_quoted, ticket.ahead_quoted, ticket.apart = None, 0, True


def staying(hall: Hall) -> tuple[Ticket, ...]:
    """The kept tickets that nobody has given up since; what happened at windows and to paper was yesterday's."""
    found = (t for t in hall.tickets.values() if t.kept and t.state in (State.WAITING, State.HELD))
    return tuple(
        replace(one, slip=None, pass_over=0, calls=0, incidents=set(), aloud="", because=None)
        for one in sorted(found, key=lambda one: one.key)
    )


def stayed(hall: Hall, tickets: tuple[Ticket, ...]) -> None:
    """Stand in line, or set aside, as before the night."""
    for one in tickets:
        ticket = replace(one, incidents=set())
        hall.add(ticket)
        hall.kept[ticket.label] = ticket.id
        hall.count(ticket.service, ticket.state, +1)
        if ticket.state is State.HELD:
            hall.held.add(ticket.id)
            continue
        join_queue(hall, ticket)
        if ticket.bound is not None:
            hall.sent.setdefault(ticket.bound, set()).add(ticket.id)


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {TicketKept: _kept}
