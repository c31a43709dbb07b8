"""The paper of a simulated printer: rows of dots come out of it, the blade and torn rolls make pieces."""

import io
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

MAX_PIECES = 100  # what a person would leave hanging; older pieces fall into the bin
LINE_ROWS = 30  # the line spacing a printer starts with
CELL_ROWS = 24  # a letter is so high ...
CELL_DOTS = 12  # ... and so wide, a hanzi twice
TEXT_DOTS = 22  # a font size that fits both
_QR_LEVELS = {0x30: "L", 0x31: "M", 0x32: "Q", 0x33: "H"}
FONT = Path(__file__).parents[1] / "escpos" / "fonts" / "slip-regular.otf"


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """A piece of paper as a PNG; ``complete`` when the blade ended it and nothing tore or cleared it before.

    ``letters`` is what was printed in the printer's own letters, line by line, codes as their content.
    """

    number: int
    png: bytes
    complete: bool
    letters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """How the printer's own letters look: so many times wider and higher, in the middle, white on black."""

    wider: int = 1
    higher: int = 1
    centred: bool = False
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class QrCode:
    """What GS ( k has told so far about the next code."""

    level: str = "L"
    module_dots: int = 3
    content: bytes = b""

    def told(self, function: int, data: bytes) -> "QrCode":
        """What it is after one function more."""
        if function == 0x43:
            return replace(self, module_dots=data[0])
        if function == 0x45:
            return replace(self, level=_QR_LEVELS.get(data[0], "L"))
        return replace(self, content=data[1:]) if function == 0x50 else self


class PaperRoll:
    """One roll after another, ``width`` dots wide."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.pieces: list[PrintedSlip] = []
        self._row_bytes = (width + 7) // 8
        self._rows = bytearray()
        self._letters: list[str] = []
        self._broken = False
        self._number = 1

    def row(self, dots: bytes) -> None:
        """Put one row of dots on the paper, 1 = black; too long a row loses its end, as at a real head."""
        self._rows += dots[: self._row_bytes].ljust(self._row_bytes, b"\0")

    def text_rows(self, text: str, look: Look) -> list[bytes]:
        """A line in the printer's own letters; what is wider than the paper goes on below."""
        room = max(self.width // (CELL_DOTS * look.wider), 2)
        rows: list[bytes] = []
        line, used = "", 0
        for character in text:
            if used + _cells(character) > room:
                rows += self._placed(_drawn(line), look)
                line, used = "", 0
            line, used = line + character, used + _cells(character)
        return rows + self._placed(_drawn(line), look)

    def code_rows(self, code: QrCode, look: Look) -> list[bytes]:
        """A QR code as the printer makes it, without a quiet zone of its own."""
        made = segno.make(code.content, error=code.level, micro=False, boost_error=False)
        modules = [list(row) for row in made.matrix]
        small = Image.new("1", (len(modules), len(modules)))
        small.putdata([255 * dark for row in modules for dark in row])
        return self._placed(small, Look(code.module_dots, code.module_dots, look.centred), line_rows=0)

    def _placed(self, drawn: Image.Image, look: Look, line_rows: int = LINE_ROWS) -> list[bytes]:
        large = drawn.resize((drawn.width * look.wider, drawn.height * look.higher), Image.Resampling.NEAREST)
        if look.reverse:
            large = large.point(lambda value: 255 - value)
        line = Image.new("1", (self._row_bytes * 8, max(large.height, line_rows)))
        line.paste(large, ((self.width - large.width) // 2 if look.centred else 0, 0))
        dots = line.tobytes()
        return [dots[start : start + self._row_bytes] for start in range(0, len(dots), self._row_bytes)]

    def wrote(self, letters: str) -> None:
        """All rows of these letters, or of this code, are out."""
        self._letters.append(letters)

    def cut(self) -> None:
        """Let the blade end the piece; blank paper is nobody's slip."""
        self._end(complete=not self._broken)
        self._broken = False

    def renew(self) -> None:
        """Load another roll: what was half printed stays a stub, what comes next has no head."""
        had_ink = any(self._rows)
        self._end(complete=False)
        self._broken = self._broken or had_ink

    def spoil(self) -> None:
        """The printer forgot the rest of what is half printed."""
        self._broken = self._broken or any(self._rows)

    def hanging(self) -> PrintedSlip | None:
        """What looks out of the printer, not yet cut."""
        return self._piece(complete=False) if any(self._rows) else None

    def _end(self, complete: bool) -> None:
        if any(self._rows):
            self.pieces = [*self.pieces, self._piece(complete)][-MAX_PIECES:]
            self._number += 1
        self._rows, self._letters = bytearray(), []

    def _piece(self, complete: bool) -> PrintedSlip:
        return PrintedSlip(self._number, self._png(), complete, tuple(self._letters))

    def _png(self) -> bytes:
        height = len(self._rows) // self._row_bytes
        white_ink = bytes(byte ^ 0xFF for byte in self._rows)
        picture = Image.frombytes("1", (self._row_bytes * 8, height), white_ink).crop((0, 0, self.width, height))
        out = io.BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, TEXT_DOTS)


def _cells(character: str) -> int:
    return 1 if character.isascii() else 2


def _drawn(text: str) -> Image.Image:
    """Letters in their cells, as they come out of the printer's memory."""
    line = Image.new("L", (max(sum(map(_cells, text)), 1) * CELL_DOTS, CELL_ROWS))
    draw, x = ImageDraw.Draw(line), 0
    for character in text:
        width = _cells(character) * CELL_DOTS
        draw.text((x + width / 2, CELL_ROWS - 4), character, font=_font(), fill=255, anchor="ms")
        x += width
    return line.point(lambda value: 255 * (value > 127), mode="1")
