"""Simulated call pads and rating units: keys that a hand presses, displays, and what goes wrong with them on site."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.pad import ff68, qsystem
from drivers.pad.ff68 import Frame
from drivers.sim.signs import REPLY_DELAY_S, Reply

FAULTS = ("unplugged", "deaf", "held", "broken", "split")
REPEAT_S = 0.2  # how often a pad repeats a key that nobody acknowledged ...
REPEATS = 25  # ... until it gives up, after five seconds
SPLIT_S = 0.03  # a pause within a frame, as bridges make them
KEY_COMMAND = 0x10  # of key frames; which one real pads use is unverified, so the driver takes any
MAX_TYPED = 6  # as many as the display holds
BLANK_DISPLAY = " " * 6


@dataclass(slots=True)
class Mouth:
    """How units reach the line: put bytes on it, and do something after so many seconds."""

    speak: Callable[[bytes], object] = lambda *_: None
    later: Callable[[float, Callable[[], object]], object] = lambda *_: None


@dataclass(slots=True)
class SimUnit:
    """An ``FF 68`` pad, or rating unit: what it shows and what it still has to say."""

    address: int
    mouth: Mouth
    display: str = BLANK_DISPLAY
    typed: str = ""
    verdict: str = ""
    beeps: int = 0
    asking: bool = False
    sent: int = 0
    faults: set[str] = field(default_factory=set)
    _pending: bytes = b""
    _answer: bytes = b""
    _buffer: bytes = b""

    @property
    def repeating(self) -> bool:
        """Whether it still waits to be heard."""
        return bool(self._pending)

    def press(self, key: str) -> None:
        """A finger on a digit, or on a key named by its byte: that one sends what was typed."""
        if len(key) == 1 and key.isdecimal():
            self.typed = (self.typed + key)[:MAX_TYPED]
            return
        data = bytes(int(digit) for digit in self.typed) + bytes([int(key, 16)])
        self.typed, self.verdict = "", ""
        self._send(ff68.frame(self.address, KEY_COMMAND, data))

    def rate(self, level: int) -> None:
        """A customer's finger."""
        self.asking = False
        self._send(ff68.frame(self.address, ff68.RATED, bytes([level])), ff68.rating_heard(self.address, level))

    def hear(self, data: bytes) -> list[Reply]:
        """Take bytes off the line; these units never answer, they obey."""
        if "unplugged" in self.faults:
            self._buffer = b""
            return []
        self._buffer += data
        while self._buffer:
            found = ff68.take(self._buffer)
            if found is None:
                break
            self._buffer = self._buffer[found if isinstance(found, int) else len(found.raw) :]
            if isinstance(found, Frame) and found.address == self.address:
                self._obey(found)
        return []

    def forget(self) -> None:
        """A pause on the line: an unfinished frame will never be finished."""
        self._buffer = b""

    def _obey(self, frame: Frame) -> None:
        if frame.raw == self._answer and "deaf" not in self.faults:
            if self._pending and "held" not in self.faults:
                self._pending, self.verdict = b"", ""  # what it was told before was about another key
        elif frame.command == ff68.SHOW and len(frame.data) == 1:
            self.verdict = "success" if frame.data[0] else "failure"
        elif frame.command == ff68.SHOW:
            self.display = "".join(str(one) if one < ff68.BLANK else " " for one in frame.data)
        elif frame.command == ff68.BEEP:
            self.beeps += 1
        elif frame.command == ff68.RATE and frame.data == bytes([ff68.START_RATING]):
            self.asking = True

    def _send(self, frame: bytes, answer: bytes = b"") -> None:
        self._pending, self._answer = frame, answer or frame
        self._repeat(frame, REPEATS)

    def _repeat(self, frame: bytes, left: int) -> None:
        if frame != self._pending or "unplugged" in self.faults:
            return
        if left == 0:
            self._pending = b""
            return
        self.sent += 1
        if "broken" in self.faults:
            self.faults.discard("broken")
            self.mouth.speak(frame[:-2] + bytes([frame[-2] ^ 1]) + frame[-1:])
        elif "split" in self.faults:
            self.mouth.speak(frame[:3])
            self.mouth.later(SPLIT_S, lambda: self.mouth.speak(frame[3:]))
        else:
            self.mouth.speak(frame)
        # Two that repeat in step would never be heard; the same one is always as late as it was.
        late = random.Random(self.address * REPEATS + left).uniform(0.8, 1.2)  # noqa: S311 - no secret
        self.mouth.later(REPEAT_S * late, lambda: self._repeat(frame, left - 1))


@dataclass(slots=True)
class SimPolledPad:
    """A QSystem pad: it says which key was pressed when it is asked."""

    address: int
    display: str = " " * qsystem.CHARACTERS
    faults: set[str] = field(default_factory=set)
    sent: int = 0
    _key: int = qsystem.IDLE_KEY
    _buffer: bytes = b""

    def press(self, key: str) -> None:
        """A finger on a key, named by its byte."""
        self._key = int(key, 16)

    def hear(self, data: bytes) -> list[Reply]:
        """Take bytes off the line and answer a poll."""
        if {"unplugged", "deaf"} & self.faults:
            return []
        self._buffer = (self._buffer + data)[-64:]
        shown = self._buffer.rfind(bytes([qsystem.SAY, self.address]))
        if shown >= 0 and len(self._buffer) >= shown + 7 and self._buffer[shown + 6] == qsystem.END:
            self.display = self._buffer[shown + 3 : shown + 6].decode("cp1251", "replace")
            self._buffer = b""
        if not self._buffer.endswith(qsystem.poll(self.address)):
            return []
        self._buffer = b""
        answer = bytes([qsystem.SAY, self.address, self._key, qsystem.END])
        self.sent += self._key != qsystem.IDLE_KEY
        if "held" not in self.faults:
            self._key = qsystem.IDLE_KEY
        return [Reply(REPLY_DELAY_S, answer)]

    def forget(self) -> None:
        """A pause on the line."""
        self._buffer = b""


class SimPads:
    """The pads, rating units and polled pads of one line, by the names that the page gives them."""

    def __init__(self, pads: int = 0, polled: int = 0, rating_offset: int = ff68.RATING_OFFSET) -> None:
        self._mouth, numbers = Mouth(), range(1, pads + 1)
        self.units: dict[str, SimUnit | SimPolledPad] = {f"pad-{one}": SimUnit(one, self._mouth) for one in numbers}
        self.units |= {f"rating-{one}": SimUnit(one + rating_offset, self._mouth) for one in numbers}
        addresses = qsystem.ADDRESSES[:polled]
        self.units |= {f"polled-{at}": SimPolledPad(address) for at, address in enumerate(addresses, 1)}

    def plug(self, speak: Callable[[bytes], object], later: Callable[[float, Callable[[], object]], object]) -> None:
        """Join a line."""
        self._mouth.speak, self._mouth.later = speak, later

    def act(self, name: str, what: str, on: bool) -> None:
        """Press ``key:0C`` or ``key:5``, choose ``level:2``, or set a fault. Raises ``ValueError`` or ``KeyError``."""
        unit, (verb, _, word) = self.units[name], what.partition(":")
        if verb == "key" and not name.startswith("rating-"):
            unit.press(word)
        elif verb == "level" and isinstance(unit, SimUnit) and name.startswith("rating-") and int(word) in ff68.LEVELS:
            unit.rate(int(word))
        elif what in FAULTS:
            (unit.faults.add if on else unit.faults.discard)(what)
        else:
            raise ValueError(f"no fault {what!r} of {name}; known are {', '.join(FAULTS)}")

    def state(self) -> list[dict[str, object]]:
        """What the page shows."""
        return [
            {
                "id": name,
                "kind": name.partition("-")[0],
                "address": unit.address,
                "display": unit.display,
                "typed": unit.typed if isinstance(unit, SimUnit) else "",
                "verdict": unit.verdict if isinstance(unit, SimUnit) else "",
                "sent": unit.sent,
                "repeating": isinstance(unit, SimUnit) and unit.repeating,
                "beeps": unit.beeps if isinstance(unit, SimUnit) else 0,
                "asking": isinstance(unit, SimUnit) and unit.asking,
                "faults": {fault: fault in unit.faults for fault in FAULTS},
            }
            for name, unit in self.units.items()
        ]


def readable(data: bytes) -> str:
    """What a frame says, for the log; empty for what is no frame of these units."""
    found = ff68.take(data)
    if not isinstance(found, Frame):
        return ""
    pressed, level = ff68.key(found), ff68.level(found)
    if level is not None:
        return f"{found.address}: level {level}"
    if found.command == KEY_COMMAND and pressed:
        return f"{found.address}: {pressed[0]}+{pressed[1]:02X}".replace(": +", ": ")
    return f"{found.address}: {found.command:02X} {found.data.hex(' ').upper()}".rstrip()
