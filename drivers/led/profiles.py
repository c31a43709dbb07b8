"""A sign family written as a TOML profile: read with all its mistakes at once, each with its line, and made a codec."""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from drivers.led.frames import Found, Miss, Template, TemplateError
from drivers.ports import Colour, DeviceError

SAMPLE = {"digits": "012"}  # what a board must be able to show, by its characters; others show a ticket
SAMPLE_TEXT = "A012"
KNOWN = {"show": {"addr", "colour"}, "poll": {"addr"}}  # the numbers that a driver can fill in
MAX_ANSWER_BYTES = 64  # an answer is a few bytes; a longer one would hold the line
Where = tuple[str, str]


class ProfileError(ValueError):
    """A profile has mistakes: each with its line."""

    def __init__(self, mistakes: Iterable[tuple[int, str]]) -> None:
        self.mistakes = tuple(sorted(mistakes))
        super().__init__("; ".join(f"line {line}: {what}" for line, what in self.mistakes))


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile says. ``ack`` and ``nak`` answer ``show``, ``alive`` answers ``poll``; None: there is none."""

    title: str
    source: str
    verified: str
    bauds: tuple[int, ...]
    format: str
    gap_s: float
    ack_s: float
    addresses: range
    columns: int
    without: str
    colours: Mapping[Colour, int]
    show: Template
    ack: Template | None = None
    nak: Template | None = None
    poll: Template | None = None
    alive: Template | None = None

    @property
    def charset(self) -> str:
        """What its boards can show."""
        return self.show.code.charset if self.show.code else ""


class ProfileCodec:
    """The frames of a profile's boards; ``columns`` is how many half-width characters the sign is wide."""

    def __init__(self, profile: Profile, columns: int) -> None:
        self.columns = columns
        self._profile = profile
        # Where a refusal ends like a consent, a refusal whose beginning was lost must not pass for one.
        self._alone = _ends_like(profile.nak, profile.ack)

    def show(self, address: int, text: str, colour: Colour) -> bytes:
        """Build the frame that paints ``text``; an empty text is painted as a blank."""
        profile = self._profile
        forbidden = next((one for one in text if one in profile.without), None)
        if forbidden is not None:
            raise DeviceError("text_unsupported", f"U+{ord(forbidden):04X} is a command to these boards")
        if address not in profile.addresses:
            raise ValueError(f"address {address} is not between {profile.addresses[0]} and {profile.addresses[-1]}")
        code = profile.colours.get(colour, next(iter(profile.colours.values()), 0))
        return profile.show.build({"addr": address, "colour": code}, text or " ", code)

    def reply(self, buffer: bytes, address: int) -> tuple[bool | None, int]:
        """Find the first answer of ``address``; what stands before it is not, and is consumed."""
        answer, used, at = _first(buffer, address, ((self._profile.ack, True), (self._profile.nak, False)))
        return (None if answer and at and self._alone else answer), used


def ask(profile: Profile, address: int) -> bytes:
    """The question whether a board lives."""
    assert profile.poll is not None
    return profile.poll.build({"addr": address})


def alive(profile: Profile, buffer: bytes, address: int) -> tuple[bool | None, int]:
    """Find the answer to that question."""
    answer, used, _ = _first(buffer, address, ((profile.alive, True),))
    return answer, used


def _first(
    buffer: bytes, address: int, frames: tuple[tuple[Template | None, bool], ...]
) -> tuple[bool | None, int, int]:
    """The first of these frames that comes from ``address``: what it means, its end and its beginning."""
    for at in range(len(buffer)):
        read = [(template.parse(buffer[at:]), meaning) for template, meaning in frames if template is not None]
        for found, meaning in read:
            if isinstance(found, Found) and found.numbers.get("addr", address) == address:
                return meaning, at + found.used, at
        if any(found is Miss.MORE for found, _ in read):
            return None, at, at
    return None, len(buffer), len(buffer)


def _ends_like(longer: Template | None, shorter: Template | None) -> bool:
    if longer is None or shorter is None or longer.fields | shorter.fields > {"addr"}:
        return False
    return longer.build({"addr": 1}).endswith(shorter.build({"addr": 1}))


def read(text: str) -> Profile:
    """Read a profile. Raises ``ProfileError`` with all mistakes."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        line = re.search(r"at line (\d+)", str(broken))
        raise ProfileError([(int(line[1]) if line else text.count("\n") + 1, str(broken))]) from broken
    return _Reader(raw, _lines(text)).profile()


def _lines(text: str) -> dict[Where, int]:
    """Where each table and key stands."""
    found: dict[Where, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\s*(\w+)\s*\]", line):
            table = header[1]
            found.setdefault((table, ""), number)
        elif key := re.match(r"\s*(\w+)\s*=", line):
            found.setdefault((table, key[1]), number)
    return found


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
    ("sign", "columns"): ("4 to 64", lambda value: _whole(value, 4, 64), 8),
    ("sign", "without"): ("a text: characters that are commands", lambda value: isinstance(value, str), ""),
    **{("colours", one.value): ("0 to 255", lambda value: _whole(value, 0, 255), None) for one in Colour},
    ("tx", "show"): ("a frame", _is_text, REQUIRED),
    ("rx", "ack"): ("a frame", _is_text, None),
    ("rx", "nak"): ("a frame", _is_text, None),
    ("heartbeat", "poll"): ("a frame", _is_text, None),
    ("heartbeat", "alive"): ("a frame", _is_text, None),
}
FRAMES = [where for where, (what, _, _) in KEYS.items() if what == "a frame"]


class _Reader:
    """Collects what is wrong while it reads."""

    def __init__(self, raw: Mapping[str, Any], lines: Mapping[Where, int]) -> None:
        self._raw, self._lines = raw, lines
        self._mistakes: list[tuple[int, str]] = []

    def profile(self) -> Profile:
        """The profile; the checks of the whole come when each key is right in itself."""
        self._unknown()
        values = {where: self._value(where) for where in KEYS}
        frames = {name: self._frame((table, name), values) for table, name in FRAMES}
        if not self._mistakes:
            self._together(frames, values)
        if self._mistakes:
            raise ProfileError(self._mistakes)
        profile = _profile(values, frames)
        self._try(profile)
        return profile

    def _say(self, where: Where, what: str) -> None:
        table, key = where
        line = self._lines.get(where) or self._lines.get((table, "")) or 1
        self._mistakes.append((line, what))

    def _unknown(self) -> None:
        tables = {table for table, _ in KEYS if table}
        for name, value in self._raw.items():
            if not isinstance(value, dict):
                self._known(("", name), {key for table, key in KEYS if not table})
            elif name not in tables:
                self._say((name, ""), f"[{name}] is no table of a profile{_meant(name, tables)}")
            else:
                for key in value:
                    self._known((name, key), {known for table, known in KEYS if table == name})

    def _known(self, where: Where, known: set[str]) -> None:
        if where not in KEYS:
            self._say(where, f"{_dotted(where)} is not known{_meant(where[1], known)}")

    def _value(self, where: Where) -> Any:
        table, key = where
        what, fits, default = KEYS[where]
        inside = self._raw.get(table) if table else self._raw
        value = inside.get(key) if isinstance(inside, Mapping) else None
        if value is None:
            if default is REQUIRED:
                self._say(where, f"{_dotted(where)} is missing: {what}")
            return default
        if not fits(value):
            self._say(where, f"{_dotted(where)} must be {what}, it is {value!r}")
        return value

    def _frame(self, where: Where, values: Mapping[Where, Any]) -> Template | None:
        line = values[where]
        if not isinstance(line, str):
            return None
        try:
            return Template(line)
        except TemplateError as error:
            self._say(where, f"{where[1]}: {error}")
            return None

    def _together(self, frames: Mapping[str, Template | None], values: Mapping[Where, Any]) -> None:
        """What only the whole shows."""
        show = frames["show"]
        if show is None or show.code is None:
            self._say(("tx", "show"), "show has no text like {data:gbk}")
        elif "colour" in show.fields and not any(values["colours", one.value] is not None for one in Colour):
            self._say(("tx", "show"), "show has a {colour}, and [colours] names none")
        for name, known in KNOWN.items():
            template = frames[name]
            for field in sorted(template.fields - known) if template else ():
                where = ("tx" if name == "show" else "heartbeat", field)
                self._say(
                    (where[0], name), f"{name}: nobody can fill in {{{field}}}; known are {', '.join(sorted(known))}"
                )
        self._answers(frames, values)

    def _answers(self, frames: Mapping[str, Template | None], values: Mapping[Where, Any]) -> None:
        if (frames["poll"] is None) != (frames["alive"] is None):
            self._say(("heartbeat", ""), "[heartbeat] needs both poll and alive, or neither")
        if frames["nak"] is not None and frames["ack"] is None:
            self._say(("rx", "nak"), "nak without ack: these boards would never say yes")
        for table, name in (("rx", "ack"), ("rx", "nak"), ("heartbeat", "alive")):
            template = frames[name]
            if template is not None and not 0 < (template.size or 0) <= MAX_ANSWER_BYTES:
                self._say((table, name), f"{name}: an answer has as many bytes each time, at most {MAX_ANSWER_BYTES}")
        first, last = values["sign", "addresses"]
        show = frames["show"]
        if show is not None and "addr" not in show.fields and first != last:
            self._say(("sign", "addresses"), "show has no {addr}, so there can be one address only, like [1, 1]")

    def _try(self, profile: Profile) -> None:
        """Build and read a frame for the first and the last address: what is wrong now is wrong for every text."""
        text = SAMPLE.get(profile.charset, SAMPLE_TEXT)
        for address in (profile.addresses[0], profile.addresses[-1]):
            try:
                frame = ProfileCodec(profile, profile.columns).show(address, text, Colour.RED)
                if profile.poll is not None:
                    ask(profile, address)
            except (ValueError, DeviceError) as error:
                raise ProfileError([(self._lines["tx", "show"], f"show for address {address}: {error}")]) from error
            found = profile.show.parse(frame)
            if not isinstance(found, Found) or found.text.strip() != text or found.used != len(frame):
                what = f"show for address {address} cannot be told from its own bytes: {frame.hex(' ').upper()}"
                raise ProfileError([(self._lines["tx", "show"], what)])


def _profile(values: Mapping[Where, Any], frames: Mapping[str, Template | None]) -> Profile:
    show = frames["show"]
    assert show is not None
    first, last = values["sign", "addresses"]
    colours = {one: values["colours", one.value] for one in Colour if values["colours", one.value] is not None}
    return Profile(
        title=values["", "title"], source=values["", "source"], verified=values["", "verified"],
        bauds=tuple(values["port", "baud"]), format=values["port", "format"],
        gap_s=values["port", "gap_ms"] / 1000, ack_s=values["port", "ack_timeout_ms"] / 1000,
        addresses=range(first, last + 1), columns=values["sign", "columns"], without=values["sign", "without"],
        colours=colours, show=show, ack=frames["ack"], nak=frames["nak"], poll=frames["poll"], alive=frames["alive"],
    )  # fmt: skip


def _dotted(where: Where) -> str:
    return ".".join(part for part in where if part)


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f", did you mean {near[0]!r}?" if near else ""
