"""Folds of what happens at a window besides its calls: its pause, and what its rating unit asks and hears."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core.day_state import Leave
from hall_server.core.facts import windows as f
from hall_server.core.hall import Hall


def _paused(hall: Hall, fact: f.WindowPaused, at: float, actor: str) -> None:
    window = hall.windows[fact.window]
    by = window.asks.by if window.asks is not None else actor  # who left, not who allowed it
    window.paused_at, window.paused_why, window.cover, window.asks = at, fact.reason, fact.cover, None
    hall.leaves.append(Leave(fact.window, by, at, fact.reason, fact.cover, fact.approved_by))


def _resumed(hall: Hall, fact: f.WindowResumed, at: float, actor: str) -> None:
    window = hall.windows[fact.window]
    window.paused_at, window.paused_why, window.cover, window.back_at = None, "", "", at
    last = max(n for n, one in enumerate(hall.leaves) if one.window == fact.window)
    hall.leaves[last] = replace(hall.leaves[last], ended_at=at, ended_by=actor)


def _rated(hall: Hall, fact: f.TicketRated, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    ticket.rating = fact.level
    told = hall.ratings.setdefault(ticket.window or "", {})
    told[str(fact.level)] = told.get(str(fact.level), 0) + 1
    _asked(hall, fact, at, actor)


def _asked(hall: Hall, fact: f.TicketRated | f.TicketNotRated, at: float, actor: str) -> None:
    """Whoever has answered on the page of the ticket is not waited for at the unit either."""
    unit = hall.tickets[fact.ticket].asked or ""
    if hall.asking.get(unit) == fact.ticket:  # a late answer does not end the next customer's question
        del hall.asking[unit]


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.WindowPaused: _paused,
    f.WindowResumed: _resumed,
    f.TicketRated: _rated,
    f.TicketNotRated: _asked,
}
