"""What the calendar's form asks of the settings: all its rows, of which only those that differ are written."""

from collections.abc import Callable
from datetime import date
from typing import Any

from hall_server.contract.admin import CalendarForm, HolidayForm, HoursForm, MakeupForm
from hall_server.register.adopting import Wish
from hall_server.register.lines import Change
from hall_server.register.rows import rows_changed
from hall_server.settings import Settings
from hall_server.settings.checks import Where

# field of the form, table of the file, keys in the order in which a person writes them
TABLES = (
    ("hours", "hours", ("service", "days", "spans", "first", "last")),
    ("holidays", "holiday", ("zh", "en", "first", "last", "spans")),
    ("makeups", "makeup", ("zh", "en", "day", "like")),
)
DATES = ("first", "last", "day")
NEEDED = ("zh", "en", "days", "like")  # an empty one is a mistake that has to be told


def sheet(settings: Settings) -> CalendarForm:
    """The calendar as its form shows it."""
    return CalendarForm(
        hours=tuple(
            HoursForm(
                row=n, service=one.service or "", days=one.days, spans=one.spans, first=_day(one.first),
                last=_day(one.last),
            )
            for n, one in enumerate(settings.hours)
        ),
        holidays=tuple(
            HolidayForm(
                row=n, zh=one.zh, en=one.en, first=_day(one.first), last=_day(one.last), spans=one.spans
            )
            for n, one in enumerate(settings.holiday)
        ),
        makeups=tuple(
            MakeupForm(row=n, zh=one.zh, en=one.en, day=_day(one.day), like=one.like)
            for n, one in enumerate(settings.makeup)
        ),
    )  # fmt: skip


def put(form: CalendarForm) -> Callable[[Settings], Wish]:
    """The calendar as wanted."""

    def wish(settings: Settings) -> Wish:
        changes: list[Change] = []
        fields: dict[Where, str] = {}
        for name, table, keys in TABLES:
            made, placed = rows_changed(table, getattr(form, name), getattr(sheet(settings), name), keys, _said)
            changes += made
            fields |= {(table, row): f"{name}.{number}" for row, number in placed.items()}
        return Wish(changes, fields)

    return wish


def _said(one: Any, key: str) -> Any:
    """A setting as the file says it; what is no day stays as it was typed, so that the mistake is told."""
    value = getattr(one, key)
    needed = key in NEEDED or (key == "first" and isinstance(one, HolidayForm)) or key == "day"
    needed = needed or (key == "spans" and isinstance(one, HoursForm))
    if not value and not needed:
        return None
    if key not in DATES:
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _day(day: date | None) -> str:
    return day.isoformat() if day is not None else ""
