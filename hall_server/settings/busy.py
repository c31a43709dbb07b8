"""Crowds and the duty roster as hallcall.toml says them, and what can be wrong between their rows."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hall_server.core import busy as core
from hall_server.settings.checks import Raw, Where, meant, rows
from hall_server.settings.tables import WEEKDAYS, Id, Table, Weekday

Mistakes = list[tuple[Where, str]]
Person = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class CrowdSettings(Table):
    """Too full is a service (none named: the hall) from so many waiting on, or when the wait is longer."""

    service: Id | None = None
    waiting: int = Field(default=0, ge=0, le=100_000)
    wait_min: int = Field(default=0, ge=0, le=1440)
    stop: bool = True


class DutySettings(Table):
    """Who is on duty in a role: on some weekdays, perhaps for a while, perhaps at a window."""

    role: Literal["clerk", "concierge", "manager", "maintenance"]
    who: tuple[Person, ...] = Field(min_length=1)
    days: tuple[Weekday, ...] = ()
    first: date | None = None
    last: date | None = None
    window: Id | None = None


def crowds_of(settings: Iterable[CrowdSettings]) -> tuple[core.CrowdRule, ...]:
    """The limits that rules read."""
    return tuple(core.CrowdRule(s.service or "", s.waiting, s.wait_min * 60, s.stop) for s in settings)


def roster_of(settings: Iterable[DutySettings]) -> tuple[core.Duty, ...]:
    """The roster that views read."""
    return tuple(
        core.Duty(
            s.role, s.who, tuple(map(WEEKDAYS.index, s.days)), s.first.isoformat() if s.first else "",
            s.last.isoformat() if s.last else "", s.window or "",
        )
        for s in settings
    )  # fmt: skip


def busy_checks(raw: Raw) -> Mistakes:
    """Mistakes between the rows, with the place of each."""
    return [*_crowds(raw), *_duties(raw)]


def _crowds(raw: Raw) -> Mistakes:
    services, day = [str(row.get("id")) for _, row in rows(raw, "service")], raw.get("day")
    seen: set[object] = {None} if isinstance(day, dict) and day.get("crowd") else set()
    wrong: Mistakes = []
    for number, row in rows(raw, "crowd"):
        service = row.get("service")
        if isinstance(service, str) and service not in services:
            wrong.append((("crowd", number, "service"), f"there is no service {service!r}.{meant(service, services)}"))
        elif service in seen:
            wrong.append((("crowd", number), f"{service or 'the hall'} has a limit already."))
        if not row.get("waiting") and not row.get("wait_min"):
            wrong.append((("crowd", number), "say when it is too full: waiting, wait_min, or both."))
        seen.add(service if isinstance(service, str) else None)
    return wrong


def _duties(raw: Raw) -> Mistakes:
    windows, wrong = [str(row.get("id")) for _, row in rows(raw, "window")], Mistakes()
    for number, row in rows(raw, "duty"):
        window, first, last = row.get("window"), row.get("first"), row.get("last")
        if isinstance(window, str) and window not in windows:
            wrong.append((("duty", number, "window"), f"there is no window {window!r}.{meant(window, windows)}"))
        if isinstance(first, date) and isinstance(last, date) and last < first:
            wrong.append((("duty", number, "last"), "it ends before it begins."))
    return wrong
