"""Appointments: their states and moves, and the slots that a service offers by the clock where the hall stands."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EARLY_S = 30 * 60  # half an hour is about what a journey may take less than planned
LATE_S = 15 * 60  # whoever comes later finds the slot after theirs begun in most halls
WHOLE_WEEK = (1, 2, 3, 4, 5, 6, 7)

# move -> the states it may start from
MOVES: dict[str, frozenset[str]] = {
    "confirm": frozenset({"booked"}),
    "cancel": frozenset({"booked", "confirmed"}),
    "check_in": frozenset({"booked", "confirmed", "no_show"}),
    "miss": frozenset({"booked", "confirmed"}),
}


@dataclass(frozen=True, slots=True)
class Slots:
    """When a service takes appointments, and how many at each time; minutes count from midnight by the hall's clock.

    Checked in from ``early_s`` before its time to ``late_s`` after it, an appointment counts as come at its time.
    """

    service: str
    opens_min: int
    closes_min: int
    slot_min: int = 30
    capacity: int = 1
    early_s: int = EARLY_S
    late_s: int = LATE_S
    weekdays: tuple[int, ...] = WHOLE_WEEK

    def has(self, local: datetime, weekday: int) -> bool:
        """Whether one of its slots begins then, on a day that counts as this weekday."""
        minute = local.hour * 60 + local.minute
        fits = self.opens_min <= minute <= self.closes_min - self.slot_min
        whole = not (minute - self.opens_min) % self.slot_min and not local.second and not local.microsecond
        return fits and whole and weekday in self.weekdays


@dataclass(frozen=True, slots=True)
class Appointment:
    """Somebody is expected: for what, when (Unix seconds), and what became of it; who it is no fact knows.

    The state is booked | confirmed | cancelled | checked_in | no_show; ``ticket`` is the one given out for it.
    """

    id: str
    service: str
    at: float
    state: str = "booked"
    ticket: str | None = None


def local(at: float, timezone: str) -> datetime:
    """A moment by the hall's clock."""
    return datetime.fromtimestamp(at, ZoneInfo(timezone))


def moment(day: date, clock: time, timezone: str) -> float | None:
    """Unix seconds of a time by the hall's clock; None when that clock skips it."""
    at = datetime.combine(day, clock, ZoneInfo(timezone)).timestamp()
    return at if local(at, timezone).replace(tzinfo=None) == datetime.combine(day, clock) else None


def day_span(day: date, timezone: str) -> tuple[float, float]:
    """From when to when a calendar day lasts by the hall's clock, in Unix seconds."""
    zone, midnight = ZoneInfo(timezone), time()
    following = day + timedelta(days=1)
    return datetime.combine(day, midnight, zone).timestamp(), datetime.combine(following, midnight, zone).timestamp()
