"""The wait that a ticket would have if it were taken now, with a bound that holds nine times in ten.

The estimate is (ahead + 1) x service time / windows, the best simple predictor measured on a real bank's month of
customers; the bound is the 90 % quantile of actual over estimate.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from hall_server.core import routing
from hall_server.core.hall import ARRIVALS, Hall
from hall_server.core.policy.ahead import ahead
from hall_server.core.policy.classes import Newcomer, Waits
from hall_server.core.policy.learning import SHORTEST_S, factor, service_time_s
from hall_server.core.tickets import Ticket

LIVELY_S = 1800.0  # a window counts when something began or ended there in the last half hour
ROUNDS = 3  # who overtakes depends on the wait and the wait on who overtakes: after three rounds it moves no more
BUSIEST = 0.9  # of the windows: if higher classes alone take more, a ratio says nothing about how long lower ones wait
SHORTEST_LOOK_S = 300.0  # over less than this no rate of arrivals is measured


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tickets ahead, and the wait in whole seconds: point and upper 90 % bound; ``later`` of those ahead came later."""

    ahead: int
    point_s: int
    upper90_s: int
    later: int = 0


def competing(hall: Hall, windows: tuple[str, ...]) -> set[str]:
    """The services that are called at any of these windows."""
    return {service for window in windows for service in routing.eligible(hall, window)}


def estimate(hall: Hall, service: str, ticket: Ticket | None = None, new: Newcomer | None = None) -> Estimate | None:
    """The estimate for ``ticket`` where it stands, else for a ``new`` one; None: nobody serves it."""
    windows = routing.windows_for(hall, service)
    if not windows:
        return None
    if ticket is not None and ticket.bound is not None and not routing.free(hall, ticket):
        return _sent(hall, ticket, ticket.bound)
    if ticket is not None and ticket.urgent and ticket.pass_over == 0:
        return _urgent(hall, ticket, windows)
    mine = ticket or new or Newcomer(hall.at)
    early_s = new.early_s if new else max(0.0, ticket.due - hall.at) if ticket and ticket.due else 0.0
    before, later, point_s = expected(hall, service, windows, mine)
    more = _pushing_in(hall, windows, mine) + (_let_by(hall, ticket) if ticket is not None else 0)
    if more:
        before, point_s = before + more, point_s * (before + more + 1) / (before + 1)
    free = any(hall.windows[w].ticket is None for w in windows)
    return _rounded(hall, before, 0.0 if free and before == 0 else max(point_s, early_s), later)


def expected(hall: Hall, service: str, windows: tuple[str, ...], mine: Waits) -> tuple[int, int, float]:
    """Who is ahead, who of them came later, and the seconds to wait when no window is free."""
    policy, now = hall.config.policy, max(hall.at, mine.arrival)
    queues = [hall.queues[name] for name in competing(hall, windows) if name in hall.queues]
    turn_s = service_time_s(hall, service) / _lively(hall, windows)
    before = later = 0
    point_s = 0.0
    for _ in range(ROUNDS if policy.kind == "accumulating" else 1):
        before, later = ahead(policy, queues, mine, now, point_s, hall.pattern_at)
        point_s = (before + 1) * turn_s
    if policy.kind == "strict":
        point_s /= 1 - min(BUSIEST, _higher_per_s(hall, competing(hall, windows), mine, now) * turn_s)
    return before, later, point_s


def _higher_per_s(hall: Hall, services: Iterable[str], mine: Waits, now: float) -> float:
    """How many customers a second come who go before ``mine`` whenever they come."""
    policy = hall.config.policy
    rank = policy.of(mine.klass).rank
    lines = (
        times
        for (service, klass), times in hall.arrivals.items()
        if service in services and policy.of(klass).rank < rank
    )
    return sum(_per_s(times, now, hall.opened_at or now) for times in lines)


def _per_s(times: Iterable[float], now: float, opened_at: float) -> float:
    looked_s = max(SHORTEST_LOOK_S, min(LIVELY_S, now - opened_at))
    recent = [at for at in times if at > now - looked_s]
    if len(recent) == ARRIVALS:  # all that are kept
        looked_s = max(1.0, now - recent[0])
    return len(recent) / looked_s


def _sent(hall: Hall, ticket: Ticket, window: str) -> Estimate:
    """Who was sent to a window waits for it alone, and only behind others that were sent there earlier."""
    able = routing.serves(hall, window)
    others = (hall.tickets[name] for name in hall.sent[window])
    before = sum(t.key < ticket.key for t in others if t.service in able)
    free = hall.windows[window].ticket is None and before == 0
    return _rounded(hall, before, 0.0 if free else (before + 1) * service_time_s(hall, ticket.service))


def _urgent(hall: Hall, ticket: Ticket, windows: tuple[str, ...]) -> Estimate:
    """Who goes before everybody waits for the first window, and for others like them who came earlier."""
    before = sum(other.key < ticket.key for other in routing.rushing(hall, competing(hall, windows)))
    free = before == 0 and any(hall.windows[w].ticket is None for w in windows)
    turn_s = service_time_s(hall, ticket.service) / _lively(hall, windows)
    return _rounded(hall, before, 0.0 if free else (before + 1) * turn_s)


def _pushing_in(hall: Hall, windows: tuple[str, ...], mine: Waits) -> int:
    """Who came later and goes before everybody all the same."""
    place = (mine.arrival, mine.seq)
    return (
        sum((t.arrival, t.seq) > place for t in routing.rushing(hall, competing(hall, windows))) if hall.urgent else 0
    )


def _rounded(hall: Hall, before: int, point_s: float, later: int = 0) -> Estimate:
    upper_s = round(factor(hall, 90) * max(point_s, SHORTEST_S)) if point_s else 0
    return Estimate(before, round(point_s), upper_s, later)


def _let_by(hall: Hall, ticket: Ticket) -> int:
    """Who did not come lets some of those behind go first, as many as there are."""
    queue = hall.queues[ticket.service]
    behind = len(queue) - 1 - queue.before(ticket.key)
    return max(0, min(ticket.pass_over, behind))


def _lively(hall: Hall, windows: tuple[str, ...]) -> int:
    def alive(window: str) -> bool:
        now = hall.windows[window]
        since = now.last_active if now.last_active is not None else hall.opened_at  # a day opens with all windows
        return now.ticket is not None or (since is not None and hall.at - since <= LIVELY_S)

    return max(1, sum(alive(window) for window in windows))
