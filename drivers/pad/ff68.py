"""Frames of the ``FF 68`` call pads and rating units: built, and found in a stream.

    FF 68 | L | L | 68 | address | command | data… | sum of address … data | 16

L counts address, command and data, and stands twice. A pad repeats a key frame until it hears the very same frame.
Source: public hall programs and an excerpt of a pad's manual.
"""

from dataclasses import dataclass

from drivers.ports import PadContent

HEADER = b"\xff\x68"
START, END = 0x68, 0x16
SHOW, BEEP, RATE, RATED = 0x02, 0x03, 0x01, 0x11
START_RATING = 0x0B
BLANK = 0x0A
FIRST_KEY = 0x0A  # below it are the digits
MAX_DATA_BYTES = 16  # a pad's display is six digits wide; nobody types more than that and a key
HEAD_BYTES, TAIL_BYTES = 5, 2
ADDRESSES = range(1, 128)  # a rating unit has its pad's address plus 128, in one of the two customs
RATING_OFFSET = 0x80
LEVELS = range(5)


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole frame; ``raw`` is what was on the line."""

    address: int
    command: int
    data: bytes
    raw: bytes


@dataclass(frozen=True, slots=True)
class Display:
    """How many digits a pad has for how many wait and for the ticket, and whether a blank stands between them."""

    waiting: int = 3
    ticket: int = 3
    gap: bool = False


SIX = Display()


def frame(address: int, command: int, data: bytes = b"") -> bytes:
    """Wrap a command for one unit."""
    body = bytes([address, command]) + data
    return HEADER + bytes([len(body), len(body), START]) + body + bytes([sum(body) & 0xFF, END])


def take(buffer: bytes) -> Frame | None | int:
    """Read the front of ``buffer``: a frame, None = more bytes needed, or how many bytes are no frame."""
    if buffer[:1] != HEADER[:1]:
        at = buffer.find(HEADER[:1])
        return at if at > 0 else len(buffer)
    if not _may_begin(buffer[:HEAD_BYTES]):
        return 1
    if len(buffer) < HEAD_BYTES:
        return None
    end = HEAD_BYTES + buffer[2]
    if len(buffer) < end + TAIL_BYTES:
        return None
    body = buffer[HEAD_BYTES:end]
    if buffer[end] != sum(body) & 0xFF or buffer[end + 1] != END:
        return 1
    return Frame(body[0], body[1], body[2:], buffer[: end + TAIL_BYTES])


def _may_begin(head: bytes) -> bool:
    """Whether these first bytes can be those of a frame; told early, so that others' bytes are not held back."""
    wanted = (HEADER.startswith(head[:2]), head[2:3], head[3:4] in (b"", head[2:3]), head[4:5] in (b"", bytes([START])))
    length = wanted[1][0] if wanted[1] else 2
    return wanted[0] and 2 <= length <= 2 + MAX_DATA_BYTES and wanted[2] and wanted[3]


def key(found: Frame) -> tuple[str, int] | None:
    """What was typed and the key that sent it; None: no key frame."""
    typed, last = found.data[:-1], found.data[-1:]
    if found.command == RATED or not last or last[0] < FIRST_KEY or any(digit >= FIRST_KEY for digit in typed):
        return None
    return "".join(str(digit) for digit in typed), last[0]


def level(found: Frame) -> int | None:
    """The level that a customer chose, as the unit counts; None: no rating."""
    if found.command != RATED or len(found.data) != 1 or found.data[0] not in LEVELS:
        return None
    return found.data[0]


def digits(address: int, text: str) -> bytes:
    """Show digits and blanks."""
    return frame(address, SHOW, bytes(int(one) if one.isdecimal() else BLANK for one in text))


def show(address: int, content: PadContent, display: Display = SIX) -> bytes:
    """How many wait, and the last digits of the ticket; blanks for what nobody knows."""
    waiting = "" if content.waiting is None else str(min(content.waiting, 10**display.waiting - 1))
    ticket = "".join(one for one in content.ticket if one.isascii() and one.isdecimal())[-display.ticket :]
    gap = " " if display.gap else ""
    return digits(address, waiting.rjust(display.waiting) + gap + ticket.rjust(display.ticket))


def result(address: int, ok: bool) -> tuple[bytes, ...]:
    """Tell the clerk whether the key did something, to the eye and to the ear."""
    return frame(address, SHOW, bytes([ok])), frame(address, BEEP)


def start_rating(address: int) -> bytes:
    """Ask the customer."""
    return frame(address, RATE, bytes([START_RATING]))


def rating_heard(address: int, raw_level: int) -> bytes:
    """Acknowledge a rating."""
    return frame(address, RATE, bytes([raw_level]))
