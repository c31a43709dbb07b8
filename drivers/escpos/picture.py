"""Draws a slip as a black and white picture, every line centred and shrunk to the paper's width."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from drivers.escpos.text import harmless, printable
from drivers.ports import Slip

# Font sizes in dots at 203 dpi (8 dots = 1 mm), chosen to be read at arm's length.
HALL_DOTS = 44
NUMBER_DOTS = 150
FIRST_LINE_DOTS = 32
LINE_DOTS = 26
SMALL_DOTS = 22
CLOSING_DOTS = 24  # its ink must fit one unit of 28 rows
SMALLEST_DOTS = 14  # below this, hanzi are blots
GAP_DOTS = 14
MARGIN_DOTS = 8  # the edge of the paper is not always where the head begins
QR_MODULE_DOTS = 6  # sharp for any phone; never below ...
QR_SMALLEST_MODULE_DOTS = 4  # ... this
QR_QUIET_MODULES = 4  # the quiet zone of the QR standard
QR_MAX_BYTES = 2331  # the largest code of level M; paper is narrower than that
INK_THRESHOLD = 140  # grey below it is ink; thermal paper knows no grey and dither makes hanzi ragged

_FONTS = Path(__file__).parent / "fonts"
_REGULAR, _BOLD = "slip-regular.otf", "slip-bold.otf"
# The bold face holds what ticket numbers need; anything else must come from the regular one.
_BOLD_CHARACTERS = frozenset(map(chr, range(0x20, 0x7F)))
_Block = Image.Image


@lru_cache(maxsize=64)
def _font(name: str, dots: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONTS / name, dots)


def draw_slip(slip: Slip, width: int) -> tuple[Image.Image, int]:
    """Draw ``slip`` for paper ``width`` dots wide: (picture of mode "1", row where the closing line begins)."""
    blocks = [block for block in _blocks(slip, width - MARGIN_DOTS) if block is not None]
    closing = _text(slip.closing, CLOSING_DOTS, width - MARGIN_DOTS)
    if closing is not None:
        blocks.append(closing)
    height = sum(block.height + GAP_DOTS for block in blocks)
    picture = Image.new("1", (width, max(height, 1)), 1)
    top = GAP_DOTS // 2
    closing_top = height
    for block in blocks:
        picture.paste(block, ((width - block.width) // 2, top))
        closing_top = top if block is closing else closing_top
        top += block.height + GAP_DOTS
    return picture, closing_top


def _blocks(slip: Slip, width: int) -> list[_Block | None]:
    number = printable(slip.number)
    face = _BOLD if set(number) <= _BOLD_CHARACTERS else _REGULAR
    blocks = [
        _inverted(_text(slip.copy_mark, HALL_DOTS, width - 2 * GAP_DOTS)),
        _text(slip.hall, HALL_DOTS, width),
        _aired(_text(number, NUMBER_DOTS, width, face)),
        _text(slip.lines[0], FIRST_LINE_DOTS, width) if slip.lines else None,
        *(_text(line, LINE_DOTS, width) for line in slip.lines[1:]),
        *(_text(line, SMALL_DOTS, width) for line in slip.small),
    ]
    if slip.qr:
        blocks.append(_qr(slip.qr, width))
    return blocks


def _text(text: str, dots: int, width: int, face: str = _REGULAR) -> _Block | None:
    text = printable(text)
    if not text:
        return None
    dots = _fitting(lambda size: _font(face, size).getlength(text) <= width, dots)
    font = _font(face, dots)
    while font.getlength(text) > width:
        text = text.removesuffix("…")[:-1] + "…"
    left, top, right, bottom = (round(edge) for edge in font.getbbox(text))
    grey = Image.new("L", (max(right - left, 1), max(bottom - top, 1)), 255)
    ImageDraw.Draw(grey).text((-left, -top), text, font=font, fill=0)
    return grey.point(lambda value: 255 * (value >= INK_THRESHOLD), mode="1")


def _fitting(fits: Callable[[int], bool], dots: int) -> int:
    while dots > SMALLEST_DOTS and not fits(dots):
        dots -= 1
    return dots


def _aired(block: _Block | None) -> _Block | None:
    if block is None:
        return None
    tall = Image.new("1", (block.width, block.height + GAP_DOTS), 1)
    tall.paste(block, (0, GAP_DOTS // 2))
    return tall


def _inverted(block: _Block | None) -> _Block | None:
    if block is None:
        return None
    bar = Image.new("1", (block.width + 2 * GAP_DOTS, block.height + GAP_DOTS), 0)
    bar.paste(block.point(lambda value: 255 - value), (GAP_DOTS, GAP_DOTS // 2))
    return bar


def _qr(content: str, width: int) -> _Block | None:
    if harmless(content) != content or len(content.encode("utf-8", "replace")) > QR_MAX_BYTES:
        return None
    code = segno.make(content, error="m", micro=False, boost_error=False)
    modules = [list(row) for row in code.matrix_iter(border=QR_QUIET_MODULES)]
    module_dots = min(QR_MODULE_DOTS, width // len(modules))
    if module_dots < QR_SMALLEST_MODULE_DOTS:
        return None  # a code that no phone can read only wastes paper
    small = Image.new("1", (len(modules), len(modules)), 1)
    small.putdata([0 if dark else 255 for row in modules for dark in row])
    side = module_dots * len(modules)
    return small.resize((side, side), Image.Resampling.NEAREST)
