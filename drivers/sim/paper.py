"""The paper of a simulated printer: rows of dots come out of it, the blade and torn rolls make pieces."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

MAX_PIECES = 100  # what a person would leave hanging; older pieces fall into the bin
LINE_ROWS = 30  # the line spacing a printer starts with
TEXT_DOTS = 20


@dataclass(frozen=True, slots=True)
class PrintedSlip:
    """A piece of paper as a PNG; ``complete`` when the blade ended it and nothing tore or cleared it before."""

    number: int
    png: bytes
    complete: bool


class PaperRoll:
    """One roll after another, ``width`` dots wide."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.pieces: list[PrintedSlip] = []
        self._row_bytes = (width + 7) // 8
        self._rows = bytearray()
        self._broken = False
        self._number = 1

    def row(self, dots: bytes) -> None:
        """Put one row of dots on the paper, 1 = black; too long a row loses its end, as at a real head."""
        self._rows += dots[: self._row_bytes].ljust(self._row_bytes, b"\0")

    def text_rows(self, text: str) -> list[bytes]:
        """A line in the printer's own letters, so that stray text can be seen."""
        line = Image.new("L", (self._row_bytes * 8, LINE_ROWS), 0)
        ImageDraw.Draw(line).text((0, 2), text, fill=255, font=ImageFont.load_default(TEXT_DOTS))
        dots = line.point(lambda value: 255 * (value > 127), mode="1").tobytes()
        return [dots[start : start + self._row_bytes] for start in range(0, len(dots), self._row_bytes)]

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
        return PrintedSlip(self._number, self._png(), complete=False) if any(self._rows) else None

    def _end(self, complete: bool) -> None:
        if any(self._rows):
            self.pieces = [*self.pieces, PrintedSlip(self._number, self._png(), complete)][-MAX_PIECES:]
            self._number += 1
        self._rows = bytearray()

    def _png(self) -> bytes:
        height = len(self._rows) // self._row_bytes
        white_ink = bytes(byte ^ 0xFF for byte in self._rows)
        picture = Image.frombytes("1", (self._row_bytes * 8, height), white_ink).crop((0, 0, self.width, height))
        out = io.BytesIO()
        picture.save(out, "PNG")
        return out.getvalue()
