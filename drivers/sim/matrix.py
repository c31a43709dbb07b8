"""The dots of an LED sign, so that the simulators' page can draw what a person at the window would see."""

from functools import lru_cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ROWS = 16  # the dot height of a one-line window sign
HALF_WIDTH_DOTS = 8  # a half-width character; a hanzi is two of them
FONT = Path(__file__).parents[1] / "escpos" / "fonts" / "slip-regular.otf"
FONT_DOTS = 16  # thin strokes on whole dots: bold ones would run together
THRESHOLD = 100  # lower than half: thin strokes must not break at this size


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, FONT_DOTS)


def dots(text: str, columns: int, lines: int = 1) -> tuple[str, ...]:
    """Rows of ``0`` and ``1`` for a sign of one line, the text in its middle, or for a board that fills its lines."""
    if lines == 1:
        return _line(text, columns, middle=True)
    rows = _broken(text, columns, lines)
    return tuple(row for line in rows for row in _line(line, columns, middle=False))


def _broken(text: str, columns: int, lines: int) -> list[str]:
    """The text as a board breaks it: at the end of a line, and what is behind its last line is lost."""
    rows, used = [""], 0
    for character in text:
        width = 1 if character.isascii() else 2
        if used + width > columns:
            rows.append("")
            used = 0
        rows[-1] += character
        used += width
    return [*rows, *[""] * lines][:lines]


@lru_cache(maxsize=256)
def _line(text: str, columns: int, *, middle: bool) -> tuple[str, ...]:
    """At least ``columns`` half-width characters wide."""
    cells = [(character, 1 if character.isascii() else 2) for character in text]
    used = sum(width for _, width in cells)
    picture = Image.new("L", (max(columns, used) * HALF_WIDTH_DOTS, ROWS))
    draw = ImageDraw.Draw(picture)
    x = (picture.width - used * HALF_WIDTH_DOTS) // 2 if middle else 0
    for character, width in cells:
        centre = x + width * HALF_WIDTH_DOTS / 2
        draw.text((centre, ROWS - 2), character, font=_font(), fill=255, anchor="ms")
        x += width * HALF_WIDTH_DOTS
    lit = picture.point(lambda value: value > THRESHOLD, mode="1")
    return tuple(
        "".join("1" if lit.getpixel((column, row)) else "0" for column in range(lit.width)) for row in range(lit.height)
    )
