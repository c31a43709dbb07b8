"""Simulated ``A0 90`` window signs: the board's side of the bytes, with everything that goes wrong on site."""

from dataclasses import dataclass, field

from drivers.led.a0_90 import HEADER, SHOW, decode, parse_show

REPLY_DELAY_S = 0.005  # what a small controller needs before it talks back
LATE_S = 0.4  # slower than any master waits at first
BOOT_TEXT = "8888"  # all segments, as boards show when power comes back
FAULTS = ("unplugged", "off", "nak", "nak_once", "garbage", "late", "foreign", "frozen", "split", "double", "clash")
SILENT = frozenset({"unplugged", "off"})


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes a sign puts on the line, this long after the last byte it heard."""

    delay_s: float
    data: bytes


@dataclass(slots=True)
class SimSign:
    """One board: what it shows, what ails it, how often it said yes."""

    address: int
    text: str = ""
    colour: str = "red"
    acks: int = 0
    faults: set[str] = field(default_factory=set)
    _buffer: bytes = b""

    @property
    def lit(self) -> bool:
        """Whether the sign has power."""
        return "off" not in self.faults

    def power_cycle(self) -> None:
        """Power away and back: the picture is lost."""
        self.text, self.colour, self._buffer = BOOT_TEXT, "yellow", b""

    def hear(self, data: bytes) -> list[Reply]:
        """Take bytes off the line and say what the sign answers."""
        if SILENT & self.faults:
            self._buffer = b""
            return []
        self._buffer += data
        replies: list[Reply] = []
        while self._buffer:
            parsed = parse_show(self._buffer)
            if parsed is None:
                break
            if isinstance(parsed, int):
                self._buffer = self._buffer[parsed:]
                continue
            address, shown = parsed
            self._buffer = self._buffer[7 + len(shown) :]
            if address == self.address:
                replies += self._obey(shown)
        return replies

    def forget(self) -> None:
        """A pause on the line: an unfinished frame will never be finished."""
        self._buffer = b""

    def _obey(self, data: bytes) -> list[Reply]:
        ack = HEADER + bytes([self.address, SHOW, 0xAA])
        try:
            shown = decode(data)
        except ValueError:
            shown = ()
        if {"nak", "nak_once"} & self.faults or not shown:
            self.faults.discard("nak_once")
            return [Reply(REPLY_DELAY_S, ack[:4] + b"\x55")]
        if "frozen" not in self.faults:
            self.text = "".join(character for character, _ in shown)
            self.colour = shown[0][1].value
        for fault, replies in self._odd_replies(ack).items():
            if fault in self.faults:
                return replies
        self.acks += 1
        return [Reply(REPLY_DELAY_S, ack)]

    def _odd_replies(self, ack: bytes) -> dict[str, list[Reply]]:
        neighbour = ack[:2] + bytes([self.address % 254 + 1]) + ack[3:]
        # Two boards of one address start a moment apart; where they overlap the line carries neither.
        clash = ack[:3] + bytes([ack[3] | ack[0], ack[4] | ack[1]]) + ack[2:]
        return {
            "garbage": [Reply(REPLY_DELAY_S, b"\x00\xff\x5a")],
            "late": [Reply(LATE_S, ack)],
            "foreign": [Reply(REPLY_DELAY_S, neighbour)],
            "split": [Reply(REPLY_DELAY_S, ack[:3]), Reply(REPLY_DELAY_S + 0.03, ack[3:])],
            "double": [Reply(REPLY_DELAY_S, ack), Reply(REPLY_DELAY_S + 0.02, ack)],
            "clash": [Reply(REPLY_DELAY_S, clash)],
        }
