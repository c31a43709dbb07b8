"""Whether somebody will wait much longer than was promised with the ticket, and why: then the ticket's page says so."""

from dataclasses import dataclass

from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.policy.estimate import Estimate
from hall_server.core.tickets import Ticket

LEAST_S = 300.0  # nobody need be told of less
LEAST_SHARE = 0.2  # of what was promised: after an hour's wait five minutes more are no news


@dataclass(frozen=True, slots=True)
class Risen:
    """So many seconds more than promised: fewer ``windows``, others who go first (``later``), or ``slow`` services."""

    by_s: int
    why: str


def risen(hall: Hall, ticket: Ticket, now: Estimate) -> Risen | None:
    """What has become of the promise of a ticket that waits; None while it stands, or when the ticket was sent on."""
    if ticket.wait_quoted is None or ticket.absences or ticket.sent_from is not None:
        return None
    told_s = ticket.wait_quoted[0]
    by_s = max(0.0, hall.at - ticket.came_at) + now.point_s - told_s
    if by_s <= max(LEAST_S, LEAST_SHARE * told_s):
        return None
    return Risen(round(by_s), _why(hall, ticket, now))


def _why(hall: Hall, ticket: Ticket, now: Estimate) -> str:
    homes = [window.id for window in hall.config.windows if ticket.service in window.services]
    if len(routing.windows_for(hall, ticket.service)) < len(homes):
        return "windows"
    return "later" if now.later else "slow"
