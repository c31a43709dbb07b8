"""The wait that a ticket would have if it were taken now, with a bound that holds nine times in ten.

The estimate is (ahead + 1) x service time / windows, the best simple predictor measured on a real bank's month of
customers; the factor of the bound is the 90 % quantile of actual over estimate there.
"""

from dataclasses import dataclass

from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.tickets import Ticket

PRIOR_WEIGHT = 20  # the service's norm counts as this many finished services
UPPER90 = 3.19  # 90 % quantile of actual / estimate, until the hall has 200 samples of its own
SHORTEST_S = 5.0  # the bound is never built on less than this
LIVELY_S = 1800.0  # a window counts when something began or ended there in the last half hour


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tickets ahead, and the wait in whole seconds: point and upper 90 % bound."""

    ahead: int
    point_s: int
    upper90_s: int


def competing(hall: Hall, windows: tuple[str, ...]) -> set[str]:
    """The services that are called at any of these windows."""
    return {service for window in windows for service in routing.eligible(hall, window)}


def estimate(hall: Hall, service: str, ticket: Ticket | None = None) -> Estimate | None:
    """The estimate for a ticket of this service: a new one, or ``ticket`` where it stands. None: nobody serves it."""
    windows = routing.windows_for(hall, service)
    if not windows:
        return None
    if ticket is not None and ticket.bound is not None and service in routing.eligible(hall, ticket.bound):
        return _sent(hall, ticket, ticket.bound)
    key = (ticket.arrival, ticket.seq, ticket.id) if ticket else None
    queues = (hall.queues[name] for name in competing(hall, windows) if name in hall.queues)
    ahead = sum(len(queue) if key is None else queue.before(key) for queue in queues)
    ahead += _let_by(hall, ticket) if ticket else 0
    free = any(hall.windows[w].ticket is None for w in windows)
    point = 0.0 if free and ahead == 0 else (ahead + 1) * _service_time_s(hall, service) / _lively(hall, windows)
    return Estimate(ahead, round(point), round(UPPER90 * max(point, SHORTEST_S)) if point else 0)


def _sent(hall: Hall, ticket: Ticket, window: str) -> Estimate:
    """Who was sent to a window waits for it alone, and only behind others that were sent there earlier."""
    able = routing.eligible(hall, window)
    others = (hall.tickets[name] for name in hall.sent[window])
    ahead = sum((t.arrival, t.seq) < (ticket.arrival, ticket.seq) for t in others if t.service in able)
    free = hall.windows[window].ticket is None and ahead == 0
    point = 0.0 if free else (ahead + 1) * _service_time_s(hall, ticket.service)
    return Estimate(ahead, round(point), round(UPPER90 * max(point, SHORTEST_S)) if point else 0)


def _let_by(hall: Hall, ticket: Ticket) -> int:
    """Who did not come lets some of those behind go first, as many as there are."""
    queue = hall.queues[ticket.service]
    behind = len(queue) - 1 - queue.before((ticket.arrival, ticket.seq, ticket.id))
    return max(0, min(ticket.pass_over, behind))


def _service_time_s(hall: Hall, service: str) -> float:
    prior = hall.service_by_id[service].norm_s
    times = hall.service_times
    return (sum(times) + PRIOR_WEIGHT * prior) / (len(times) + PRIOR_WEIGHT)


def _lively(hall: Hall, windows: tuple[str, ...]) -> int:
    def alive(window: str) -> bool:
        now = hall.windows[window]
        since = now.last_active if now.last_active is not None else hall.opened_at  # a day opens with all windows
        return now.ticket is not None or (since is not None and hall.at - since <= LIVELY_S)

    return max(1, sum(alive(window) for window in windows))
