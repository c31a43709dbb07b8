"""[[checklist]], [quick_return] and [pickup]: what a service needs, what clerks say, how long their codes are good."""

from collections import Counter
from typing import Any

from pydantic import Field

from hall_server.core import materials as core
from hall_server.core.pickups import PickUpRules
from hall_server.settings.checks import Raw, Where, rows
from hall_server.settings.tables import Id, ItemSettings, Table, Text

MOST_ITEMS = 20  # longer lists are ticked unread, and no paper is that long
MOST_REMINDERS = 5  # a clerk reads them with every customer


class MaterialSettings(Table):
    """Something that a service needs from its customer."""

    id: Id
    zh: Text
    en: Text


class ChecklistSettings(Table):
    """What a service needs, and what its clerks verify and say before they finish."""

    service: Id
    materials: tuple[MaterialSettings, ...] = Field(default=(), max_length=MOST_ITEMS)
    remind: tuple[ItemSettings, ...] = Field(default=(), max_length=MOST_REMINDERS)


class QuickReturnSettings(Table):
    """For how many days after today a code is good, and how much earlier its holder counts as come."""

    days: int = Field(default=7, ge=0, le=90)
    head_start_min: float = Field(default=5, ge=0, le=core.MOST_HEAD_START_S / 60)

    def known(self) -> core.QuickReturn:
        """The same as rules read it."""
        return core.QuickReturn(self.days, round(self.head_start_min * 60))


class PickUpSettings(Table):
    """For how many days what is ready can be fetched by its code, and whether the TV shows the ready numbers."""

    days: int = Field(default=30, ge=0, le=366)
    shown: bool = False

    def known(self) -> PickUpRules:
        """The same as rules read it."""
        return PickUpRules(self.days, self.shown)


def pickup_checks(raw: Raw) -> list[tuple[Where, str]]:
    """What would count for nothing."""
    if "pickup" not in raw or any("pickup" in row for _, row in rows(raw, "service")):
        return []
    return [(("pickup",), "no [[service]] says pickup, so nothing is ever fetched later.")]


def checklists_of(found: tuple[ChecklistSettings, ...]) -> tuple[core.Checklist, ...]:
    """The checklists that rules read."""
    return tuple(
        core.Checklist(
            one.service, tuple(core.Material(m.id, m.zh, m.en) for m in one.materials),
            tuple(core.Reminder(r.zh, r.en) for r in one.remind),
        )
        for one in found
    )  # fmt: skip


def checklist_checks(raw: Raw) -> list[tuple[Where, str]]:
    """What stands there twice, with the place of each."""
    lists = [(number, row) for number, row in rows(raw, "checklist")]
    services = Counter(str(row.get("service")) for _, row in lists)
    wrong: list[tuple[Where, str]] = []
    for number, row in lists:
        if services[str(row.get("service"))] > 1:
            wrong.append((("checklist", number, "service"), f"{row.get('service')!r} has two checklists: keep one."))
        twice = (name for name, times in Counter(_ids(row)).items() if times > 1)
        wrong += [(("checklist", number, "materials"), f"the material {name!r} stands here twice.") for name in twice]
    return wrong


def _ids(row: dict[str, Any]) -> list[str]:
    items = row.get("materials")
    return [str(one["id"]) for one in items if isinstance(one, dict) and "id" in one] if isinstance(items, list) else []
