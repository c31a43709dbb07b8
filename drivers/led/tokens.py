"""What a frame template may name: kinds of numbers, checks over bytes, and the codes in which boards take text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import xor

from drivers.ports import DeviceError

PRINTABLE = range(0x20, 0x7F)  # a control byte inside a text would be a command to some boards
BLANK_DIGIT = 0x0A  # a dark place on boards that take digits as values
NIBBLES = 4  # a two-byte character is sent as so many bytes of four bits


@dataclass(frozen=True, slots=True)
class Number:
    """How a number stands in a frame; ``encode`` and ``decode`` raise ``ValueError`` for what does not fit."""

    size: int
    write: Callable[[int], bytes]
    read: Callable[[bytes], int]

    def encode(self, value: int) -> bytes:
        """The number's bytes."""
        try:
            data = self.write(value)
        except (OverflowError, ValueError) as error:
            raise ValueError(f"{value} does not fit {self.size} bytes") from error
        if len(data) != self.size:
            raise ValueError(f"{value} does not fit {self.size} bytes")
        return data

    def decode(self, data: bytes) -> int:
        """The bytes' number; only its one right spelling is accepted."""
        value = self.read(data)
        if self.encode(value) != data:
            raise ValueError(f"{data.hex()} is no spelling of {value}")
        return value


def _integer(size: int, order: str) -> Number:
    little = order == "le"
    return Number(
        size,
        lambda value: value.to_bytes(size, "little" if little else "big"),
        lambda data: int.from_bytes(data, "little" if little else "big"),
    )


def _digits(size: int, base: int, form: str) -> Number:
    return Number(size, lambda value: format(value, form).encode("ascii"), lambda data: int(data.decode("ascii"), base))


NUMBERS: dict[str, Number] = {
    "u8": _integer(1, "be"),
    "u16be": _integer(2, "be"),
    "u16le": _integer(2, "le"),
    "hex2": _digits(2, 16, "02X"),
    "hex4": _digits(4, 16, "04X"),
    "dec2": _digits(2, 10, "02d"),
    # Hundreds and the rest, as boards take a ticket's number.
    "base100": Number(
        2, lambda value: bytes(divmod(value, 100)) if value < 10_000 else b"", lambda data: data[0] * 100 + data[1]
    ),
    "bcd": Number(1, lambda value: bytes.fromhex(f"{value:02d}"), lambda data: int(data.hex())),
    # Low six bits behind 10, high two bits behind 110000: so only addresses have the highest bit.
    "split6+2": Number(
        2,
        lambda value: bytes([0x80 | value & 0x3F, 0xC0 | value >> 6]),
        lambda data: data[0] & 0x3F | data[1] << 6 & 0xC0,
    ),
}
LENGTHS = {"len8": "u8", "len16be": "u16be", "len16le": "u16le"}
CHECK_NUMBERS = ("u8", "u16be", "u16le", "hex2", "hex4")


def number(name: str) -> Number | None:
    """The kind of number with this name; ``u8+32`` adds 32 to what is sent."""
    biased = re.fullmatch(r"u8\+(\d{1,3})", name)
    if not biased:
        return NUMBERS.get(name)
    bias = int(biased[1])
    return Number(1, lambda value: (value + bias).to_bytes(1, "big"), lambda data: data[0] - bias)


def _crc(polynomial: int, start: int, *, reflected: bool) -> Callable[[bytes], int]:
    def check(data: bytes) -> int:
        value = start
        for byte in data:
            value ^= byte if reflected else byte << 8
            for _ in range(8):
                if reflected:
                    value = value >> 1 ^ (polynomial if value & 1 else 0)
                else:
                    value = (value << 1 ^ (polynomial if value & 0x8000 else 0)) & 0xFFFF
        return value

    return check


CHECKS: dict[str, Callable[[bytes], int]] = {
    "sum8": lambda data: sum(data) & 0xFF,
    "sum100": lambda data: sum(data) % 100,
    "low100": lambda data: (sum(data) & 0xFF) % 100,
    "sum16": lambda data: sum(data) & 0xFFFF,
    "xor8": lambda data: reduce(xor, data, 0),
    "crc16": _crc(0xA001, 0xFFFF, reflected=True),  # Modbus
    "ccitt": _crc(0x1021, 0, reflected=False),
    "kermit": _crc(0x8408, 0, reflected=True),  # ccitt, reflected
}


@dataclass(frozen=True, slots=True)
class TextCode:
    """How a board takes text. ``encode`` is given the text and the number of its colour; it refuses what the board
    lacks with ``DeviceError('text_unsupported')``. ``decode`` raises ``ValueError``.
    """

    charset: str
    encode: Callable[[str, int], bytes]
    decode: Callable[[bytes], str]
    fill: bytes = b" "


def _glyph(character: str, codec: str) -> bytes:
    try:
        glyph = character.encode(codec)
    except UnicodeEncodeError as error:
        raise DeviceError("text_unsupported", f"U+{ord(character):04X} is not in {codec.upper()}") from error
    if ord(character) < PRINTABLE[0] or 0x7F <= ord(character) < 0xA0:
        raise DeviceError("text_unsupported", f"control character U+{ord(character):04X}")
    return glyph


def _plain(charset: str) -> TextCode:
    def decode(data: bytes) -> str:
        text = data.decode(charset)
        if not text.isprintable():
            raise ValueError("a control byte inside a text")
        return text

    return TextCode(charset, lambda text, _: b"".join(_glyph(one, charset) for one in text), decode)


def _characters(data: bytes, step: Callable[[int], int]) -> list[bytes]:
    """Cut bytes into characters; ``step`` tells from the first byte of one how long it is."""
    found, at = [], 0
    while at < len(data):
        found.append(data[at : at + step(data[at])])
        at += len(found[-1])
    return found


def _coloured(text: str, colour: int) -> bytes:
    return b"".join(_glyph(one, "gbk") + bytes([colour]) for one in text)


def _uncoloured(data: bytes) -> str:
    pieces = _characters(data, lambda first: 2 if first in PRINTABLE else 3)
    if any(len(one) < 2 for one in pieces):
        raise ValueError("a character without its colour")
    return b"".join(one[:-1] for one in pieces).decode("gbk")


def _nibbles(text: str, _: int) -> bytes:
    glyphs = (_glyph(one, "gbk") for one in text)
    return b"".join(one if len(one) == 1 else bytes(int(digit, 16) for digit in one.hex()) for one in glyphs)


def _from_nibbles(data: bytes) -> str:
    text = ""
    for one in _characters(data, lambda first: 1 if first in PRINTABLE else NIBBLES):
        if one[0] in PRINTABLE:
            text += chr(one[0])
        elif len(one) == NIBBLES and max(one) < 16:
            text += bytes.fromhex("".join(f"{nibble:x}" for nibble in one)).decode("gbk")
        else:
            raise ValueError(f"{one.hex()} is no character")
    return text


def _values(text: str, _: int) -> bytes:
    if not all(one == " " or one in "0123456789" for one in text):
        raise DeviceError("text_unsupported", f"{text!r}: the board has digits only")
    return bytes(BLANK_DIGIT if one == " " else int(one) for one in text)


def _from_values(data: bytes) -> str:
    if data and max(data) > BLANK_DIGIT:
        raise ValueError(f"{data.hex()} are no digits")
    return "".join(" " if one == BLANK_DIGIT else str(one) for one in data).strip()


DIGITS = "digits"
TEXTS: dict[str, TextCode] = {
    **{name: _plain(name) for name in ("ascii", "cp1251", "gbk", "utf-16be")},
    "gbk+colour": TextCode("gbk", _coloured, _uncoloured),
    "gbk-nibbles": TextCode("gbk", _nibbles, _from_nibbles),
    DIGITS: TextCode(DIGITS, _values, _from_values, bytes([BLANK_DIGIT])),
}
