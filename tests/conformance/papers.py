"""Counting valid papers: a paper is one ticket when all of the ticket's ink is on it and nothing else."""

import io
import time
from collections.abc import Callable, Iterable
from dataclasses import replace

from PIL import Image, ImageChops

from drivers.escpos.picture import draw_slip
from drivers.ports import Slip
from drivers.sim.printer import SimPrinter

SLIP = Slip(
    slip_id="slip-1",
    hall="阳光政务服务中心 Sunshine Hall",
    number="A012",
    lines=("不动产登记 Property registration", "取号时间 Taken at 10:42", "前面还有 Ahead: 7", "预计 12–20 min"),
    small=("过号请到服务台 If you miss your call, ask at the desk",),
    qr="http://192.168.1.20:8800/t/7f3kq9xw2m",
    closing="请留意屏幕和广播 Please watch the screen",
)
COPY = replace(SLIP, slip_id="slip-1-copy", copy_mark="COPY 重印")


def ink(picture: Image.Image) -> tuple[tuple[int, int], bytes]:
    """The inked rows, without the blank paper above and below."""
    black = ImageChops.invert(picture.convert("L"))
    box = black.getbbox()
    if box is None:
        return (0, 0), b""
    cropped = black.crop((0, box[1], picture.width, box[3]))
    return cropped.size, cropped.tobytes()


def ink_rows(slip: Slip) -> int:
    """How many rows the printer has put down when the last ink of the slip is out."""
    box = ImageChops.invert(draw_slip(slip, 576)[0].convert("L")).getbbox()
    assert box is not None
    return box[3]


def letters(slip: Slip) -> str:
    """All that a printer writes of the slip in its own letters, codes as their content, wherever its lines break."""
    return "".join((slip.copy_mark, slip.hall, slip.number, *slip.lines, *slip.small, slip.qr or "", slip.closing))


def papers(printers: Iterable[SimPrinter], slip: Slip) -> int:
    """How many papers over all printers carry exactly this slip."""
    wanted = ink(draw_slip(slip, 576)[0])
    pieces = [piece for printer in printers for piece in printer.slips()]
    written = [piece for piece in pieces if piece.letters]
    drawn = (ink(Image.open(io.BytesIO(piece.png))) for piece in pieces if not piece.letters)
    return sum(one == wanted for one in drawn) + sum("".join(one.letters) == letters(slip) for one in written)


def until(condition: Callable[[], bool], limit_s: float = 20.0) -> None:
    """Wait for what must become true; a slow machine may take its time."""
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "it never became true"
        time.sleep(0.005)
