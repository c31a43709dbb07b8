"""The ESC/POS commands that we send, as bytes; python-escpos is imported here and nowhere else."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PICKLES, _TABLE = "ESCPOS_CAPABILITIES_PICKLE_DIR", "ESCPOS_CAPABILITIES_FILE"
_NO_TABLE = """{"profiles": {"default": {"codePages": {}, "features": {}}}, "encodings": {}}"""


@contextmanager
def _leaving_no_trace() -> Iterator[None]:
    """Keep what python-escpos does at import to itself, and have it done quickly.

    It reads a table of a hundred printers, of which we have no use, for half a second or more; so it is given an
    empty one. It unpickles a file from ESCPOS_CAPABILITIES_PICKLE_DIR (unpickling runs code, so a folder open to
    others is a hole, and of two processes starting at once one reads the other's half-written file), makes a
    temporary folder whether it needs one or not, and configures the root logger. So it gets a private folder that
    lives as long as the import, and the logger's handlers are put back.
    """
    handlers, folder_before = list(logging.root.handlers), tempfile.tempdir
    before = {name: os.environ.get(name) for name in (_PICKLES, _TABLE)}
    with tempfile.TemporaryDirectory(prefix="hallcall-") as folder:
        table = Path(folder) / "table.json"
        table.write_text(_NO_TABLE, "ascii")
        tempfile.tempdir = os.environ[_PICKLES] = folder
        os.environ[_TABLE] = str(table)
        try:
            yield
        finally:
            logging.root.handlers[:], tempfile.tempdir = handlers, folder_before
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


with _leaving_no_trace():
    from escpos.printer import Dummy

STATUS_QUESTIONS = tuple(bytes((0x10, 0x04, n)) for n in (1, 2, 3, 4))  # DLE EOT n: answered on arrival
FENCE = b"\x1d\x72\x01"  # GS r 1: answered with the paper status when all before it is processed
ENABLE_ASB = b"\x1d\x61\xff"  # GS a: the printer reports each change by itself
RASTER = b"\x1d\x76\x30\x00"  # GS v 0, one dot for one bit: width and height follow, then the picture
# GS I 66, 67, 65: maker, model, firmware as the printer tells them; labels, since clones say whatever they like
IDENTITY_QUESTIONS = tuple(bytes((0x1D, 0x49, n)) for n in (0x42, 0x43, 0x41))
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 8: empty both buffers, answered on arrival
# Longer than any unit of ours, so that a raster image cut off half-way is filled up and the parser is free.
FILLER = bytes(2048)


def _initialise() -> bytes:
    dummy = Dummy()
    dummy.hw("INIT")
    return dummy.output


def _cut() -> bytes:
    dummy = Dummy()
    dummy.cut(feed=False)  # GS V 66 0: feeds to the blade first, partial where the blade is partial
    return dummy.output


INITIALISE: bytes = _initialise()
CUT: bytes = _cut()


def confirmation(ident: bytes) -> bytes:
    """GS ( H 48: the printer returns ``ident`` (four characters) once all before it is on paper."""
    if len(ident) != 4 or not all(0x20 <= byte <= 0x7E for byte in ident):
        raise ValueError(f"{ident!r} is not four printable characters")
    return b"\x1d\x28\x48\x06\x00\x30\x30" + ident


def raster(width_bytes: int, rows: bytes) -> bytes:
    """GS v 0: print ``rows`` of 1-bit pixels, 1 = black, leftmost pixel in the highest bit."""
    height = len(rows) // width_bytes
    return RASTER + width_bytes.to_bytes(2, "little") + height.to_bytes(2, "little") + rows


def feed(motion_units: int) -> bytes:
    """ESC J: feed 1-255 vertical motion units, whose size differs by model."""
    return b"\x1b\x4a" + bytes((motion_units,))
