"""Turns a slip into the printer's own letters: a tenth of a picture's bytes, for slow lines and old printers."""

import re
from collections.abc import Callable

from drivers.escpos import commands
from drivers.escpos.profile import Paper, Profile
from drivers.escpos.slip import HEAD_TO_BLADE, pack, slip_units
from drivers.escpos.text import harmless, printable
from drivers.ports import Slip

CELL_DOTS = 12  # a half-width letter of font A; a hanzi is two of them
QR_LEVEL_M = 0x31
QR_MODULE_DOTS = 6  # sharp for any phone
QR_MAX_BYTES = 300  # a picture of more has modules too small for this paper

BEGIN = b"\x1b\x74\x00\x1c\x26\x1b\x61\x01"  # ESC t 0, FS &, ESC a 1: first code page, hanzi, centred
END = b"\x1c\x2e"  # FS .: hanzi off
_REVERSE, _UPRIGHT = b"\x1d\x42\x01", b"\x1d\x42\x00"  # GS B: white on black

_Size = tuple[int, int]  # times wider, times higher
_NUMBER: tuple[_Size, ...] = ((6, 6), (5, 5), (4, 4), (3, 3), (2, 2))
_HEAD: tuple[_Size, ...] = ((2, 2), (1, 2))
_FIRST: tuple[_Size, ...] = ((1, 2),)
_PLAIN: _Size = (1, 1)


def drawing(profile: Profile) -> Callable[[Slip, Paper], list[bytes]]:
    """How slips become bytes on a printer of this profile."""
    return native_units if profile.native else slip_units


def native_units(slip: Slip, paper: Paper) -> list[bytes]:
    """The slip in the printer's letters; as a picture when one of its characters is not in GBK."""
    columns = paper.width // CELL_DOTS
    try:
        mark = _line(slip.copy_mark, _HEAD, columns)
        body = [
            *([_REVERSE, *mark, _UPRIGHT] if mark else []),
            *_line(slip.hall, _HEAD, columns),
            *_line(slip.number, _NUMBER, columns),
            *(piece for line in slip.lines[:1] for piece in _line(line, _FIRST, columns)),
            *(piece for line in (*slip.lines[1:], *slip.small) for piece in _line(line, (), columns)),
            *([qr_code(slip.qr)] if slip.qr else []),
        ]
        closing = _line(slip.closing, (), columns)
    except UnicodeEncodeError:
        return slip_units(slip, paper)
    inked = [unit for part in (body, closing) for unit in pack(part, len(BEGIN + END))]
    return [*(BEGIN + unit + END for unit in inked), HEAD_TO_BLADE + commands.CUT]


def _line(text: str, sizes: tuple[_Size, ...], columns: int) -> list[bytes]:
    """One line, as large as fits; one that never fits goes on below."""
    text = printable(text)
    used = sum(map(_width, text))
    wide, high = next((size for size in sizes if used * size[0] <= columns), _PLAIN)
    size = b"\x1d\x21" + bytes((16 * (wide - 1) + high - 1,))
    return [size + piece.encode("gbk") + b"\n" for piece in _pieces(text, columns)]


def _width(character: str) -> int:
    return 1 if character.isascii() else 2


def _pieces(text: str, columns: int) -> list[str]:
    pieces, used = [""] if text else [], 0
    for character in text:
        used += _width(character)
        if used > columns:
            pieces.append("")
            used = _width(character)
        pieces[-1] += character
    return pieces


def qr_code(content: str) -> bytes:
    """GS ( k: model 2, module size, level M, the content, print. Raises ``UnicodeEncodeError`` for what is no URL."""
    data = content.encode("ascii")
    if harmless(content) != content or len(data) > QR_MAX_BYTES:
        raise UnicodeEncodeError("ascii", content, 0, len(content), "no address for a phone")
    functions = (
        b"\x31\x41\x32\x00",
        b"\x31\x43" + bytes((QR_MODULE_DOTS,)),
        b"\x31\x45" + bytes((QR_LEVEL_M,)),
        b"\x31\x50\x30" + data,
        b"\x31\x51\x30",
    )
    return b"\n" + b"".join(b"\x1d\x28\x6b" + len(one).to_bytes(2, "little") + one for one in functions) + b"\n"


_TEXT = re.compile(re.escape(BEGIN) + rb".*?" + re.escape(END), re.DOTALL)
# Our own commands, then letters; the content of a QR code stands behind the only GS ( k that stores.
_TOKEN = re.compile(
    rb"(\x1d\x28\x6b..\x31\x50\x30|\x1d\x28\x6b\x04\x00.{4}|\x1d\x28\x6b\x03\x00.{3}|[\x1b\x1d][!Bat].|\x1c[&.]|\n)"
    rb"|[^\n\x1b-\x1d]+",
    re.DOTALL,
)


def without_letters(data: bytes) -> bytes:
    """The same commands with blanks for letters: what is on the slips is not for everybody."""
    return _TEXT.sub(lambda text: _TOKEN.sub(lambda one: one[1] or b" " * len(one[0]), text[0]), data)
