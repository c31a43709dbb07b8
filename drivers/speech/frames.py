"""Frames of the voice modules SYN6288 and XFS5152, and the single bytes that they answer.

SYN6288 (data sheet), *length* counts command … check, *check* is the exclusive or of everything before it:

    FD | length high, low | command | [encoding | text] | check

XFS5152 (guide) has no check:

    FD | length high, low | command | [encoding | text]
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import xor

HEADER = 0xFD
SAY, STOP, STATUS = 0x01, 0x02, 0x21
GB2312, GBK = 0, 1  # how the text is encoded; the lower three bits of that byte
BOOTED, ACCEPTED, REFUSED, BUSY, IDLE = 0x4A, 0x41, 0x45, 0x4E, 0x4F
ANSWERS = frozenset({BOOTED, ACCEPTED, REFUSED, BUSY, IDLE})
MAX_TEXT_BYTES = 200  # of SYN6288, encoding not counted; XFS5152 could take more, and nobody announces so much


def syn6288(command: int, data: bytes = b"") -> bytes:
    """One frame of a SYN6288."""
    body = bytes([command]) + data
    head = bytes([HEADER]) + (len(body) + 1).to_bytes(2) + body
    return head + bytes([reduce(xor, head)])


def xfs5152(command: int, data: bytes = b"") -> bytes:
    """One frame of an XFS5152."""
    body = bytes([command]) + data
    return bytes([HEADER]) + len(body).to_bytes(2) + body


@dataclass(frozen=True, slots=True)
class Module:
    """A kind of module: its frames, loudest volume, speeds of its line, and whether it reads English words."""

    title: str
    frame: Callable[[int, bytes], bytes]
    loudest: int
    bauds: tuple[int, ...]
    english: bool
    format: str = "8N1"

    def say(self, text: bytes) -> bytes:
        """The frame that speaks a text, encoded as GBK."""
        return self.frame(SAY, bytes([GBK]) + text)

    @property
    def stop(self) -> bytes:
        """The frame that ends what is being said."""
        return self.frame(STOP, b"")

    @property
    def status(self) -> bytes:
        """The frame that asks whether it speaks."""
        return self.frame(STATUS, b"")


MODULES: Mapping[str, Module] = {
    "syn6288": Module("SYN6288", syn6288, 16, (9600, 19200, 38400), english=False),
    "xfs5152": Module("XFS5152", xfs5152, 10, (4800, 9600, 57600, 115200), english=True),
}
DEFAULT_MODULE = "syn6288"
