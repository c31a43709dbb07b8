"""The calendar and the rules of the day, as hallcall.toml says them, and what can be wrong between their rows."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from hall_server.core import calendar as core
from hall_server.settings.checks import Raw, Where, meant, rows
from hall_server.settings.tables import WEEKDAYS, Id, Table, Text, Weekday

Mistakes = list[tuple[Where, str]]
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]"
SpanText = Annotated[str, StringConstraints(pattern=rf"^{_CLOCK}-({_CLOCK}|24:00)$")]
Spans = Annotated[tuple[SpanText, ...], Field(min_length=1, max_length=6)]  # more is a mistake in typing


class HoursSettings(Table):
    """Opening hours on some weekdays, of the hall or of one service, perhaps for a part of the year."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    spans: Spans
    service: Id | None = None
    first: date | None = None
    last: date | None = None


class HolidaySettings(Table):
    """Days off; with ``spans`` shorter days."""

    zh: Text
    en: Text
    first: date
    last: date | None = None
    spans: Annotated[tuple[SpanText, ...], Field(max_length=6)] = ()


class MakeupSettings(Table):
    """A day on which the hall works as on another weekday."""

    zh: Text
    en: Text
    day: date
    like: Weekday


class DaySettings(Table):
    """Leaving a window, draining, the last ticket, crowds, idle windows."""

    leave: Literal["inform", "cover", "approval"] = "inform"
    drain_min: int = Field(default=15, ge=0, le=120)
    duty_windows: tuple[str, ...] = ()
    stop_early: bool = False
    crowd: int = Field(default=0, ge=0, le=100_000)
    idle_min: int = Field(default=5, ge=0, le=240)
    overnight: Literal["expire", "carry"] = "expire"
    release_min: int = Field(default=5, ge=0, le=240)

    def rules(self) -> core.DayRules:
        """The same as rules read it."""
        return core.DayRules(
            self.leave, self.drain_min, self.duty_windows, self.stop_early, self.crowd, self.idle_min,
            self.overnight, self.release_min,
        )  # fmt: skip


class ClerkSettings(Table):
    """Somebody who serves at windows, their number, and what they can do; who has no ``skills`` can do everything."""

    id: Id
    skills: tuple[Id, ...] = Field(default=(), min_length=1)
    number: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,8}$")] = ""


def calendar_of(
    hours: tuple[HoursSettings, ...], holidays: tuple[HolidaySettings, ...], makeups: tuple[MakeupSettings, ...]
) -> core.Calendar:
    """The calendar that rules read."""
    return core.Calendar(
        tuple(
            core.Hours(
                tuple(map(WEEKDAYS.index, h.days)), spans_of(h.spans), h.service or "",
                h.first.isoformat() if h.first else "", h.last.isoformat() if h.last else "",
            )
            for h in hours
        ),
        (
            *(_special_days(m.zh, m.en, m.day, m.day, like=WEEKDAYS.index(m.like)) for m in makeups),
            *(_special_days(h.zh, h.en, h.first, h.last or h.first, spans=spans_of(h.spans)) for h in holidays),
        ),
    )  # fmt: skip


def _special_days(zh: str, en: str, first: date, last: date, **unlike: Any) -> core.SpecialDays:
    return core.SpecialDays(zh, en, first.isoformat(), last.isoformat(), **unlike)


def spans_of(texts: tuple[str, ...]) -> tuple[core.Span, ...]:
    return tuple(core.Span(*text.split("-")) for text in texts)


def calendar_checks(raw: Raw) -> Mistakes:
    """Everything that is wrong between rows, with the place of each."""
    return [*_orders(raw), *_overlaps(raw), *_special(raw), *_named(raw), *_twice(raw), *_hasty(raw)]


def _span_rows(raw: Raw) -> Iterator[tuple[Where, list[tuple[str, str]]]]:
    for table in ("hours", "holiday"):
        for number, row in rows(raw, table):
            texts = row.get("spans")
            pairs = [one.split("-") for one in texts if isinstance(one, str)] if isinstance(texts, list) else []
            yield (table, number, "spans"), [(pair[0], pair[1]) for pair in pairs if len(pair) == 2]


def _orders(raw: Raw) -> Mistakes:
    wrong: Mistakes = []
    for where, spans in _span_rows(raw):
        wrong += [(where, f"{a}-{b} ends before it begins.") for a, b in spans if a >= b]
        both = pairwise(sorted(spans))
        wrong += [(where, f"{a}-{b} and {c}-{d} overlap.") for (a, b), (c, d) in both if c < b and a < b and c < d]
    for table in ("hours", "holiday"):
        for number, row in rows(raw, table):
            if isinstance(row.get("first"), date) and isinstance(row.get("last"), date) and row["last"] < row["first"]:
                wrong.append(((table, number, "last"), "it ends before it begins."))
    return wrong


def _overlaps(raw: Raw) -> Mistakes:
    """Two rows for the same weekday of the same service at the same time of the year: which one counts?"""
    wrong: Mistakes = []
    seen: list[tuple[int, Any, set[Any], str, str]] = []
    for number, row in rows(raw, "hours"):
        days = (
            {one for one in row.get("days", []) if isinstance(one, str)} if isinstance(row.get("days"), list) else set()
        )
        first, last, service = str(row.get("first", "0")), str(row.get("last", "9")), row.get("service")
        for other, of, their, begins, ends in seen:
            common = [name for name in WEEKDAYS if name in days & their]
            if of == service and common and first <= ends and begins <= last:
                wrong.append((("hours", number, "days"), f"{', '.join(common)} stand in row {other + 1} as well."))
        seen.append((number, service, days, first, last))
    return wrong


def _special(raw: Raw) -> Mistakes:
    """A day is one thing; and where no hours are written, no day is unlike the others."""
    wrong: Mistakes = []
    taken: Counter[str] = Counter()
    for table, first, last in (("makeup", "day", "day"), ("holiday", "first", "last")):
        for number, row in rows(raw, table):
            if not rows_of(raw, "hours"):
                wrong.append(((table, number), "there are no [[hours]] that it could change."))
            begins, ends = row.get(first), row.get(last, row.get(first))
            if not isinstance(begins, date) or not isinstance(ends, date) or (ends - begins).days > 366:
                continue
            days = [date.fromordinal(n).isoformat() for n in range(begins.toordinal(), ends.toordinal() + 1)]
            clash = next((day for day in days if taken[day]), None)
            if clash:
                wrong.append(((table, number, first), f"{clash} stands in the calendar already."))
            taken.update(days)
    return wrong


def rows_of(raw: Raw, table: str) -> list[Raw]:
    """The rows of a table without their numbers."""
    return [row for _, row in rows(raw, table)]


def _named(raw: Raw) -> Mistakes:
    services = [str(row.get("id")) for row in rows_of(raw, "service")]
    windows = [str(row.get("id")) for row in rows_of(raw, "window")]
    wrong: Mistakes = [
        (("hours", number, "service"), f"there is no service {row['service']!r}.{meant(row['service'], services)}")
        for number, row in rows(raw, "hours")
        if isinstance(row.get("service"), str) and row["service"] not in services
    ]
    for number, row in rows(raw, "clerk"):
        skills = row.get("skills")
        for name in skills if isinstance(skills, list) else []:
            if isinstance(name, str) and name not in services:
                wrong.append((("clerk", number, "skills"), f"there is no service {name!r}.{meant(name, services)}"))
    own = [row for row in rows_of(raw, "hours") if "service" in row]
    if own and len(own) == len(rows_of(raw, "hours")):
        wrong.append((("hours", 0), "write the hours of the hall too: [[hours]] without a service."))
    day = raw.get("day")
    duty = day.get("duty_windows") if isinstance(day, dict) else None
    for name in duty if isinstance(duty, list) else []:
        if isinstance(name, str) and name not in windows:
            wrong.append((("day", "duty_windows"), f"there is no window {name!r}.{meant(name, windows)}"))
    return wrong


def _twice(raw: Raw) -> Mistakes:
    hall = raw.get("hall")
    if isinstance(hall, dict) and hall.get("opens") and rows_of(raw, "hours"):
        return [(("hall", "opens"), "[[hours]] say when the hall opens: keep only those.")]
    return []


def _hasty(raw: Raw) -> Mistakes:
    day = raw.get("day")
    if isinstance(day, dict) and day.get("release_min") == 1:
        return [(("day", "release_min"), "a minute without a network is no reason: write at least 2, or 0 for never.")]
    return []
