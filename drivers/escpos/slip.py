"""Turns a slip into units of at most 2 KB: each is sent and confirmed before the next one leaves."""

import re

from PIL import Image

from drivers.escpos import commands
from drivers.escpos.picture import draw_slip
from drivers.escpos.profile import Paper
from drivers.ports import Slip

UNIT_BYTES = 2048  # half of the smallest common receive buffer; holds the fence or confirmation too
FENCE_BYTES = 16  # room for the longest question after a unit
BLANK_RUN_ROWS = 12  # fewer blank rows are cheaper to send than to feed
MAX_FEED_UNITS = 255  # one byte
HEAD_TO_BLADE = b"\n"  # ends a line that a foreign program may have begun; the cut itself feeds to the blade

REALTIME = re.compile(rb"\x10(?=[\x04\x05\x14])")  # DLE EOT, DLE ENQ, DLE DC4 act even inside image data


def slip_units(slip: Slip, paper: Paper) -> list[bytes]:
    """Draw ``slip`` and cut it into units; the last one only feeds and cuts, the one before it ends in ink."""
    picture, closing_top = draw_slip(slip, paper.width)
    rows = _rows(picture)
    body, closing = rows[:closing_top], rows[closing_top:]
    units = pack(_commands(_without_blank_end(body + closing)[: len(body)], paper))
    if any(map(any, closing)):
        units += pack(_commands(_without_blank_end(closing), paper))
    return [*units, HEAD_TO_BLADE + commands.CUT]


def without_ink(data: bytes) -> bytes:
    """The same commands with white pictures: names and the address in the QR code are not for everybody."""
    white, at = bytearray(data), 0
    while (at := data.find(commands.RASTER, at)) >= 0:
        start = at + len(commands.RASTER) + 4
        count = int.from_bytes(data[start - 4 : start - 2], "little") * int.from_bytes(
            data[start - 2 : start], "little"
        )
        end = min(start + count, len(data))
        white[start:end] = bytes(end - start)
        at = end
    return bytes(white)


def _rows(picture: Image.Image) -> list[bytes]:
    width_bytes = (picture.width + 7) // 8
    padded = Image.new("1", (width_bytes * 8, picture.height), 1)
    padded.paste(picture, (0, 0))
    ink = bytes(byte ^ 0xFF for byte in padded.tobytes())  # Pillow: 1 = white; printer: 1 = black
    ink = REALTIME.sub(b"\x11", ink)  # one pixel more, and no command is left
    return [ink[start : start + width_bytes] for start in range(0, len(ink), width_bytes)]


def _without_blank_end(rows: list[bytes]) -> list[bytes]:
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    return rows


def _commands(rows: list[bytes], paper: Paper) -> list[bytes]:
    """Rows as raster bands that fit a unit each, long blank runs as feeds where the unit of feed is known."""
    band_rows = (UNIT_BYTES - FENCE_BYTES - 8) // ((paper.width + 7) // 8)
    found: list[bytes] = []
    start = 0
    while start < len(rows):
        blank = _blank_run(rows, start) if paper.feed_units_per_row else 0
        if blank >= BLANK_RUN_ROWS:
            found += _feeds(blank * paper.feed_units_per_row)
            start += blank
            continue
        end = start
        while end < min(start + band_rows, len(rows)):
            if paper.feed_units_per_row and end > start and _blank_run(rows, end) >= BLANK_RUN_ROWS:
                break
            end += 1
        found.append(commands.raster(len(rows[0]), b"".join(rows[start:end])))
        start = end
    return found


def _blank_run(rows: list[bytes], start: int) -> int:
    end = start
    while end < len(rows) and not any(rows[end]):
        end += 1
    return end - start


def _feeds(motion_units: int) -> list[bytes]:
    whole, rest = divmod(motion_units, MAX_FEED_UNITS)
    return [commands.feed(MAX_FEED_UNITS)] * whole + ([commands.feed(rest)] if rest else [])


def pack(found: list[bytes], around: int = 0) -> list[bytes]:
    """Commands together as units, each with room for the fence and ``around`` bytes more."""
    units: list[bytes] = []
    for command in found:
        if units and len(units[-1]) + len(command) <= UNIT_BYTES - FENCE_BYTES - around:
            units[-1] += command
        else:
            units.append(command)
    return units
