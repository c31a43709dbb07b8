"""Simulated signs: a board's side of the bytes, with everything that goes wrong on site.

What a family understands and answers is its board (``A090Board`` here, others beside this file); what ails a sign is
the same for all of them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from drivers.led.a0_90 import HEADER, SHOW, decode, parse_show

REPLY_DELAY_S = 0.005  # what a small controller needs before it talks back
LATE_S = 0.4  # slower than any master waits at first
BOOT_TEXT = "8888"  # all segments, as boards show when power comes back
FAULTS = (
    "unplugged", "off", "nak", "nak_once", "garbage", "broken", "late", "foreign", "frozen", "split", "double", "clash",
)  # fmt: skip
SILENT = frozenset({"unplugged", "off"})


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes a sign puts on the line, this long after the last byte it heard."""

    delay_s: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """A frame that a board understood: for whom, how long it was, what it says, what to do, what to answer.

    ``answer`` is given the address that speaks, after ``obey`` was done or, by a frozen sign, was not.
    """

    address: int
    used: int
    text: str
    obey: Callable[[], object]
    answer: Callable[[int], bytes]
    refusal: bytes


class Board(Protocol):
    """The electronics of one sign of a family."""

    text: str
    colour: str

    def take(self, buffer: bytes) -> Order | None | int:
        """Read the front of what was heard: an order to any sign, None = more bytes needed, or bytes to drop."""
        ...

    def boot(self) -> None:
        """Power comes back: what was shown, and perhaps more, is lost."""
        ...


class A090Board:
    """An IMM9012 board."""

    def __init__(self) -> None:
        self.text, self.colour = "", "red"

    def take(self, buffer: bytes) -> Order | None | int:
        """Read a *show* frame."""
        parsed = parse_show(buffer)
        if parsed is None or isinstance(parsed, int):
            return parsed
        address, data = parsed
        try:
            shown = decode(data)
        except ValueError:
            shown = ()
        text, colour = "".join(character for character, _ in shown), shown[0][1].value if shown else ""
        refusal = HEADER + bytes([address, SHOW, 0x55])

        def obey() -> None:
            if shown:
                self.text, self.colour = text, colour

        def answer(speaker: int) -> bytes:
            return HEADER + bytes([speaker, SHOW, 0xAA]) if shown else refusal

        return Order(address, 7 + len(data), text if shown else "?", obey, answer, refusal)

    def boot(self) -> None:
        """Only the picture is lost."""
        self.text, self.colour = BOOT_TEXT, "yellow"


@dataclass(slots=True)
class SimSign:
    """One sign: its board, what ails it, how often it answered well."""

    address: int
    board: Board = field(default_factory=A090Board)
    acks: int = 0
    faults: set[str] = field(default_factory=set)
    _buffer: bytes = b""

    @property
    def lit(self) -> bool:
        """Whether the sign has power."""
        return "off" not in self.faults

    def power_cycle(self) -> None:
        """Power away and back."""
        self.board.boot()
        self._buffer = b""

    def hear(self, data: bytes) -> list[Reply]:
        """Take bytes off the line and say what the sign answers."""
        if SILENT & self.faults:
            self._buffer = b""
            return []
        self._buffer += data
        replies: list[Reply] = []
        while self._buffer:
            order = self.board.take(self._buffer)
            if order is None:
                break
            if isinstance(order, int):
                self._buffer = self._buffer[order:]
                continue
            self._buffer = self._buffer[order.used :]
            if order.address == self.address:
                replies += self._obey(order)
        return replies

    def forget(self) -> None:
        """A pause on the line: an unfinished frame will never be finished."""
        self._buffer = b""

    def _obey(self, order: Order) -> list[Reply]:
        if {"nak", "nak_once"} & self.faults:
            self.faults.discard("nak_once")
            return [Reply(REPLY_DELAY_S, order.refusal)]
        if "frozen" not in self.faults:
            order.obey()
        answer = order.answer(self.address)
        if not answer:
            return []
        for fault, replies in self._odd_replies(answer, order.answer(self.address % 247 + 1)).items():
            if fault in self.faults:
                return replies
        self.acks += answer != order.refusal
        return [Reply(REPLY_DELAY_S, answer)]

    def _odd_replies(self, answer: bytes, neighbour: bytes) -> dict[str, list[Reply]]:
        half = (len(answer) + 1) // 2
        # Two boards of one address start a moment apart; where they overlap the line carries neither.
        clash = answer[:half] + bytes(a | b for a, b in zip(answer[half:], answer, strict=False)) + answer[-half:]
        return {
            "garbage": [Reply(REPLY_DELAY_S, b"\x00\xff\x5a")],
            "broken": [Reply(REPLY_DELAY_S, answer[:-1] + bytes([answer[-1] ^ 1]))],
            "late": [Reply(LATE_S, answer)],
            "foreign": [Reply(REPLY_DELAY_S, neighbour)],
            "split": [Reply(REPLY_DELAY_S, answer[:half]), Reply(REPLY_DELAY_S + 0.03, answer[half:])],
            "double": [Reply(REPLY_DELAY_S, answer), Reply(REPLY_DELAY_S + 0.02, answer)],
            "clash": [Reply(REPLY_DELAY_S, clash)],
        }
