"""Frames of the ``A0 90`` window signs (IMM9012 boards): coloured text, acknowledged, no readback.

    show   A0 90 | addr | A5 | lenH lenL | (1- or 2-byte character, colour)… | xor of addr … data
    reply  A0 90 | addr | A5 | AA done, 55 refused                              (no check)

The length counts the data only. Source: the vendor's text for these boards; its example is a test vector.
"""

from functools import reduce
from operator import xor

from drivers.ports import Colour, DeviceError

HEADER = b"\xa0\x90"
SHOW = 0xA5
REPLIES = {0xAA: True, 0x55: False}
REPLY_BYTES = 5
COLOURS = {Colour.RED: 0, Colour.GREEN: 1, Colour.YELLOW: 2}
MAX_DATA_BYTES = 254  # some boards split the length by 255: one more would be read as another length
ADDRESSES = range(1, 255)  # 0 and 255 reach every board: nobody may be painted by accident
PRINTABLE = range(0x20, 0x7F)  # a control byte inside a text would be a command to some boards
DEFAULT_COLUMNS = 8  # half-width characters of the common four-hanzi window sign


def encode(text: str, colour: Colour) -> bytes:
    """Text to coloured characters. Raises ``DeviceError('text_unsupported')`` for what the board lacks."""
    data = bytearray()
    for character in text:
        try:
            glyph = character.encode("gbk")
        except UnicodeEncodeError as error:
            raise DeviceError("text_unsupported", f"U+{ord(character):04X} is not in GBK") from error
        if len(glyph) == 1 and glyph[0] not in PRINTABLE:
            raise DeviceError("text_unsupported", f"control character U+{ord(character):04X}")
        data += glyph + bytes([COLOURS[colour]])
    if len(data) > MAX_DATA_BYTES:
        raise DeviceError("text_unsupported", f"{len(data)} bytes, a frame holds {MAX_DATA_BYTES}")
    return bytes(data)


def frame(address: int, data: bytes) -> bytes:
    """Wrap encoded characters for one board. Raises ``ValueError`` for an address that is not one board's."""
    if address not in ADDRESSES:
        raise ValueError(f"address {address} is not between {ADDRESSES[0]} and {ADDRESSES[-1]}")
    checked = bytes([address, SHOW]) + len(data).to_bytes(2, "big") + data
    return HEADER + checked + bytes([reduce(xor, checked)])


def parse_show(buffer: bytes) -> tuple[int, bytes] | None | int:
    """Read a *show* frame as a board does: (address, data), None = more bytes needed, or bytes to drop."""
    if not HEADER.startswith(buffer[:2]):
        return max(buffer.find(HEADER[:1], 1), 0) or len(buffer)
    if len(buffer) >= 4 and buffer[3] != SHOW:
        return 1
    if len(buffer) < 6:
        return None
    length = int.from_bytes(buffer[4:6], "big")
    if length > MAX_DATA_BYTES:
        return 1
    if len(buffer) < 7 + length:
        return None
    if reduce(xor, buffer[2 : 6 + length]) != buffer[6 + length]:
        return 1
    return buffer[2], buffer[6 : 6 + length]


def decode(data: bytes) -> tuple[tuple[str, Colour], ...]:
    """Encoded characters back to (character, colour). Raises ``ValueError`` for what is no such text."""
    by_code = {code: colour for colour, code in COLOURS.items()}
    shown: list[tuple[str, Colour]] = []
    at = 0
    while at < len(data):
        width = 1 if data[at] in PRINTABLE else 2
        glyph, code = data[at : at + width], data[at + width : at + width + 1]
        if len(code) != 1 or code[0] not in by_code:
            raise ValueError(f"byte {at + width} is no colour")
        shown.append((glyph.decode("gbk"), by_code[code[0]]))
        at += width + 1
    return tuple(shown)


class A090:
    """The family as the bus sees it; ``columns`` is how many half-width characters the sign is wide."""

    def __init__(self, columns: int = DEFAULT_COLUMNS) -> None:
        self.columns = columns

    def show(self, address: int, text: str, colour: Colour) -> bytes:
        """Build the frame that paints ``text``; an empty text is painted as a blank."""
        return frame(address, encode(text or " ", colour))

    def reply(self, buffer: bytes, address: int) -> tuple[bool | None, int]:
        """Find the first reply of ``address``; what stands before it is not, and is consumed."""
        at = 0
        while (at := buffer.find(HEADER[:1], at)) >= 0:
            piece = buffer[at : at + REPLY_BYTES]
            expected = HEADER + bytes([address, SHOW])
            if piece[:4] == expected and len(piece) == REPLY_BYTES and piece[4] in REPLIES:
                return REPLIES[piece[4]], at + REPLY_BYTES
            if len(piece) < REPLY_BYTES and expected.startswith(piece):
                return None, at
            at += 1
        return None, len(buffer)
