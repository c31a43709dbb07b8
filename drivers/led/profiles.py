"""A sign family written as a TOML profile: read with all its mistakes at once, each with its line, and made a codec."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from drivers.led.frames import Found, Miss, Template, TemplateError
from drivers.led.profile_keys import (
    FRAMES,
    KEYS,
    REQUIRED,
    ProfileError,
    Where,
    dotted,
    loads,
    meant,
    unknown_key,
    wrong_value,
)
from drivers.ports import Colour, DeviceError

SAMPLE = {"digits": "012"}  # what a board must be able to show, by its characters; others show a ticket
SAMPLE_TEXT = "A012"
# The numbers that a driver can fill in.
KNOWN = {"show": {"addr", "colour"}, "call": {"addr", "colour", "number", "window"}, "poll": {"addr"}}
NUMBER, WINDOW, PREFIX = "number", "window", "prefix"  # the parts of a call: 12 at window 3, and A where there is one
TICKET = re.compile(r"([A-Z]?)([0-9]{3,4})")
DEFAULT_COLUMNS = 8  # half-width characters of the common four-hanzi window sign
WIDEST = 64  # a window sign of 32 hanzi
MAX_ANSWER_BYTES = 64  # an answer is a few bytes; a longer one would hold the line


def label(prefix: str, number: int) -> str:
    """How a ticket's label is written."""
    return f"{prefix}{number:03d}"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile says. ``ack`` and ``nak`` answer ``show`` and ``call``, ``alive`` answers ``poll``; None: there
    is none. ``call`` is for a text that is a ticket's label and nothing else.
    """

    title: str
    source: str
    verified: str
    bauds: tuple[int, ...]
    format: str
    gap_s: float
    ack_s: float
    addresses: range
    columns: int
    widest: int
    without: str
    colours: Mapping[Colour, int]
    show: Template
    call: Template | None = None
    ack: Template | None = None
    nak: Template | None = None
    poll: Template | None = None
    alive: Template | None = None

    @property
    def charset(self) -> str:
        """What its boards can show."""
        return self.show.code.charset if self.show.code else ""

    @property
    def names_window(self) -> bool:
        """Whether a call says at which window."""
        return self.call is not None and WINDOW in self.call.fields


class ProfileCodec:
    """The frames of a profile's boards; ``columns`` is how many half-width characters the sign is wide, ``window``
    the number that its calls name.
    """

    def __init__(self, profile: Profile, columns: int, window: int | None = None) -> None:
        self.columns = columns
        self._profile, self._window = profile, window
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
        numbers = {"addr": address, "colour": code}
        return self._call(numbers, text, code) or profile.show.build(numbers, text or " ", code)

    def _call(self, numbers: Mapping[str, int], text: str, code: int) -> bytes:
        """The frame of a call; empty for a text that is none, or whose parts do not fit."""
        template, ticket = self._profile.call, TICKET.fullmatch(text)
        # A sign that says its window's number calls nobody.
        if template is None or ticket is None or text == str(self._window):
            return b""
        if text != label(ticket[1], int(ticket[2])):  # the board could not know of its zeros
            return b""
        if (ticket[1] and not template.text) or (self._window is None and WINDOW in template.fields):
            return b""
        parts = {**numbers, NUMBER: int(ticket[2]), WINDOW: self._window or 0}
        try:
            return template.build(parts, ticket[1], code)
        except (ValueError, DeviceError):
            return b""

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
    return _Reader(loads(text), _lines(text)).profile()


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
                self._known(("", name))
            elif name not in tables:
                self._say((name, ""), f"[{name}] is no table of a profile{meant(name, tables)}")
            else:
                for key in value:
                    self._known((name, key))

    def _known(self, where: Where) -> None:
        if where not in KEYS:
            self._say(where, unknown_key(where))

    def _value(self, where: Where) -> Any:
        table, key = where
        what, _, default = KEYS[where]
        inside = self._raw.get(table) if table else self._raw
        value = inside.get(key) if isinstance(inside, Mapping) else None
        if value is None:
            if default is REQUIRED:
                self._say(where, f"{dotted(where)} is missing: {what}")
            return default
        if wrong := wrong_value(where, value):
            self._say(where, wrong)
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
            self._say(("tx", "show"), "show has no text like {data:gbk}: numbers alone are for call")
        elif "colour" in show.fields and not any(values["colours", one.value] is not None for one in Colour):
            self._say(("tx", "show"), "show has a {colour}, and [colours] names none")
        for name, known in KNOWN.items():
            template = frames[name]
            for field in sorted(template.fields - known) if template else ():
                table = "heartbeat" if name == "poll" else "tx"
                self._say(
                    (table, name), f"{name}: nobody can fill in {{{field}}}; known are {', '.join(sorted(known))}"
                )
        self._parts(frames["call"])
        self._answers(frames, values)

    def _parts(self, call: Template | None) -> None:
        """A call is made of a number, and of a letter where the board takes one."""
        if call is not None and NUMBER not in call.fields:
            self._say(("tx", "call"), f"call has no number like {{{NUMBER}:base100}}")
        if call is not None and call.text not in ("", PREFIX):
            self._say(("tx", "call"), f"the text of call is the letter of the number, {{{PREFIX}:ascii}}")

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
        for name in ("show", "call"):
            template = frames[name]
            if template is not None and "addr" not in template.fields and first != last:
                said = f"{name} has no {{addr}}, so there can be one address only, like [1, 1]"
                self._say(("sign", "addresses"), said)

    def _try(self, profile: Profile) -> None:
        """Build and read a frame for the first and the last address: what is wrong now is wrong for every text."""
        text = SAMPLE.get(profile.charset, SAMPLE_TEXT)
        code = next(iter(profile.colours.values()), 0)
        for address in (profile.addresses[0], profile.addresses[-1]):
            numbers = {"addr": address, "colour": code}
            self._there_and_back("show", profile.show, numbers, text, code)
            if profile.call is not None:
                prefix = text[:1] if profile.call.text else ""
                self._there_and_back("call", profile.call, {**numbers, NUMBER: 12, WINDOW: 1}, prefix, code)
            try:
                if profile.poll is not None:
                    ask(profile, address)
            except ValueError as error:
                raise ProfileError(
                    [(self._lines["heartbeat", "poll"], f"poll for address {address}: {error}")]
                ) from error

    def _there_and_back(self, name: str, template: Template, numbers: Mapping[str, int], text: str, code: int) -> None:
        where = f"{name} for address {numbers['addr']}"
        try:
            frame = template.build(numbers, text, code)
        except (ValueError, DeviceError) as error:
            raise ProfileError([(self._lines["tx", name], f"{where}: {error}")]) from error
        found = template.parse(frame)
        sent = Found({name: numbers[name] for name in template.fields}, text, len(frame))
        if not isinstance(found, Found) or replace(found, text=found.text.strip()) != sent:
            came = f"{found.text!r}" if isinstance(found, Found) else "no frame"
            what = f"{where} cannot be told from its own bytes: {text!r} went in as {frame.hex(' ').upper()}"
            raise ProfileError([(self._lines["tx", name], f"{what}, {came} came out")])


def _profile(values: Mapping[Where, Any], frames: Mapping[str, Template | None]) -> Profile:
    show = frames["show"]
    assert show is not None
    first, last = values["sign", "addresses"]
    colours = {one: values["colours", one.value] for one in Colour if values["colours", one.value] is not None}
    return Profile(
        title=values["", "title"], source=values["", "source"], verified=values["", "verified"],
        bauds=tuple(values["port", "baud"]), format=values["port", "format"],
        gap_s=values["port", "gap_ms"] / 1000, ack_s=values["port", "ack_timeout_ms"] / 1000,
        addresses=range(first, last + 1), columns=values["sign", "columns"] or DEFAULT_COLUMNS,
        widest=values["sign", "columns"] or WIDEST, without=values["sign", "without"],
        colours=colours, show=show, call=frames["call"], ack=frames["ack"], nak=frames["nak"], poll=frames["poll"],
        alive=frames["alive"],
    )  # fmt: skip
