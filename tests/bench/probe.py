"""The machine's own floor, taken beside every cell: F, a bare commit, and E, an empty request."""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.bench.figures import Cell, Floor, rank
from tests.bench.wire import Line

# Interrupts are left out: those of our own sockets would look like somebody else's work.
IDLE = {"idle", "iowait", "irq", "softirq", "guest", "guest_nice"}
WARM = 20  # the first ones open files and fill caches


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds of bare commits and of empty requests."""

    commits: list[float]
    empty: list[float]

    def floor(self) -> Floor:
        """What they come to, in milliseconds."""
        f, e = sorted(self.commits), sorted(self.empty)
        each = [round(rank(of, share) * 1000, 4) for of, share in ((f, 0.5), (f, 0.99), (e, 0.5), (e, 0.99))]
        return Floor(each[0], each[1], round(len(f) / sum(f), 1), each[2], each[3])


def bare_commits(folder: Path, seconds: float) -> list[float]:
    """F: one-row commits on the disk that the bench's halls are on; WAL and FULL, nothing of ours."""
    took: list[float] = []
    with tempfile.TemporaryDirectory(dir=folder) as made:
        database = sqlite3.connect(Path(made) / "floor.sqlite3", isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE facts (seq INTEGER PRIMARY KEY, body TEXT)")
        end = time.perf_counter() + seconds
        while len(took) < 2 * WARM or time.perf_counter() < end:
            began = time.perf_counter()
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO facts (body) VALUES (?)", ("x" * 200,))
            database.execute("COMMIT")
            took.append(time.perf_counter() - began)
        database.close()
    return took[WARM:]


def empty_requests(port: int, seconds: float) -> list[float]:
    """E: a request that does nothing, on a kept connection."""
    took: list[float] = []
    with Line(port) as line:
        end = time.perf_counter() + seconds
        while len(took) < 2 * WARM or time.perf_counter() < end:
            began = time.perf_counter()
            line.ask("GET", "/")
            took.append(time.perf_counter() - began)
    return took[WARM:]


@dataclass(slots=True)
class Probe:
    """Measures the floor on one disk and one bare web server, before and after each cell."""

    folder: Path
    seconds: float
    process: "subprocess.Popen[str]" = field(init=False)
    port: int = field(init=False)

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "tests.bench.bare"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout is None:
            raise RuntimeError("the bare server has no line to the bench")
        self.port = int(self.process.stdout.readline())

    def close(self) -> None:
        """End the bare server."""
        self.process.kill()
        self.process.communicate()

    def samples(self) -> Samples:
        """The floor now: two parts commits, one part empty requests."""
        share_s = self.seconds / 3
        return Samples(bare_commits(self.folder, 2 * share_s), empty_requests(self.port, share_s))

    @contextmanager
    def beside(self, cell: Cell) -> Iterator[None]:
        """Measure before and after the block, and what CPU others used meanwhile."""
        before = self.samples()
        began, busy, own = time.perf_counter(), _busy_s(), _own_s()
        yield
        others_s = max(0.0, _busy_s() - busy - (_own_s() - own))
        cell.others_cpu = round(others_s / (time.perf_counter() - began) / (psutil.cpu_count() or 1), 3)
        cell.load_1_min = round(psutil.getloadavg()[0], 2)
        after = self.samples()
        cell.before, cell.after = before.floor(), after.floor()
        cell.floor = Samples(before.commits + after.commits, before.empty + after.empty).floor()


def _busy_s() -> float:
    """CPU seconds that this machine has worked, or was not given although it had work."""
    times = psutil.cpu_times()._asdict()
    return float(sum(spent for what, spent in times.items() if what not in IDLE))


def _own_s() -> float:
    """CPU seconds of the bench and everything it started, also of what has ended."""
    total = sum(os.times()[:4])
    for child in psutil.Process().children(recursive=True):
        try:
            total += sum(child.cpu_times()[:4])
        except psutil.NoSuchProcess:
            continue
    return total
