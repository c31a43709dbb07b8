"""What the keys of a site's pads and the levels of its rating units mean: built in, or from a TOML file.

    [site]
    rating_addr = "pad+0x80"           # or "pad"
    keys   = { "0C" = "next", "n+0C" = "call", "5+0F" = "absent" }
    levels = { "00" = 1, "04" = 5 }
    display = "3+3"                    # digits for how many wait, and of the ticket; "2 4": with a blank between

A key is the byte that the pad sends, in hexadecimal; before it may stand what must be typed, ``n`` for any digits.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from drivers.pad.families import PadFamily
from drivers.pad.ff68 import LEVELS, RATING_OFFSET, SIX, Display
from drivers.ports import ACTIONS

RATING_ADDRESSES = {"pad+0x80": RATING_OFFSET, "pad": 0}
KNOWN = ("rating_addr", "keys", "levels", "display")
KEY = re.compile(r"(?:(?P<typed>n|[0-9]{1,6})\+)?(?P<key>[0-9A-Fa-f]{2})")
DISPLAY = re.compile("([1-6])([+ ])([1-6])")
NEED_DIGITS = ("call", "transfer", "transfer_service")
IDLE = ("answers", "silent")  # what a polled pad does while nobody presses: unverified, so that a site may say it
STARS = range(1, 6)  # what the hall stores: 1 is the worst, 5 the best


@dataclass(frozen=True, slots=True)
class Site:
    """Keys by (what is typed, key), where ``n`` is any digits; levels by the number that a unit sends."""

    keys: Mapping[tuple[str, int], str]
    levels: Mapping[int, int] = field(default_factory=lambda: {raw: raw + 1 for raw in LEVELS})
    rating_offset: int = RATING_OFFSET
    display: Display = SIX

    def action(self, typed: str, key: int) -> str | None:
        """What a press means; None: nothing here."""
        return self.keys.get((typed, key)) or (self.keys.get(("n", key)) if typed else None)


def built_in(family: PadFamily) -> Site:
    """What holds when a site says nothing."""
    return Site({_place(name): action for name, action in family.keys.items()})


def load(name: str, family: PadFamily) -> tuple[Site, list[str]]:
    """Read a site's file: what it says, and every mistake with its line."""
    site = built_in(family)
    try:
        text = Path(name).read_text("utf-8")
        given = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        return site, [f"{name} cannot be read: {error}"]
    except tomllib.TOMLDecodeError as error:
        return site, [f"{name}: {error}"]
    table = given.get("site")
    if not isinstance(table, dict):
        return site, [f"{name}: it begins with [site]"]
    wrong = [(word, f"unknown {word!r}{_close(word, ('site',))}") for word in given if word != "site"]
    wrong += [(word, f"unknown {word!r}{_close(word, KNOWN)}") for word in table if word not in KNOWN]
    read = Site(
        keys=_keys(table, family, wrong) or site.keys,
        levels=_levels(table, wrong) or site.levels,
        rating_offset=_offset(table, wrong),
        display=_display(table, family, wrong),
    )
    return read, [f"{name}, line {_line(text, word)}: {what}" for word, what in wrong]


def _place(name: str) -> tuple[str, int]:
    found = KEY.fullmatch(name)
    if found is None:
        raise ValueError(name)
    return found["typed"] or "", int(found["key"], 16)


def _keys(table: dict[str, object], family: PadFamily, wrong: list[tuple[str, str]]) -> dict[tuple[str, int], str]:
    keys: dict[tuple[str, int], str] = {}
    for name, action in _rows(table, "keys", wrong):
        found = KEY.fullmatch(name)
        if found is None or int(found["key"], 16) not in family.legal_keys:
            wrong.append((name, f"{name!r} is no key of these pads; a key looks like 0C, 5+0F or n+0C"))
        elif action not in ACTIONS:
            wrong.append((name, f"{name!r}: unknown action {action!r}{_close(str(action), ACTIONS)}"))
        elif action in NEED_DIGITS and not found["typed"]:
            wrong.append((name, f"{name!r}: {action} needs typed digits, write n+{name}"))
        elif _place(name) in keys:
            wrong.append((name, f"{name!r} is there twice"))
        else:
            keys[_place(name)] = str(action)
    return keys


def _levels(table: dict[str, object], wrong: list[tuple[str, str]]) -> dict[int, int]:
    levels: dict[int, int] = {}
    for name, star in _rows(table, "levels", wrong):
        if not re.fullmatch("0[0-4]", name):
            wrong.append((name, f"{name!r} is no level; levels are 00 to 04"))
        elif isinstance(star, bool) or not isinstance(star, int) or star not in STARS:
            wrong.append((name, f"{name!r}: {star!r} is not between 1 (worst) and 5 (best)"))
        else:
            levels[int(name, 16)] = star
    return levels


def _offset(table: dict[str, object], wrong: list[tuple[str, str]]) -> int:
    said = table.get("rating_addr", "pad+0x80")
    if said not in RATING_ADDRESSES:
        wrong.append(("rating_addr", f"rating_addr {said!r} is none of {', '.join(RATING_ADDRESSES)}"))
    return RATING_ADDRESSES.get(str(said), RATING_OFFSET)


def _display(table: dict[str, object], family: PadFamily, wrong: list[tuple[str, str]]) -> Display:
    said = table.get("display")
    if said is None:
        return SIX
    found = DISPLAY.fullmatch(said) if isinstance(said, str) else None
    if family.polled:
        wrong.append(("display", "display: these pads have one field of their own, leave it out"))
    elif found is None:
        wrong.append(("display", f"display {said!r} is none like 3+3, or 2 4 with a blank between the numbers"))
    return Display(int(found[1]), int(found[3]), found[2] == " ") if found else SIX


def _rows(table: dict[str, object], word: str, wrong: list[tuple[str, str]]) -> list[tuple[str, object]]:
    rows = table.get(word, {})
    if isinstance(rows, dict):
        return list(rows.items())
    wrong.append((word, f"{word} is a table, e.g. {word} = {{ ... }}"))
    return []


def _line(text: str, word: str) -> int:
    """The line on which a word is defined; 1 when it cannot be found."""
    definition = re.compile(rf"(?:^|[\s{{,\[])[\"']?{re.escape(word)}[\"']?\s*[=\].]")
    return next((number for number, line in enumerate(text.splitlines(), 1) if definition.search(line)), 1)


def _close(word: str, known: tuple[str, ...]) -> str:
    close = get_close_matches(word, known, n=1)
    return f", did you mean {close[0]!r}?" if close else f"; known are {', '.join(known)}"
