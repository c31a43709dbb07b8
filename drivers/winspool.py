"""``python -m drivers.winspool QUEUE``: hands its input to a Windows queue as it is; never run on Windows yet."""

import ctypes
import sys
from collections.abc import Callable
from typing import Any

LEVEL = 1  # which of the system's structures describes a document


class _Document(ctypes.Structure):
    _fields_ = (("name", ctypes.c_wchar_p), ("file", ctypes.c_wchar_p), ("type", ctypes.c_wchar_p))


def hand_over(spooler: Any, queue: str, read: Callable[[], bytes]) -> str:
    """Print what ``read`` returns, which is called once the queue has said yes; the name of the step that failed."""
    handle = ctypes.c_void_p()
    if not spooler.OpenPrinterW(queue, ctypes.pointer(handle), None):
        return "OpenPrinter"
    try:
        document = _Document("ticket", None, "RAW")
        if not spooler.StartDocPrinterW(handle, LEVEL, ctypes.pointer(document)):
            return "StartDocPrinter"
        try:
            return "" if _page(spooler, handle, read) else "WritePrinter"
        finally:
            spooler.EndDocPrinter(handle)
    finally:
        spooler.ClosePrinter(handle)


def _page(spooler: Any, handle: ctypes.c_void_p, read: Callable[[], bytes]) -> bool:
    if not spooler.StartPagePrinter(handle):
        return False
    data, written = read(), ctypes.c_ulong()
    taken = spooler.WritePrinter(handle, data, len(data), ctypes.pointer(written)) and written.value == len(data)
    return bool(spooler.EndPagePrinter(handle) and taken)


def main() -> int:
    """0 when the queue has taken all; 1 with the step that failed; 2 where there is no Windows."""
    library = getattr(ctypes, "WinDLL", None)
    if library is None or len(sys.argv) != 2:
        sys.stderr.write("python -m drivers.winspool QUEUE: on Windows\n")
        return 2
    failed = hand_over(library("winspool.drv"), sys.argv[1], sys.stdin.buffer.read)
    sys.stderr.write(f"{failed} said no\n" if failed else "")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
