"""When a hall is open by its calendar. Looks only; times are Unix seconds, days are those where the hall stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hall_server.core.calendar import Span, SpecialDays
from hall_server.core.config import HallConfig

NEWS_DAYS = 14  # pages announce a day off a week ahead, and may be a week old by then
AHEAD_DAYS = 62  # no holidays are longer; who is closed for longer says nothing of the next day


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch of time in which tickets are given out."""

    opens: float
    closes: float


def known(config: HallConfig) -> bool:
    """Whether anybody has said when the hall is open."""
    return bool(config.calendar.hours)


def day_of(config: HallConfig, now: float) -> date:
    """The day where the hall stands."""
    return datetime.fromtimestamp(now, ZoneInfo(config.timezone)).date()


def special(config: HallConfig, day: date) -> SpecialDays | None:
    """The days off or make-up days that a day belongs to."""
    return next((one for one in config.calendar.special if one.first <= day.isoformat() <= one.last), None)


def on(config: HallConfig, day: date, service: str = "") -> tuple[Opening, ...]:
    """The openings of a day, of the hall or of a service."""
    unlike = special(config, day)
    if unlike is not None and unlike.like is None and not unlike.spans:
        return ()
    weekday = unlike.like if unlike is not None and unlike.like is not None else day.weekday()
    found = _usual(config, day, weekday, service)
    if unlike is not None and unlike.spans:
        found = _both(found, unlike.spans) if found else unlike.spans
    zone = ZoneInfo(config.timezone)
    return tuple(Opening(_at(day, one.opens, zone), _at(day, one.closes, zone)) for one in found)


def _usual(config: HallConfig, day: date, weekday: int, service: str) -> tuple[Span, ...]:
    """A service without hours of its own has those of the hall."""
    rows = [h for h in config.calendar.hours if (h.first or "0") <= day.isoformat() <= (h.last or "9")]
    own = [h for h in rows if h.service == service] or [h for h in rows if not h.service]
    spans = (span for row in own if weekday in row.days for span in row.spans)
    return tuple(sorted(spans, key=lambda span: span.opens))


def _both(one: tuple[Span, ...], other: tuple[Span, ...]) -> tuple[Span, ...]:
    pairs = ((max(a.opens, b.opens), min(a.closes, b.closes)) for a in one for b in other)
    return tuple(Span(opens, closes) for opens, closes in pairs if opens < closes)


def _at(day: date, clock: str, zone: ZoneInfo) -> float:
    hours, _, minutes = clock.partition(":")
    late = hours == "24"
    local = datetime(day.year, day.month, day.day, 0 if late else int(hours), int(minutes), tzinfo=zone)
    return (local + timedelta(days=late)).timestamp()


def current(config: HallConfig, now: float, service: str = "") -> Opening | None:
    """The opening that runs now."""
    return next((one for one in on(config, day_of(config, now), service) if one.opens <= now < one.closes), None)


def following(config: HallConfig, now: float, service: str = "") -> Opening | None:
    """The next opening that has not begun; None when there is none in the next weeks."""
    today = day_of(config, now)
    days = (today + timedelta(days=ahead) for ahead in range(AHEAD_DAYS))
    return next((one for day in days for one in on(config, day, service) if one.opens > now), None)


def shown(config: HallConfig, now: float, service: str = "") -> tuple[Opening, ...]:
    """What a page has to know: all openings of today, and those of the next day that has some."""
    today = day_of(config, now)
    here = on(config, today, service)
    days = (today + timedelta(days=ahead) for ahead in range(1, AHEAD_DAYS))
    return (*here, *next((found for day in days if (found := on(config, day, service))), ()))


def unlike(config: HallConfig, now: float) -> Iterator[tuple[SpecialDays, tuple[Opening, ...]]]:
    """Days off and make-up days that run or come soon, each with the openings of its first day."""
    first, last = day_of(config, now).isoformat(), (day_of(config, now) + timedelta(days=NEWS_DAYS)).isoformat()
    for one in config.calendar.special:
        if one.first <= last and first <= one.last:
            yield one, on(config, date.fromisoformat(one.first))


def told(config: HallConfig, at: float, now: float) -> str:
    """A moment in words that need no language: the time, with the date unless it is today's."""
    local = datetime.fromtimestamp(at, ZoneInfo(config.timezone))
    return f"{local:%H:%M}" if local.date() == day_of(config, now) else f"{local:%Y-%m-%d %H:%M}"
