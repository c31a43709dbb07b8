"""What a window's form asks of the settings: its row, its signs, and whether it calls to the end."""

from collections.abc import Callable

from hall_server.contract.admin import Choice, WindowForm, WindowSheet
from hall_server.register.adopting import NotAdopted, Wish, Wrong
from hall_server.register.lines import Add, Change, Drop, Put
from hall_server.settings import Settings


def sheets(settings: Settings) -> tuple[WindowSheet, ...]:
    """All windows as forms show them."""
    return tuple(
        WindowSheet(
            id=one.id, services=one.services, printers=one.printers, duty=one.id in settings.day.duty_windows,
            signs=tuple(d.id for d in settings.device if d.kind == "sign" and d.window == one.id),
        )
        for one in settings.window
    )  # fmt: skip


def devices(settings: Settings, kind: str) -> tuple[Choice, ...]:
    """What a form may name."""
    return tuple(Choice(id=one.id, zh=one.zh, en=one.en) for one in settings.device if one.kind == kind)


def put(name: str, form: WindowForm) -> Callable[[Settings], Wish]:
    """Change a window."""

    def wish(settings: Settings) -> Wish:
        row = _row(settings, name)
        now = settings.window[row]
        values = {"services": form.services} if form.services != now.services else {}
        values |= {"printers": form.printers or ()} if form.printers != now.printers else {}
        changes: list[Change] = [Put("window", row, {key: value or _none(key) for key, value in values.items()})]
        return Wish([*(changes if values else []), *_around(settings, name, form)], {("window", row): ""})

    return wish


def add(name: str, form: WindowForm) -> Callable[[Settings], Wish]:
    """A window more."""

    def wish(settings: Settings) -> Wish:
        if any(one.id == name for one in settings.window):
            raise NotAdopted("settings_refused", [Wrong("id", "window_taken")])
        fresh = Add("window", {"id": name, "services": form.services, "printers": form.printers or None})
        return Wish([fresh, *_around(settings, name, form)], {("window", len(settings.window)): ""})

    return wish


def drop(name: str) -> Callable[[Settings], Wish]:
    """A window goes; what stands at it has to be moved first, by hand."""

    def wish(settings: Settings) -> Wish:
        return Wish([*_duty(settings, name, False), Drop("window", _row(settings, name))])

    return wish


def _none(key: str) -> tuple[str, ...] | None:
    """Without services a window is a mistake that has to be told; without printers it just has none."""
    return () if key == "services" else None


def _around(settings: Settings, name: str, form: WindowForm) -> list[Change]:
    """Signs that come or go, and the list of windows that call to the end."""
    if strangers := set(form.signs) - {one.id for one in devices(settings, "sign")}:
        raise NotAdopted("settings_refused", [Wrong("signs", "unknown_sign", one) for one in sorted(strangers)])
    found: list[Change] = []
    for number, one in enumerate(settings.device):
        if one.kind == "sign" and one.id in form.signs and one.window != name:
            found.append(Put("device", number, {"window": name, "kiosk": None}))
        elif one.kind == "sign" and one.id not in form.signs and one.window == name:
            found.append(Put("device", number, {"window": None, "on_fault": None}))
    return [*found, *_duty(settings, name, form.duty)]


def _duty(settings: Settings, name: str, wanted: bool) -> list[Change]:
    """The list of windows that call to the end, with this one or without."""
    now = settings.day.duty_windows
    if wanted == (name in now):
        return []
    duty = (*now, name) if wanted else tuple(one for one in now if one != name)
    return [Put("day", None, {"duty_windows": duty or None})]


def _row(settings: Settings, name: str) -> int:
    row = next((number for number, one in enumerate(settings.window) if one.id == name), None)
    if row is None:
        raise NotAdopted("unknown_window")
    return row
