"""Requests for help of today: who asked for what, and whether the staff still has to go there."""

from dataclasses import dataclass

from hall_server.core.tickets import State, Ticket


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody asked for help at a kiosk at ``at`` (Unix seconds), and took a ticket afterwards, or none."""

    id: str
    kiosk: str
    reason: str
    language: str
    at: float
    ticket: str | None = None
    given: bool = False


def stands(wanted: Help, ticket: Ticket | None) -> bool:
    """Whether somebody should still go there: nobody was, and no window has the customer yet."""
    return not wanted.given and (ticket is None or ticket.state is State.WAITING)
