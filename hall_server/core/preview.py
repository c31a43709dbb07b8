"""What redirecting a window does to everybody's wait: asked before it is done, and for as long as it lasts."""

from copy import copy
from dataclasses import dataclass, replace

from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.policy.estimate import Estimate, estimate
from hall_server.core.tickets import State, Ticket


@dataclass(frozen=True, slots=True)
class Effect:
    """One service of the window: who else serves it, and a new ticket's wait with the window and without."""

    service: str
    waiting: int
    windows: tuple[str, ...]
    before: Estimate | None
    after: Estimate | None


@dataclass(frozen=True, slots=True)
class Preview:
    """``to``: where customers go, nearest first; empty when a service has no other home, so it cannot be done."""

    window: str
    to: tuple[str, ...]
    called: Ticket | None
    called_to: str | None
    services: tuple[Effect, ...]

    @property
    def added_s(self) -> int:
        """By how much the wait grows for the service that it hits hardest."""
        both = ((one.before, one.after) for one in self.services)
        return max((after.point_s - before.point_s for before, after in both if before and after), default=0)


def preview(hall: Hall, window: str) -> Preview:
    """The hall with this window and without it, all else being equal."""
    ticket = hall.active(window)
    called = ticket if ticket and ticket.state is State.CALLED and not hall.windows[window].incidents else None
    to = routing.target(hall, called, window) if called else None
    open_, shut = _as_if(hall, window, shut=False), _as_if(hall, window, shut=True)
    if called and to:
        _move(shut, called, window, to)
    effects = tuple(
        Effect(
            service, len(hall.queues[service]), routing.windows_for(hall, service, but=window),
            estimate(open_, service), estimate(shut, service),
        )
        for service in hall.window_by_id[window].services
    )  # fmt: skip
    return Preview(window, routing.detour(hall, window), called, to, effects)


def _as_if(hall: Hall, window: str, *, shut: bool) -> Hall:
    """A hall that shares everything with this one but the window's incidents."""
    seen, now = copy(hall), hall.windows[window]
    if bool(now.incidents) is not shut:
        seen.windows = {**hall.windows, window: replace(now, incidents={window: ""} if shut else {})}
        seen.routes = routing.routes(seen)
    return seen


def _move(seen: Hall, ticket: Ticket, window: str, to: str) -> None:
    """The ticket called to the window goes where the rule would send it: called at a free one, else in line."""
    free = seen.windows[to].ticket is None and seen.day_open
    freed = {window: replace(seen.windows[window], ticket=None)}
    taken = {to: replace(seen.windows[to], ticket=ticket.id)} if free else {}
    seen.windows = {**seen.windows, **freed, **taken}
    if not free:
        queue = seen.queues[ticket.service].and_one(ticket.key, ticket.lane)
        seen.queues = {**seen.queues, ticket.service: queue}
