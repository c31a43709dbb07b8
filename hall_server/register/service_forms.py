"""What a service's form asks of the settings: its row, its checklist, and what goes with a service that goes."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from hall_server.contract.admin import MaterialForm, ServiceForm, ServiceSheet
from hall_server.register.adopting import NotAdopted, Wish, Wrong
from hall_server.register.lines import Add, Change, Drop, Put
from hall_server.settings import Settings

KEYS = ("zh", "en", "prefix", "icon", "norm_min", "target_min", "target_share", "group")
OF_ONE = ("hours", "appointment", "crowd", "checklist")  # rows that are about one service alone
USUAL_ICON = "ticket"
LONGEST_ID = 24  # of a material that nobody named


def sheets(settings: Settings) -> tuple[ServiceSheet, ...]:
    """All services as forms show them."""
    return tuple(_sheet(settings, one.id) for one in settings.service)


def _sheet(settings: Settings, name: str) -> ServiceSheet:
    one = next(one for one in settings.service if one.id == name)
    number = _checklist(settings, name)
    lists = {} if number is None else settings.checklist[number].model_dump(include={"materials", "remind"})
    values = one.model_dump(include={"id", *KEYS, "offered"})
    return ServiceSheet.model_validate({**values, "group": one.group or "", **lists})


def put(name: str, form: ServiceForm) -> Callable[[Settings], Wish]:
    """Change a service."""

    def wish(settings: Settings) -> Wish:
        row = _row(settings, name)
        now = settings.service[row]
        values = {key: _said(getattr(form, key)) for key in KEYS if _said(getattr(form, key)) != getattr(now, key)}
        if form.offered != now.offered:
            values["offered"] = form.offered
        return _wish(settings, name, form, row, [Put("service", row, values)] if values else [])

    return wish


def add(name: str, form: ServiceForm) -> Callable[[Settings], Wish]:
    """A service more."""

    def wish(settings: Settings) -> Wish:
        if any(one.id == name for one in settings.service):
            raise NotAdopted("settings_refused", [Wrong("id", "id_taken")])
        values = {"id": name} | {key: _said(getattr(form, key)) for key in KEYS}
        values |= {} if form.offered else {"offered": False}
        order = ("id", "prefix", *values)
        written = {key: values.get(key) for key in order} | {"prefix": form.prefix}
        return _wish(settings, name, form, len(settings.service), [Add("service", written)])

    return wish


def drop(name: str) -> Callable[[Settings], Wish]:
    """A service goes, and with it everything that is about it alone."""

    def wish(settings: Settings) -> Wish:
        row = _row(settings, name)
        prefix = settings.service[row].prefix
        shared = any(one.prefix == prefix for one in settings.service if one.id != name)
        gone = [Drop(table, n) for table in OF_ONE for n, one in _rows(settings, table) if one.service == name]
        gone += [Drop("series", n) for n, one in _rows(settings, "series") if one.prefix == prefix and not shared]
        later = sorted((*gone, Drop("service", row)), key=lambda one: -one.row)
        return Wish([*_without(settings, name), *later])

    return wish


def _without(settings: Settings, name: str) -> list[Change]:
    """The rows that name a service among others, without it. Raises ``NotAdopted`` where nothing would be left."""
    lists = (("window", "services", "window_empty"), ("clerk", "skills", "clerk_empty"))
    found: list[Change] = []
    empty: list[Wrong] = []
    for table, key, code in lists:
        for number, one in _rows(settings, table):
            if name in getattr(one, key):
                left = tuple(other for other in getattr(one, key) if other != name)
                found.append(Put(table, number, {key: left}))
                empty += [] if left else [Wrong("", code, one.id)]
    for key in ("pickup", "review"):
        found += [Put("service", n, {key: None}) for n, one in _rows(settings, "service") if getattr(one, key) == name]
    if empty:
        raise NotAdopted("settings_refused", empty)
    return found


def _rows(settings: Settings, table: str) -> Iterable[tuple[int, Any]]:
    return enumerate(getattr(settings, table))


def _row(settings: Settings, name: str) -> int:
    row = next((number for number, one in enumerate(settings.service) if one.id == name), None)
    if row is None:
        raise NotAdopted("unknown_service")
    return row


def _said(value: Any) -> Any:
    return None if value == "" else value


def _wish(settings: Settings, name: str, form: ServiceForm, row: int, changes: list[Change]) -> Wish:
    number = _checklist(settings, name)
    lists: dict[str, Any] = {
        "materials": _named(form.materials), "remind": [one.model_dump() for one in form.remind]
    }  # fmt: skip
    wanted = {key: value or None for key, value in lists.items()}
    if number is None:
        changes += [Add("checklist", {"service": name, **wanted})] if any(lists.values()) else []
    else:
        now = settings.checklist[number].model_dump(mode="json", include={"materials", "remind"})
        differing = {key: value for key, value in wanted.items() if (value or []) != now[key]}
        if not any(lists.values()):
            changes.append(Drop("checklist", number))
        elif differing:
            changes.append(Put("checklist", number, differing))
    checklist = len(settings.checklist) if number is None else number
    return Wish(changes, {("service", row): ""} | {("checklist", checklist, key): key for key in lists})


def _checklist(settings: Settings, name: str) -> int | None:
    return next((number for number, one in enumerate(settings.checklist) if one.service == name), None)


def _named(forms: tuple[MaterialForm, ...]) -> list[dict[str, str]]:
    """Materials with their ids; a new one is called by its English name."""
    taken = {one.id for one in forms if one.id}
    rows = []
    for one in forms:
        name = one.id or _free(one.en, taken)
        taken.add(name)
        rows.append({"id": name, "zh": one.zh, "en": one.en})
    return rows


def _free(words: str, taken: set[str]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:LONGEST_ID] or "item"
    return next(one for one in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)
