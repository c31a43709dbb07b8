"""How many will come, half hour by half hour, judged by the same weekday of the weeks before, and the windows needed.

The windows come from Erlang C: customers at random, services of random length. Services that share a window are
reckoned as one line before all of their windows, which is right as far as those windows serve all of them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hall_server.core.figures.theory import Load, waits_longer
from hall_server.core.hall import Hall
from hall_server.core.policy.learning import service_time_s

WEEKS = 8  # looked back: long enough for a mean, short enough to follow the season
SLOT_MIN = 30
SLOTS = 24 * 60 // SLOT_MIN


@dataclass(frozen=True, slots=True)
class Demand:
    """A service: how long one takes now, how long people should wait, and which share of them."""

    service: str
    zh: str
    en: str
    service_s: float
    target_s: int
    share: int
    windows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a forecast needs of the hall."""

    timezone: str
    services: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody came: on which business day (YYYY-MM-DD), when (Unix seconds), what for."""

    day: str
    at: float
    service: str


@dataclass(frozen=True, slots=True)
class Slot:
    """Half an hour from ``begins`` (HH:MM): the mean of the days, the fewest and the most, and windows proposed.

    ``enough`` is False when all windows of the hall would not reach the target.
    """

    begins: str
    mean: float
    low: int
    high: int
    by_service: dict[str, float]
    windows: int
    enough: bool


@dataclass(frozen=True, slots=True)
class Weekday:
    """How many come on a weekday (0: Monday) in each hour, as the mean of so many days."""

    weekday: int
    days: int
    by_hour: dict[str, float]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A day's demand from ``days`` before it; without any, nothing is known and there are no slots."""

    day: str
    days: tuple[str, ...]
    windows: int
    services: tuple[Demand, ...]
    slots: tuple[Slot, ...]
    week: tuple[Weekday, ...]


@dataclass(frozen=True, slots=True)
class Staffing:
    """Windows that call now, and needed in this half hour and the next; ``spare`` of them have nothing to do.

    ``which`` could open, or (when some are to spare) close.
    """

    open: int
    needed: int
    spare: int
    short: int
    until: str
    which: tuple[str, ...] = ()


def basis(hall: Hall) -> Basis:
    """What the hall knows now."""
    homes = {s.id: tuple(w.id for w in hall.config.windows if s.id in w.services) for s in hall.config.services}
    return Basis(
        hall.config.timezone,
        tuple(
            Demand(s.id, s.zh, s.en, round(service_time_s(hall, s.id), 1), s.target_s, s.target_share, homes[s.id])
            for s in hall.config.services
        ),
    )


def first_day(day: str) -> str:
    """The first one that a forecast of this day looks at."""
    return (date.fromisoformat(day) - timedelta(weeks=WEEKS)).isoformat()


def forecast(day: str, known: Basis, days: Iterable[str], came: Iterable[Came]) -> Forecast:
    """The demand of a day; ``days`` are the business days before it that were looked at."""
    zone, dates = ZoneInfo(known.timezone), sorted(set(days))
    like = tuple(one for one in dates if date.fromisoformat(one).weekday() == date.fromisoformat(day).weekday())
    slots: Counter[tuple[str, int, str]] = Counter()
    hours: Counter[tuple[int, int]] = Counter()
    for one in came:
        local = datetime.fromtimestamp(one.at, zone)
        slots[one.day, (local.hour * 60 + local.minute) // SLOT_MIN, one.service] += 1
        hours[date.fromisoformat(one.day).weekday(), local.hour] += 1
    busy = sorted({slot for on, slot, _ in slots if on in like})
    groups = _groups(known.services)
    return Forecast(
        day=day, days=like, windows=len({w for one in known.services for w in one.windows}), services=known.services,
        slots=tuple(_slot(slot, like, slots, groups) for slot in range(busy[0], busy[-1] + 1)) if busy else (),
        week=tuple(_weekday(n, dates, hours) for n in range(7)),
    )  # fmt: skip


def _slot(slot: int, days: Sequence[str], came: Counter[tuple[str, int, str]], groups: Sequence[list[Demand]]) -> Slot:
    services = [one.service for group in groups for one in group]
    totals = [sum(came[day, slot, service] for service in services) for day in days]
    means = {service: round(sum(came[day, slot, service] for day in days) / len(days), 2) for service in services}
    found = [_windows(group, means) for group in groups]
    return Slot(
        clock(slot), round(sum(totals) / len(days), 2), min(totals), max(totals), means,
        sum(count for count, _ in found), all(enough for _, enough in found),
    )  # fmt: skip


def _weekday(number: int, dates: Iterable[str], hours: Mapping[tuple[int, int], int]) -> Weekday:
    days = sum(date.fromisoformat(one).weekday() == number for one in dates)
    busy = sorted(hour for on, hour in hours if on == number)
    return Weekday(number, days, {f"{hour:02}:00": round(hours[number, hour] / days, 1) for hour in busy if days})


def clock(slot: int) -> str:
    """When a half hour begins, HH:MM."""
    hour, minute = divmod(slot * SLOT_MIN, 60)
    return f"{hour:02}:{minute:02}"


def _groups(services: Iterable[Demand]) -> list[list[Demand]]:
    """Services that share windows, directly or by way of others, stand in one line."""
    groups: list[list[Demand]] = []
    for one in services:
        mine = [group for group in groups if any(set(one.windows) & set(other.windows) for other in group)]
        groups = [group for group in groups if group not in mine] + [
            [other for group in mine for other in group] + [one]
        ]
    return groups


def _windows(group: Sequence[Demand], means: Mapping[str, float]) -> tuple[int, bool]:
    """The fewest windows with which each service of the line reaches its target; False: not even all do."""
    came = sum(means[one.service] for one in group)
    most = len({window for one in group for window in one.windows})
    if not came:
        return 0, True
    service_min = sum(means[one.service] * one.service_s for one in group) / came / 60
    for count in range(1, most + 1):
        load = Load(came / SLOT_MIN, service_min, count)
        if load.spare > 0 and all(waits_longer(load, one.target_s / 60) <= 1 - one.share / 100 for one in group):
            return count, True
    return most, False


def staffing(found: Forecast, at: float, zone: str, calling: int, idle: int) -> Staffing | None:
    """Whether windows could close now, or should open; None: nothing is known of this half hour."""
    local = datetime.fromtimestamp(at, ZoneInfo(zone))
    slot = (local.hour * 60 + local.minute) // SLOT_MIN
    near = [one for one in found.slots if one.begins in (clock(slot), clock(slot + 1))]
    if not near:
        return None
    needed = max(one.windows for one in near)
    return Staffing(calling, needed, max(0, min(idle, calling - needed)), max(0, needed - calling), clock(slot + 2))
