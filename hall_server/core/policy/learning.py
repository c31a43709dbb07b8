"""What a hall learns of itself for its estimates: how long services take, and how far waits stray from estimates."""

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass
from math import ceil

from hall_server.core.hall import SAMPLES, Hall
from hall_server.core.tickets import Ticket

PRIOR_WEIGHT = 20  # what is known from before today counts as this many finished services
ENOUGH_SERVICES = 30  # finished ever: with fewer the service's norm is the better guess
NEW_DAY = 0.3  # the weight of a day's mean in what the next day begins with
ENOUGH_SAMPLES = 200  # waits: with fewer a quantile of 90 % is chance
SHORTEST_S = 5.0  # a bound is never built on less than this
FACTORS = {80: 2.17, 90: 3.19}  # quantiles of actual / estimate, measured on a bank's fortnight, until we have our own


@dataclass(frozen=True, slots=True)
class Prior:
    """The service time with which a service begins the next day."""

    service: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Learnt:
    """What outlives the night: finished services ever, and the newest ratios of actual wait to estimate."""

    priors: tuple[Prior, ...] = ()
    finished: int = 0
    ratios: tuple[float, ...] = ()


def service_time_s(hall: Hall, service: str) -> float:
    """How long a service takes now: the last ones of today, held by what was known before."""
    norm = hall.service_by_id[service].norm_s
    prior = hall.priors.get(service, norm) if hall.finished >= ENOUGH_SERVICES else norm
    times = hall.service_times
    return (sum(times) + PRIOR_WEIGHT * prior) / (len(times) + PRIOR_WEIGHT)


def factor(hall: Hall, percent: int) -> float:
    """So many times the estimate is the wait at most, ``percent`` times in a hundred."""
    order = hall.ratios_sorted
    return order[ceil(len(order) * percent / 100) - 1] if len(order) >= ENOUGH_SAMPLES else FACTORS[percent]


def served(hall: Hall, ticket: Ticket, at: float) -> None:
    """Fold: a service is over; whoever had to wait for it shows what the estimate was worth."""
    seconds = _seconds(ticket, at)
    if seconds is None:
        return
    hall.service_times.append(seconds)
    count, total = hall.today.get(ticket.service, (0, 0.0))
    hall.today[ticket.service] = count + 1, total + seconds
    ratio = _ratio(ticket)
    if ratio is not None:
        sample(hall, ratio)


def unserved(hall: Hall, before: Ticket, at: float) -> None:
    """Fold: what was learnt of a service that turns out not to be over is forgotten."""
    seconds, ratio = _seconds(before, at), _ratio(before)
    if seconds is None:
        return
    _forget(hall.service_times, seconds)
    count, total = hall.today[before.service]
    hall.today[before.service] = count - 1, total - seconds
    if ratio is not None and _forget(hall.ratios, ratio):
        del hall.ratios_sorted[bisect_left(hall.ratios_sorted, ratio)]


def _forget(seen: deque[float], one: float) -> bool:
    """Not simply the last: others may have finished since. Whether it was still among those that are kept."""
    if one not in seen:
        return False
    del seen[len(seen) - 1 - list(reversed(seen)).index(one)]
    return True


def _seconds(ticket: Ticket, at: float) -> float | None:
    """How long it was served, times on hold left out; from its call where nobody presses *start*."""
    begun = ticket.started_at if ticket.started_at is not None else ticket.called_at
    return None if begun is None else ticket.served_s + max(0.0, at - begun)


def _ratio(ticket: Ticket) -> float | None:
    """Its wait over its estimate, if it had both and waited once, in one piece."""
    waited_s = (ticket.called_at or ticket.came_at) - ticket.came_at  # a promise counts from check-in
    if ticket.apart or ticket.wait_quoted is None or waited_s <= 0:
        return None
    return round(waited_s / max(ticket.wait_quoted[0], SHORTEST_S), 3)


def sample(hall: Hall, ratio: float) -> None:
    """Fold: one more wait that has turned out so many times as long as it was told."""
    if len(hall.ratios) == SAMPLES:
        del hall.ratios_sorted[bisect_left(hall.ratios_sorted, hall.ratios[0])]
    hall.ratios.append(ratio)
    insort(hall.ratios_sorted, ratio)


def learnt(hall: Hall) -> Learnt:
    """What the next day begins with."""
    today = {name: total / count for name, (count, total) in hall.today.items() if count}
    before = {name: hall.priors.get(name, one.norm_s) for name, one in hall.service_by_id.items()}
    priors = {name: (1 - NEW_DAY) * was + NEW_DAY * today.get(name, was) for name, was in before.items()}
    known = tuple(
        Prior(name, round(seconds, 3)) for name, seconds in priors.items() if name in {**hall.priors, **today}
    )
    return Learnt(known, hall.finished + sum(count for count, _ in hall.today.values()), tuple(hall.ratios))


def remember(hall: Hall, what: Learnt) -> None:
    """Fold: a new day knows what the days before have learnt."""
    hall.priors = {prior.service: prior.seconds for prior in what.priors}
    hall.finished = what.finished
    for ratio in what.ratios:
        sample(hall, ratio)
