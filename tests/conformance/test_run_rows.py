"""The bench itself: a row that hangs is named in time, one that breaks takes no other along."""

import threading
from collections.abc import Callable
from pathlib import Path

from tests.conformance.rows import NotHereError, Row
from tests.conformance.run_rows import run_rows


def row(number: str, see: Callable[[Path], str]) -> Row:
    return Row("a device", number, "a scenario", "this", see)


def raises(error: Exception) -> Callable[[Path], str]:
    def see(folder: Path) -> str:
        raise error

    return see


def test_every_row_has_an_outcome_of_its_own(tmp_path: Path) -> None:
    never = threading.Event()
    rows = [
        row("1", lambda folder: str(never.wait())),
        row("2", lambda folder: f"wrote {(folder / 'a').write_text('seen')} bytes"),
        row("3", raises(AssertionError("that was not it\nat all"))),
        row("4", raises(OSError(5, "broken"))),
        row("5", raises(NotHereError("no such program"))),
        row("6", lambda folder: str(never.wait())),
    ]
    seen = {one.row.number: (one.verdict, one.got) for one in run_rows(rows, tmp_path, at_once=2, limit_s=0.3)}
    never.set()
    assert seen == {
        "1": ("hang", "no end after 0.3 s"),
        "2": ("ok", "wrote 4 bytes"),
        "3": ("wrong", "AssertionError: that was not it"),
        "4": ("wrong", "OSError: [Errno 5] broken"),
        "5": ("absent", "no such program"),
        "6": ("hang", "no end after 0.3 s"),
    }
