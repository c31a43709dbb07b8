"""Appointments as hallcall.toml says them: each [[appointment]] is a span of the day in which a service takes some."""

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StringConstraints

from hall_server.core import appointments as core
from hall_server.settings.checks import Raw, Where, rows
from hall_server.settings.tables import WEEKDAYS, Id, Table, Weekday

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class AppointmentSettings(Table):
    """Slots of a service: ``capacity`` customers each ``slot_min`` from ``opens`` to ``closes``."""

    service: Id
    opens: Clock
    closes: Clock
    slot_min: int = Field(default=30, ge=5, le=240)
    capacity: int = Field(default=1, ge=1, le=100)
    early_min: int = Field(default=core.EARLY_S // 60, ge=0, le=240)
    late_min: int = Field(default=core.LATE_S // 60, ge=0, le=240)
    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS


def slots_of(settings: Iterable[AppointmentSettings]) -> tuple[core.Slots, ...]:
    """The slots that rules read."""
    return tuple(
        core.Slots(
            s.service, _minutes(s.opens), _minutes(s.closes), s.slot_min, s.capacity, s.early_min * 60,
            s.late_min * 60, tuple(n for n, day in enumerate(WEEKDAYS, 1) if day in s.days),
        )
        for s in settings
    )  # fmt: skip


def appointment_checks(raw: Raw) -> list[tuple[Where, str]]:
    """Mistakes between the spans, with the place of each."""
    wrong: list[tuple[Where, str]] = []
    before: list[Raw] = []
    for number, row in rows(raw, "appointment"):
        opens, closes = row.get("opens"), row.get("closes")
        if not (isinstance(opens, str) and isinstance(closes, str)):
            continue  # the model names what is missing
        if closes <= opens:
            wrong.append((("appointment", number, "closes"), f"it closes at {closes}, before it opens at {opens}."))
        elif any(_meet(row, other) for other in before):
            wrong.append((("appointment", number), f"{row.get('service')!r} takes appointments then already."))
        before.append(row)
    return wrong


def _meet(one: Raw, other: Raw) -> bool:
    days = [set(map(str, row["days"])) if isinstance(row.get("days"), list) else set(WEEKDAYS) for row in (one, other)]
    same = one.get("service") == other.get("service") and days[0] & days[1]
    return bool(same) and one["opens"] < other["closes"] and other["opens"] < one["closes"]


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
