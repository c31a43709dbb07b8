"""The keys of a sign's profile: what each must be, and the words for one that is not."""

import re
import tomllib
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from drivers.ports import Colour

Where = tuple[str, str]


class ProfileError(ValueError):
    """A profile has mistakes: each with its line."""

    def __init__(self, mistakes: Iterable[tuple[int, str]]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("; ".join(f"line {line}: {what}" for line, what in self.mistakes))


def loads(text: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises ``ProfileError`` for a text that is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        line = re.search(r"at line (\d+)", str(broken))
        raise ProfileError([(int(line[1]) if line else text.count("\n") + 1, why_no_toml(broken))]) from broken


def why_no_toml(broken: tomllib.TOMLDecodeError) -> str:
    """What is wrong with a TOML text; a line that ends inside a text lacks a quote, which the parser does not say."""
    why = str(broken)
    open_quote = why.startswith(("Illegal character '\\n'", "Illegal character '\\r'", "Unterminated string"))
    return f"{why}: a closing quote is missing" if open_quote else why


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_bauds(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_whole(one, 300, 921_600) for one in value)


def _is_span(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(_whole(one, 0, 65_535) for one in value)
        and value[0] <= value[1]
    )


Fits = Callable[[Any], bool]
REQUIRED = object()  # a key without a default
# table, key: what it must be, in words and as a test, and its default
KEYS: dict[Where, tuple[str, Fits, Any]] = {
    ("", "title"): ("a text", _is_text, REQUIRED),
    ("", "source"): ("a text: where the facts are from", _is_text, REQUIRED),
    ("", "verified"): ("a text: how they were verified", _is_text, "nobody has tried it"),
    ("port", "baud"): ("a list of speeds like [9600]", _are_bauds, REQUIRED),
    ("port", "format"): ("like 8N1", lambda value: bool(re.fullmatch("[78][NEO][12]", str(value))), "8N1"),
    ("port", "gap_ms"): ("0 to 2000", lambda value: _whole(value, 0, 2000), 5),
    ("port", "ack_timeout_ms"): ("10 to 2000", lambda value: _whole(value, 10, 2000), 120),
    ("sign", "addresses"): ("the first and the last like [1, 254]", _is_span, REQUIRED),
    ("sign", "columns"): ("4 to 64", lambda value: _whole(value, 4, 64), None),
    ("sign", "without"): ("a text: characters that are commands", lambda value: isinstance(value, str), ""),
    **{("colours", one.value): ("0 to 255", lambda value: _whole(value, 0, 255), None) for one in Colour},
    ("tx", "show"): ("a frame", _is_text, REQUIRED),
    ("tx", "call"): ("a frame", _is_text, None),
    ("rx", "ack"): ("a frame", _is_text, None),
    ("rx", "nak"): ("a frame", _is_text, None),
    ("heartbeat", "poll"): ("a frame", _is_text, None),
    ("heartbeat", "alive"): ("a frame", _is_text, None),
}
FRAMES = [where for where, (what, _, _) in KEYS.items() if what == "a frame"]


def wrong_value(where: Where, value: object) -> str | None:
    """Why this cannot be the value of a key."""
    what, fits, _ = KEYS[where]
    if fits(value):
        return None
    bare = isinstance(value, str) and value.isdecimal() and fits(int(value))
    hint = ": a number is written without quotes" if bare or _quoted(value) else ""
    return f"{dotted(where)} must be {what}, it is {value!r}{hint}"


def _quoted(value: object) -> bool:
    return isinstance(value, list) and any(isinstance(one, str) and one.isdecimal() for one in value)


def unknown_key(where: Where) -> str:
    """What to write in the place of a key that there is not."""
    known = [key for table, key in KEYS if table == where[0]]
    near = meant(where[1], known)
    return f"{dotted(where)} is not known{near or '; known are ' + ', '.join(known)}"


def dotted(where: Where) -> str:
    """A key with its table."""
    return ".".join(part for part in where if part)


def meant(word: str, known: Iterable[str]) -> str:
    """The known word nearest to a wrong one, as the end of a sentence."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f", did you mean {near[0]!r}?" if near else ""
