"""The figures of a day by the dictionary of docs/figures.md: the same facts always give the same figures.

All of them belong to the business day on which a customer came; a percentile p is element ceil(p x n) of the sorted
list.
"""

from bisect import bisect_right, insort
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from math import ceil
from zoneinfo import ZoneInfo

from hall_server.core.figures.ledger import Promises, promises
from hall_server.core.figures.shares import share
from hall_server.core.figures.targets import Level, Target, level, stayed_s, targets
from hall_server.core.figures.visits import KEPT, SERVED, DayTold, Desk, Visit

LEVEL_S = 15 * 60  # the wait that a service level asks about, when nobody names another


@dataclass(frozen=True, slots=True)
class Times:
    """Some durations in seconds: how many, their sum, mean and percentiles. All None without any."""

    count: int
    sum_s: float
    mean_s: float | None = None
    p50_s: float | None = None
    p80_s: float | None = None
    p90_s: float | None = None
    p95_s: float | None = None
    max_s: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Those who came for one service, in one hour, or of one class; ``waiting`` of them still do."""

    name: str
    arrived: int
    served: int
    waits: Times
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """Who gave up, by how; ``share`` is per cent of those who came, ``waits`` how long they had waited."""

    cancelled: int
    no_show: int
    expired: int
    share: float | None
    no_show_share: float | None  # per cent of those who were called
    waits: Times


@dataclass(frozen=True, slots=True)
class Window:
    """A window's day: ``occupancy`` is per cent of the time in which it neither paused nor was redirected."""

    window: str
    served: int
    busy_s: float
    away_s: float
    idle_s: float
    occupancy: float | None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that is counted of a day."""

    day: str
    arrived: int
    served: int
    called: int
    waiting: int
    waits: Times
    at_once: int
    level: Level
    left: Left
    service: Times
    without_start: int
    walking: Times
    most_waiting: int
    most_at: float | None
    overtakes: int
    overtakes_same_service: int
    overtakes_by_cause: dict[str, int]
    rated: int
    rating: float | None
    promises: Promises
    promises_by_service: dict[str, Promises]
    targets: tuple[Target, ...]
    waiting_since: float | None  # the arrival of whoever has waited longest and still does
    by_service: tuple[Group, ...]
    by_class: tuple[Group, ...]
    by_hour: tuple[Group, ...]
    windows: tuple[Window, ...]
    steps: int = 0  # services given: more than customers served where one ticket was for several
    holds: int = 0
    reinstated: int = 0
    undone: int = 0
    returned: int = 0  # tickets of who came again with what was missing
    reviews: int = 0
    sent_back: int = 0  # from a review, to the window whose work it was
    by_hand: int = 0  # of those who came: numbers of a paper roll, entered later
    waits_by_hand: int = 0  # of the waits: as people remembered them
    kept: int = 0  # tickets that go on counting on the next day


def figures(day: DayTold, within_s: int = LEVEL_S) -> Figures:
    """The figures of one business day."""
    visits = list(day.visits.values())
    called = [visit for visit in visits if visit.wait_s is not None]
    chosen = [visit for visit in called if not visit.called_by_hand]  # nobody knows in which order the others were
    served = [visit for visit in visits if visit.outcome == SERVED]
    rated = [visit.rating for visit in visits if visit.rating is not None]
    zone = ZoneInfo(day.timezone)
    return Figures(
        day=day.day, arrived=len(visits), served=len(served), called=len(called), waiting=day.waiting,
        waits=times(waits(called)), at_once=sum(visit.wait_s == 0 for visit in called),
        level=level(visits, within_s), left=_left(visits, len(called)),
        service=times(seconds for visit in visits for seconds in visit.services_s),
        without_start=sum(visit.started_at is None for visit in served), walking=times(_walks(called)),
        most_waiting=day.most_waiting, most_at=day.most_at,
        overtakes=_inversions(chosen),
        overtakes_same_service=sum(_inversions(group) for group in _grouped(chosen, lambda v: v.service).values()),
        overtakes_by_cause=dict(_causes(called)),
        rated=len(rated), rating=round(sum(rated) / len(rated), 2) if rated else None, promises=promises(visits),
        promises_by_service={name: promises(group) for name, group in _grouped(visits, lambda v: v.service).items()},
        targets=tuple(targets(visits, day.services)),
        waiting_since=min((visit.came_at for visit in visits if visit.waiting), default=None),
        by_service=_groups(visits, lambda visit: visit.service), by_class=_groups(visits, lambda visit: visit.klass),
        by_hour=_groups(visits, lambda visit: f"{datetime.fromtimestamp(visit.came_at, zone):%H}:00"),
        windows=tuple(_window(name, desk, day) for name, desk in day.desks.items()),
        steps=sum(len(visit.services_s) for visit in visits), holds=sum(visit.holds for visit in visits),
        reinstated=sum(visit.reinstated for visit in visits), undone=sum(visit.undone for visit in visits),
        returned=sum(visit.returned for visit in visits), reviews=sum(visit.reviews for visit in visits),
        sent_back=sum(visit.sent_back for visit in visits),
        by_hand=sum(visit.by_hand or visit.called_by_hand for visit in visits),
        kept=sum(visit.outcome == KEPT for visit in visits),
        waits_by_hand=sum(visit.by_hand or visit.called_by_hand for visit in called),
    )  # fmt: skip


def waits(visits: Iterable[Visit]) -> Iterator[float]:
    """How long those who were called have waited."""
    return (visit.wait_s for visit in visits if visit.wait_s is not None)


def times(of: Iterable[float]) -> Times:
    """What one says of some durations."""
    found = sorted(of)
    if not found:
        return Times(0, 0.0)
    p50, p80, p90, p95 = (found[ceil(p * len(found) / 100) - 1] for p in (50, 80, 90, 95))
    total = sum(found)
    return Times(len(found), round(total, 3), round(total / len(found), 2), p50, p80, p90, p95, found[-1])


def overtakes(visits: Iterable[Visit]) -> Iterator[tuple[Visit, Visit]]:
    """Each pair in which the first one came earlier and was called later than the second; at once is neither."""
    before: list[Visit] = []
    for together in _by_call(visits):
        for visit in together:
            yield from ((visit, other) for other in before if other.place > visit.place)
        before += together


def _by_call(visits: Iterable[Visit]) -> Iterator[list[Visit]]:
    """Those who were called, moment by moment."""
    called = sorted((visit for visit in visits if visit.called_at is not None), key=lambda one: one.called_at or 0.0)
    return (list(together) for _, together in groupby(called, key=lambda one: one.called_at))


def waiting_at(day: DayTold, at: float) -> tuple[int, float]:
    """How many waited at a moment, and the longest of their waits until then."""
    there = [v for v in day.visits.values() if v.came_at <= at < _gone(v, day.ended_at)]
    return len(there), max((at - visit.since for visit in there), default=0.0)


def _gone(visit: Visit, end: float) -> float:
    return next((at for at in (visit.called_at, visit.ended_at) if at is not None), end)


def _inversions(visits: Iterable[Visit]) -> int:
    """The number of overtakes, without going through the pairs."""
    came: list[float] = []
    count = 0
    for together in _by_call(visits):
        count += sum(len(came) - bisect_right(came, visit.place) for visit in together)
        for visit in together:
            insort(came, visit.place)
    return count


def _causes(visits: Iterable[Visit]) -> Counter[str]:
    found: Counter[str] = Counter()
    for visit in visits:
        if visit.overtook:
            found[visit.why] += visit.overtook
    return found


def _walks(visits: Iterable[Visit]) -> Iterator[float]:
    for visit in visits:
        if visit.walked_s is not None:
            yield visit.walked_s


def _left(visits: Sequence[Visit], called: int) -> Left:
    gone = [visit for visit in visits if visit.gave_up]
    how = Counter(visit.outcome for visit in gone)
    return Left(
        how["cancelled"], how["no_show"], how["expired"], share(len(gone), len(visits)), share(how["no_show"], called),
        times(stayed_s(visit) for visit in gone),
    )  # fmt: skip


def _grouped(visits: Iterable[Visit], by: Callable[[Visit], str]) -> dict[str, list[Visit]]:
    groups: dict[str, list[Visit]] = {}
    for visit in visits:
        groups.setdefault(by(visit), []).append(visit)
    return groups


def _groups(visits: Iterable[Visit], by: Callable[[Visit], str]) -> tuple[Group, ...]:
    return tuple(
        Group(
            name,
            len(group),
            sum(visit.outcome == SERVED for visit in group),
            times(waits(group)),
            sum(visit.waiting for visit in group),
        )  # fmt: skip
        for name, group in _grouped(visits, by).items()
    )


def _window(name: str, desk: Desk, day: DayTold) -> Window:
    open_s = day.ended_at - day.opened_at - desk.away_s
    busy = round(100 * desk.busy_s / open_s, 2) if open_s > 0 else None
    return Window(name, desk.served, round(desk.busy_s, 3), round(desk.away_s, 3), round(desk.idle_s, 3), busy)
