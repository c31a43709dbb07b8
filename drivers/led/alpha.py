"""Frames of Alpha (BetaBrite) signs: a STRING file that is rewritten for each text, acknowledged, ASCII only.

    packet   00 × 5 | 01 | type | address | 02 | command | data | 03 | sum of 02 … 03 | 04
    answer   06 taken, 15 refused | 40 + what went wrong
    content  00 … | 01 | 0 | 00 | 02 | G | label | data | 03 | sum | 04     (asked for: the sign's memory)

The NULs let the sign find the speed. Addresses are two hex digits, sums four. A TEXT file that calls the STRING is
written once: rewriting a TEXT blanks the sign, rewriting a STRING does not. Acknowledgements have to be switched on
and memory given to both files first (``prepare``). Neither answer names the sign that gave it.
"""

from drivers.ports import Colour, DeviceError

ADDRESSES = range(1, 256)  # 00 reaches every sign
FORMAT = "7E1"  # the factory's setting; text has seven bits
DEFAULT_COLUMNS = 15  # a BetaBrite is 80 dots wide, 5 a character
REPLY_BYTES = 2
WAKE, SOH, STX, ETX, EOT = b"\x00" * 5, b"\x01", b"\x02", b"\x03", b"\x04"
ANY_TYPE = b"Z"
ANSWER = b"000"  # type and address of what a sign sends
TEXT_FILE, STRING_FILE = b"A", b"1"
MAX_STRING_BYTES = 125
PRINTABLE = range(0x20, 0x7F)
COLOURS = {Colour.RED: b"\x1c1", Colour.GREEN: b"\x1c2", Colour.YELLOW: b"\x1c8"}
ACKNOWLEDGE = b"Es1"
# TEXT A: unlocked, 32 bytes, shown always. STRING 1: locked, as strings must be, of the greatest size.
MEMORY = b"E$AAU0020FF00" + b"1BL%04X0000" % MAX_STRING_BYTES
CALL_STRING = b"AA\x1b\x20b\x10" + STRING_FILE  # in the middle line, held; 10 calls a STRING
REPLIES = {0x06: True, 0x15: False}
STATUS_MASK, STATUS = 0xC0, 0x40
MAX_ANSWER_BYTES = 40 + MAX_STRING_BYTES


def total(data: bytes) -> bytes:
    """The sum of a packet's inside, as four hex digits."""
    return b"%04X" % (sum(data) & 0xFFFF)


def packet(address: int, command: bytes) -> bytes:
    """Wrap a command for one sign. Raises ``ValueError`` for an address that is not one sign's."""
    if address not in ADDRESSES:
        raise ValueError(f"address {address} is not between {ADDRESSES[0]} and {ADDRESSES[-1]}")
    inside = STX + command + ETX
    return WAKE + SOH + ANY_TYPE + b"%02X" % address + inside + total(inside) + EOT


def string(text: str, colour: Colour) -> bytes:
    """A text as the STRING file holds it. Raises ``DeviceError('text_unsupported')`` for what the sign lacks."""
    for character in text:
        if ord(character) not in PRINTABLE:
            raise DeviceError("text_unsupported", f"U+{ord(character):04X} is not in ASCII")
    data = COLOURS[colour] + (text or " ").encode("ascii")
    if len(data) > MAX_STRING_BYTES:
        raise DeviceError("text_unsupported", f"{len(data)} bytes, a STRING file holds {MAX_STRING_BYTES}")
    return data


def parse(buffer: bytes) -> tuple[bytes, bytes] | None | int:
    """Read a packet off the front: (type and address, command), None = more bytes needed, or bytes to drop."""
    start = buffer.find(SOH)
    if start:
        return start if start > 0 else len(buffer)
    end = buffer.find(EOT)
    if end < 0:
        return None if len(buffer) < MAX_ANSWER_BYTES else 1
    head, inside, check = buffer[1:4], buffer[4 : end - 4], buffer[end - 4 : end]
    whole = inside[:1] == STX and inside[-1:] == ETX and check == total(inside)
    return (head, inside[1:-1]) if whole else 1


class Alpha:
    """The family as the bus sees it."""

    def __init__(self, columns: int = DEFAULT_COLUMNS) -> None:
        self.columns = columns

    def prepare(self, address: int) -> tuple[bytes, ...]:
        """What a sign must have acknowledged before its first text; it erases what else the sign has in memory."""
        return tuple(packet(address, command) for command in (ACKNOWLEDGE, MEMORY, CALL_STRING))

    def show(self, address: int, text: str, colour: Colour) -> bytes:
        """The packet that rewrites the STRING; an empty text is sent as a blank."""
        return packet(address, b"G" + STRING_FILE + string(text, colour))

    def reply(self, buffer: bytes, address: int) -> tuple[bool | None, int]:  # noqa: ARG002 - no answer has one
        """Find the first answer; what stands before it is none, and is consumed."""
        for at, byte in enumerate(buffer):
            if byte in REPLIES:
                if at + 1 == len(buffer):
                    return None, at
                if buffer[at + 1] & STATUS_MASK == STATUS:
                    return REPLIES[byte], at + REPLY_BYTES
        return None, len(buffer)

    def question(self, address: int) -> bytes:
        """The packet that asks what the STRING holds."""
        return packet(address, b"H" + STRING_FILE)

    def shows(self, buffer: bytes, address: int, painted: bytes) -> tuple[bool | str | None, int]:  # noqa: ARG002
        """Find the answer to ``question``: True, or stuck with another text than the frame wrote."""
        wanted, used = parse(painted[len(WAKE) :]), 0
        while used < len(buffer):
            found = parse(buffer[used:])
            if found is None:
                return None, used
            if isinstance(found, int):
                used += found
                continue
            used += buffer[used:].index(EOT) + 1
            if found[0] == ANSWER and isinstance(wanted, tuple):
                return found[1] == wanted[1] or "stuck", used
        return None, used
