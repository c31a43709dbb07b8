"""Change devices in hallcall.toml as a person would: comments and order stay, and nothing wrong is ever written."""

import os
import time
from collections.abc import Mapping
from datetime import date
from difflib import unified_diff
from itertools import chain, count
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from hall_server.settings import FILE, parse
from hall_server.settings.signs import usual_columns
from hall_server.settings.tables import DeviceSettings

KEYS = (
    "id", "kind", "zh", "en", "window", "kiosk", "station", "url", "criticality", "model", "serial", "firmware",
    "responsible", "deputy", "phone", "vendor", "bought", "warranty_until", "manual",
)  # fmt: skip
USUAL_COLUMNS: int = DeviceSettings.model_fields["columns"].default
NEEDED = frozenset(("id", "kind", "zh", "en"))
DAYS = frozenset(("bought", "warranty_until"))


class NotChanged(Exception):
    """The file stays as it is; the message says why."""


def read(home: Path) -> str:
    """The settings as text."""
    return (home / FILE).read_text("utf-8")


def rows(text: str) -> list[dict[str, str]]:
    """The devices as the file has them: what is not written there is empty."""
    return [{key: str(device.get(key, "")) for key in KEYS} for device in _devices(tomlkit.parse(text))]


def changed(text: str, wanted: list[Mapping[str, str]], folder: Path = Path()) -> str:
    """The text with these devices as wanted; keys that a row lacks stay, empty ones go, unknown ids are new devices.

    ``folder`` is where the profiles of signs stand.
    Raises ``NotChanged`` and, when the result has mistakes, ``SettingsError``.
    """
    document = tomlkit.parse(text)
    tables = {str(device["id"]): device for device in _devices(document)}
    for row in wanted:
        if not row.get("id"):
            raise NotChanged("A row has no id.")
        if row["id"] in tables:
            _change(tables[row["id"]], row)
        else:
            tables[row["id"]] = _add(document, row)
    done = tomlkit.dumps(document)
    parse(done, FILE, folder)
    return done


def reopened(text: str, name: str, options: Mapping[str, str] | None, columns: int | None) -> str:
    """The text with a device's options and columns as wanted (None: as they are), not checked yet."""
    document = tomlkit.parse(text)
    table = next(device for device in _devices(document) if device.get("id") == name)
    if options is not None and dict(options) != dict(table.get("options", {})):
        fresh = tomlkit.inline_table()
        fresh.update({key: value for key, value in options.items() if value})
        _set(table, "options", fresh if fresh else None)
    if columns is not None and columns != table.get("columns", _usual_columns(table)):
        _set(table, "columns", columns)
    return tomlkit.dumps(document)


def _usual_columns(table: Any) -> int | None:
    """How wide a device is that does not say it; None: that stands in a file of its own."""
    options = dict(table.get("options", {}))
    if table.get("kind") != "sign":
        return USUAL_COLUMNS
    return None if "profile" in options else usual_columns(table.get("url"), options)


def _set(table: Any, key: str, value: object | None) -> None:
    if value is None:
        table.pop(key, None)
    elif key in table:
        table[key] = value
    else:
        _append(table, key, value)


def diff(before: str, after: str) -> str:
    """What differs, as programmers write it; empty when nothing does."""
    return "".join(unified_diff(before.splitlines(True), after.splitlines(True), FILE, f"{FILE} (new)", n=2))


def write(home: Path, text: str) -> Path:
    """Put the text in force on disk, whole or not at all; the old one is kept under the name that is returned."""
    path, now = home / FILE, time.strftime("%Y%m%d-%H%M%S")
    names = (path.with_name(f"{FILE}.{now}{more}.old") for more in chain([""], (f"-{n}" for n in count(2))))
    backup, fresh = next(name for name in names if not name.exists()), path.with_name(f"{FILE}.part")
    old = path.read_bytes()
    backup.write_bytes(old)
    with fresh.open("w", encoding="utf-8", newline="\r\n" if b"\r\n" in old else "\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(path.stat().st_mode)
    fresh.replace(path)
    return backup


def _devices(document: tomlkit.TOMLDocument) -> list[Any]:
    found = document.get("device", [])
    return list(found) if isinstance(found, list) else []


def _change(table: Any, row: Mapping[str, str]) -> None:
    for key in KEYS:
        value = row.get(key)
        if value is None or value == str(table.get(key, "")):
            continue
        if not value:
            if key in NEEDED:
                raise NotChanged(f"{row['id']}: {key} cannot be empty.")
            table.remove(key)
        elif key in table:
            table[key] = _value(key, value)
        else:
            _append(table, key, _value(key, value))
        if key == "url":  # whoever gives another address means another unit: nobody said that this one is simulated
            table.pop("simulated", None)


def _append(table: Table, key: str, value: object) -> None:
    """After the last setting: the comments behind it belong to what follows."""
    body = table.value.body
    tail = []
    while body and body[-1][0] is None:
        tail.append(body.pop()[1])
    table.append(key, value)
    for item in reversed(tail):
        table.value.append(None, item)


def _add(document: tomlkit.TOMLDocument, row: Mapping[str, str]) -> Table:
    table = tomlkit.table()
    for key in KEYS:
        if row.get(key):
            table.append(key, _value(key, row[key]))
    table.add(tomlkit.nl())
    found = document.get("device")
    if isinstance(found, AoT):
        found.append(table)
    else:
        document.append("device", tomlkit.aot())
        document["device"].append(table)
    return table


def _value(key: str, value: str) -> object:
    if key not in DAYS:
        return value
    try:
        year, month, day = map(int, value.replace("/", "-").split("-"))  # Excel writes 2024/3/1
        return date(year, month, day)
    except ValueError as wrong:
        raise NotChanged(f"{key} is a day like 2026-11-22, not {value!r}.") from wrong
