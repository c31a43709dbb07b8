"""Settings as a page wants them: the whole text is made and checked first, then written, then comes into force."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from pydantic import ValidationError

from hall_server.register import edit
from hall_server.register.lines import Change, NotWritable, changed
from hall_server.register.replacing import Workshop
from hall_server.settings import FILE, Settings, SettingsError, parse
from hall_server.settings.checks import Where, line_numbers, line_of

# What is wrong with a setting by itself is one thing, whichever row it stands in.
OF_SETTING = {
    "zh": "text", "en": "text", "id": "id", "prefix": "letter", "icon": "id", "norm_min": "norm_min",
    "target_min": "target_min", "target_share": "target_share", "group": "unknown_group", "services": "services",
    "printers": "unknown_printer", "printer": "unknown_printer", "backups": "unknown_printer",
    "service": "unknown_service", "materials": "materials", "remind": "remind",
    "kind": "choice", "leave": "choice", "overnight": "choice", "ordinary": "unknown_class", "pattern": "pattern",
    "guarantee_min": "guarantee", "head_start_s": "head_start", "rate": "rate", "rank": "rate", "drain_min": "drain",
    "idle_min": "idle", "release_min": "release", "crowd": "crowd",
    "days": "days", "spans": "spans", "first": "date", "last": "date", "day": "date", "like": "weekday",
}  # fmt: skip
# Between rows something else may be wrong with a setting than with the setting alone.
BETWEEN = {
    ("service", "prefix"): "prefix_shared",
    ("policy", "policy"): "ordinary_needed",
    ("policy", "kind"): "kind_needs",
    ("hours", "hours"): "hall_hours",
    ("holiday", "holiday"): "no_hours",
    ("makeup", "makeup"): "no_hours",
    ("hours", "spans"): "spans_order",
    ("holiday", "spans"): "spans_order",
    ("hours", "days"): "days_twice",
    ("hours", "last"): "ends_before",
    ("holiday", "last"): "ends_before",
    ("holiday", "first"): "day_taken",
    ("makeup", "day"): "day_taken",
    ("device", "window"): "window_has_devices",
    ("duty", "window"): "window_has_duty",
    ("device", "options"): "sign_too_small",
    ("series", "prefix"): "series_prefix",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake: the field of the form (empty: none of them), its code, and the sentence of the settings."""

    field: str
    code: str
    said: str = ""


class NotAdopted(Exception):
    """The settings stay as they are; ``code`` says why, ``wrong`` lists all mistakes."""

    def __init__(self, code: str, wrong: Sequence[Wrong] = ()) -> None:
        super().__init__("; ".join(one.said or one.code for one in wrong) or code)
        self.code = code
        self.wrong = tuple(wrong)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a form asks for: the changes, and which field each setting belongs to."""

    changes: Sequence[Change]
    fields: Mapping[Where, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """The settings before and after."""

    before: str
    after: str
    settings: Settings

    @property
    def version(self) -> str:
        """What whoever changes them next has to know."""
        return version_of(self.after)


def version_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def read(workshop: Workshop) -> tuple[str, Settings]:
    """The text and what it says. Raises ``NotAdopted``."""
    try:
        text = edit.read(workshop.home)
    except (OSError, UnicodeDecodeError) as trouble:
        raise NotAdopted("settings_unreadable", [Wrong("", "other", f"{FILE}: {trouble}")]) from trouble
    try:
        return text, parse(text, FILE, workshop.home).model_copy(update={"server": workshop.server})
    except SettingsError as wrong:
        raise NotAdopted("settings_broken", [Wrong("", "other", one) for one in wrong.mistakes]) from wrong


def draft(workshop: Workshop, version: str, wish: Callable[[Settings], Wish]) -> Draft:
    """What the file would say, wholly checked. Raises ``NotAdopted`` with all mistakes."""
    before, now = read(workshop)
    if version_of(before) != version:
        raise NotAdopted("settings_changed")
    wanted = wish(now)
    try:
        after = changed(before, wanted.changes)
        settings = parse(after, FILE, workshop.home)
    except NotWritable as by_hand:
        raise NotAdopted("settings_by_hand", [Wrong("", "other", f"{FILE}: {by_hand}")]) from by_hand
    except SettingsError as wrong:
        raise NotAdopted("settings_refused", _mistakes(wrong, after, wanted.fields)) from wrong
    return Draft(before, after, settings.model_copy(update={"server": workshop.server}))


def _mistakes(error: SettingsError, after: str, fields: Mapping[Where, str]) -> list[Wrong]:
    """Each mistake with its field; where no field explains it, with its line in the file."""
    shaped, lines = _shaped(after), line_numbers(after)
    found = [_wrong(where, said, where in shaped, fields, line_of(lines, where)) for where, said in error.places]
    placed = {(one.field, one.code): one for one in found if one.field}
    if placed:  # the file was right before: what is wrong elsewhere follows from these
        return list(placed.values())
    beside = [Wrong("", "other", one) for one in error.mistakes if not error.places or not one.startswith(FILE)]
    return [*dict.fromkeys(found), *beside]


def _shaped(after: str) -> set[Where]:
    """Where a setting is wrong by itself, whatever stands around it."""
    try:
        Settings.model_validate(tomllib.loads(after))
    except ValidationError as invalid:
        return {tuple(one["loc"]) for one in invalid.errors()}
    return set()


def _wrong(where: Where, said: str, alone: bool, fields: Mapping[Where, str], line: int) -> Wrong:
    key = next((str(part) for part in reversed(where) if isinstance(part, str)), "")
    table = str(where[0])
    usual = "window_number" if (table, key) == ("window", "id") else OF_SETTING.get(key, "other")
    code = usual if alone else BETWEEN.get((table, key), usual)
    home = next((where[:cut] for cut in range(len(where), 0, -1) if where[:cut] in fields), None)
    if home is None:
        return Wrong("", BETWEEN.get((table, key), "other"), f"{FILE}, line {line}: {said}")
    inside = where[len(home) :]
    while inside and isinstance(inside[-1], int):  # one of several words in one field
        inside = inside[:-1]
    name = ".".join(str(part) for part in (fields[home], *inside) if part != "")
    return Wrong(name, code, said)
