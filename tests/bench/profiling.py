"""Where a server spends its time during a cell, seen from outside by py-spy."""

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

PER_S = 250  # often enough for a cell of seconds, rare enough not to slow it much
SHOWN = 25
ENDS_S = 60.0


@contextmanager
def profiled(pid: int, file: Path) -> Iterator[None]:
    """Sample the process while the block runs; the stacks stay in ``file`` for any flame graph tool."""
    spy = Path(sys.executable).with_name("py-spy")
    if not spy.exists() and shutil.which("py-spy") is None:
        raise SystemExit("py-spy is not installed: install the dev extra")
    command = [str(spy), "record", "--pid", str(pid), "--rate", str(PER_S), "--format", "raw", "--threads", "--gil",
               "--output", str(file)]  # fmt: skip
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        yield
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=ENDS_S)
    if not file.exists():
        raise RuntimeError(f"py-spy made no profile: {said.strip()}")
    own = _own(file)
    busy = own.total() / ((time.monotonic() - began) * PER_S)
    Console().print(
        _table("self", own), _table("with all it calls", _under(file)),
        f"Python ran in {busy:.0%} of the time; waits, and C code beside Python, are not in the tables. Stacks: {file}",
    )  # fmt: skip


def _stacks(file: Path) -> Iterator[tuple[list[str], int]]:
    for line in file.read_text("utf-8").splitlines():
        stack, _, count = line.rpartition(" ")
        yield [frame.removeprefix(f"{Path(__file__).parents[2]}/") for frame in stack.split(";")], int(count)


def _own(file: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for stack, count in _stacks(file):
        found[f"{_short(stack[-1])}"] += count
    return found


def _under(file: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for stack, count in _stacks(file):
        for frame in {_short(frame) for frame in stack}:
            found[frame] += count
    return found


def _short(frame: str) -> str:
    """A function and its file; its line says too little where all lines of a function matter."""
    return frame.rpartition(":")[0] + ")" if frame.endswith(")") and ":" in frame else frame


def _table(title: str, found: Counter[str]) -> Table:
    total = max(found.total() if title == "self" else max(found.values(), default=1), 1)
    table = Table("share", "function", title=f"Time by function, {title}", title_justify="left")
    for name, count in found.most_common(SHOWN):
        table.add_row(f"{count / total:.1%}", name)
    return table
