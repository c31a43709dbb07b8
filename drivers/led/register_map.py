"""The register map of a Modbus sign, as a technician writes it in TOML: where the text lies, and in which form.

[registers]
first = 0               # the first register, counted from 0 as on the wire
layout = "ascii"        # one of LAYOUTS
characters = 4          # how many the sign shows
function = "10"         # or "06", which writes one register and no more
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from drivers.led.profile_keys import ProfileError, loads
from drivers.ports import DeviceError

PRINTABLE = range(0x20, 0x7F)  # what lies below are commands to some signs
NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d{1,5}))?")
LAST_REGISTER = 0xFFFF
MAX_CHARACTERS = 64  # no window sign is wider; 64 registers are half of what one frame can write
FUNCTIONS = {"06": 0x06, "10": 0x10}


def _one_each(text: str, characters: int) -> bytes:
    return text.ljust(characters).encode("utf-16-be")


def _pairs(text: str, characters: int) -> bytes:
    return text.ljust(characters + characters % 2).encode("ascii")


def _swapped(text: str, characters: int) -> bytes:
    padded = _pairs(text, characters)
    return bytes(padded[at ^ 1] for at in range(len(padded)))


def _number24(text: str, characters: int) -> bytes:
    minus, whole, fraction = _number(text, characters)
    value = int(whole + fraction)
    if value > 0xFFFFFF:
        raise DeviceError("text_unsupported", f"{text!r} does not fit 24 bits")
    return bytes([bool(minus) << 4 | len(fraction)]) + value.to_bytes(3, "big")


def _number16(text: str, characters: int) -> bytes:
    minus, whole, fraction = _number(text, characters)
    if minus or fraction or int(whole) > 0xFFFF:
        raise DeviceError("text_unsupported", f"{text!r} is not a number from 0 to 65535")
    return int(whole).to_bytes(2, "big")


def _number(text: str, characters: int) -> tuple[str, str, str]:
    # A sign of numbers cannot be blank: nothing is 0.
    found = NUMBER.fullmatch(text.strip() or "0")
    if found is None:
        raise DeviceError("text_unsupported", f"{text!r} is not a number, and this sign shows nothing else")
    minus, whole, fraction = found.groups(default="")
    if len(whole + fraction) > characters:
        raise DeviceError("text_unsupported", f"{text!r} has more than {characters} digits")
    return minus, whole, fraction


@dataclass(frozen=True, slots=True)
class Layout:
    """A form in which registers hold a text: how many they are for so many characters, and their bytes."""

    registers: Callable[[int], int]
    pack: Callable[[str, int], bytes]
    digits_only: bool = False


LAYOUTS = {
    "ascii": Layout(lambda characters: characters, _one_each),  # one character each, in the low byte
    "pairs": Layout(lambda characters: (characters + 1) // 2, _pairs),  # two each, the first in the high byte
    "pairs_swapped": Layout(lambda characters: (characters + 1) // 2, _swapped),  # the first in the low byte
    # sign and number of decimals in the first byte, then 24 bits
    "number24": Layout(lambda _: 2, _number24, digits_only=True),
    "number16": Layout(lambda _: 1, _number16, digits_only=True),
}


@dataclass(frozen=True, slots=True)
class RegisterMap:
    """Where a sign's text lies; checked by ``parse``."""

    first: int
    layout: str
    characters: int
    function: int = FUNCTIONS["10"]

    @property
    def count(self) -> int:
        """How many registers the text takes."""
        return LAYOUTS[self.layout].registers(self.characters)

    @property
    def digits_only(self) -> bool:
        """Whether the sign shows numbers and nothing else."""
        return LAYOUTS[self.layout].digits_only

    def pack(self, text: str) -> bytes:
        """The registers' bytes. Raises ``DeviceError('text_unsupported')`` for what the sign cannot show."""
        layout = LAYOUTS[self.layout]
        for character in text:
            if ord(character) not in PRINTABLE:
                raise DeviceError("text_unsupported", f"U+{ord(character):04X} is not in ASCII")
        if not layout.digits_only and len(text) > self.characters:
            raise DeviceError("text_unsupported", f"{len(text)} characters, the sign has {self.characters}")
        return layout.pack(text, self.characters)


KEYS: dict[str, type] = {"first": int, "layout": str, "characters": int, "function": str}
TYPES = {int: "a whole number", str: "a text"}
REQUIRED = ("first", "layout", "characters")


def is_map(text: str) -> bool:
    """Whether a sign's profile is a register map, and not one of frame templates."""
    return re.search(r"^\s*\[\s*registers\s*\]", text, re.MULTILINE) is not None


def parse(text: str) -> RegisterMap:
    """Read a map, which ``is_map``. Raises ``ProfileError`` with all mistakes."""
    raw = loads(text)
    table = raw["registers"]
    wrong = [(_line(text, name), f"unknown table [{name}]") for name in raw if name != "registers"]
    wrong += [(_line(text, key), problem) for key, problem in _problems(table)]
    if wrong:
        raise ProfileError(wrong)
    return RegisterMap(**{**table, "function": FUNCTIONS[table.get("function", "10")]})


def _line(text: str, key: str) -> int:
    """Where a key or a table stands; a key that is missing is missing in its table."""
    lines = [line.replace(" ", "") for line in text.splitlines()]
    found = [number for number, line in enumerate(lines, 1) if line.startswith((f"{key}=", f"[{key}]"))]
    return found[0] if found else _line(text, "registers")


def _problems(table: dict[str, Any]) -> list[tuple[str, str]]:
    wrong = [(key, f"unknown key {key!r}{_did_you_mean(key, KEYS)}") for key in table if key not in KEYS]
    wrong += [(key, f"{key} is missing") for key in REQUIRED if key not in table]
    wrong += [
        (key, f"{key} must be {TYPES[KEYS[key]]}")
        for key, value in table.items()
        if key in KEYS and type(value) is not KEYS[key]
    ]
    return wrong or _values(table)


def _values(table: dict[str, Any]) -> list[tuple[str, str]]:
    """What is wrong with values that are of the right type."""
    first, layout, characters = table["first"], table["layout"], table["characters"]
    function, wrong = table.get("function", "10"), list[tuple[str, str]]()
    if layout not in LAYOUTS:
        wrong.append(
            ("layout", f"unknown layout {layout!r}{_did_you_mean(layout, LAYOUTS)}; known are {', '.join(LAYOUTS)}")
        )
    if function not in FUNCTIONS:
        wrong.append(("function", f"function {function!r} is none of 06, 10"))
    if not 1 <= characters <= MAX_CHARACTERS:
        wrong.append(("characters", f"characters {characters} is not between 1 and {MAX_CHARACTERS}"))
    if wrong:
        return wrong
    count = LAYOUTS[layout].registers(characters)
    if not 0 <= first <= LAST_REGISTER + 1 - count:
        wrong.append(("first", f"registers {first} to {first + count - 1} are not between 0 and {LAST_REGISTER}"))
    if function == "06" and count > 1:
        wrong.append(("function", f"function 06 writes one register, this map has {count}: use 10"))
    return wrong


def _did_you_mean(word: str, known: Any) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f", did you mean {close[0]!r}?" if close else ""
