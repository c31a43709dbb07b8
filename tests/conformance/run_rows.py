"""Runs lines of the bench side by side, each with a hard limit: one that hangs is named, not waited for."""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.conformance.rows import NotHereError, Row

LIMIT_S = 120.0  # twice the longest row, the one that waits for the 30 s of a real recovery


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one line came to: ``verdict`` is ok, wrong, hang or absent (this machine cannot arrange it)."""

    row: Row
    verdict: str
    got: str
    seconds: float


def run_rows(rows: Sequence[Row], folder: Path, at_once: int, limit_s: float = LIMIT_S) -> Iterator[Outcome]:
    """Each outcome as soon as there is one. A row that hangs keeps its thread, and another takes its turn."""
    done: queue.Queue[tuple[int, Outcome]] = queue.Queue()
    waiting = list(enumerate(rows))
    began: dict[int, float] = {}
    while waiting or began:
        while waiting and len(began) < at_once:
            number, row = waiting.pop(0)
            began[number] = time.monotonic()
            place = folder / f"row-{number}"
            place.mkdir()
            tell = partial(_put, done, number)
            threading.Thread(target=_see, args=(row, place, tell), daemon=True).start()
        ends_s = min(began.values()) + limit_s - time.monotonic()
        try:
            number, outcome = done.get(timeout=max(ends_s, 0))
        except queue.Empty:
            number = min(began, key=lambda one: began[one])
            outcome = Outcome(rows[number], "hang", f"no end after {limit_s:g} s", limit_s)
        if began.pop(number, None) is not None:
            yield outcome


def _put(done: queue.Queue[tuple[int, Outcome]], number: int, outcome: Outcome) -> None:
    done.put((number, outcome))


def _see(row: Row, folder: Path, tell: Callable[[Outcome], object]) -> None:
    _first_in_line()
    began = time.monotonic()
    verdict, got = "wrong", "broke: its traceback says where"  # what nobody foresaw ends its thread, and is told first
    try:
        verdict, got = "ok", row.run(folder)
    except NotHereError as error:
        verdict, got = "absent", str(error)
    except (AssertionError, LookupError, OSError, ValueError) as error:
        verdict, got = "wrong", f"{type(error).__name__}: {error}".partition("\n")[0]
    finally:
        tell(Outcome(row, verdict, got, round(time.monotonic() - began, 2)))


def _first_in_line() -> None:
    """Let this thread, and what it starts, go before all else, where that is allowed (to root, on Linux).

    A row waits for wires and takes a hundredth of a processor; on a machine that computes something else beside it,
    it would show how late the machine is instead of what the driver does. Niceness would not do: Linux weighs it
    within a session only, and browsers have sessions of their own.
    """
    if sys.platform == "linux":
        with suppress(PermissionError):
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))  # of this thread alone
