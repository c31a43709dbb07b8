"""What the bench measures as values: samples in, percentiles out, beside the machine's own floor."""

import math
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

NOISY = 0.30  # a floor that moved by more than this while a cell was measured says more about the machine than the cell
PROBE_COMMITS = 150  # a tenth of a second on a usual disk


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds: what half, nineteen of twenty and ninety-nine of a hundred stay below."""

    p50: float
    p95: float
    p99: float
    longest: float
    count: int


def spread(seconds: Sequence[float]) -> Spread:
    """The spread of measured seconds, by nearest rank."""
    ordered = sorted(seconds)

    def rank(share: float) -> float:
        return round(ordered[max(0, math.ceil(share * len(ordered)) - 1)] * 1000, 3)

    return Spread(rank(0.50), rank(0.95), rank(0.99), round(ordered[-1] * 1000, 3), len(ordered))


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should reach: at most (or ``least``: at least) ``bound``; ``words`` says it for people."""

    value: float
    bound: float
    words: str
    least: bool = False

    @property
    def met(self) -> bool:
        """Whether it does."""
        return self.value >= self.bound if self.least else self.value <= self.bound


@dataclass(slots=True)
class Cell:
    """One row of the table, with the floor measured just before and just after it."""

    name: str
    spread: Spread | None = None
    rate: float | None = None
    note: str = ""
    probe_before_ms: float = 0.0
    probe_after_ms: float = 0.0
    targets: list[Target] = field(default_factory=list)

    @property
    def noisy(self) -> bool:
        """Whether the floor moved meanwhile."""
        low, high = sorted((self.probe_before_ms, self.probe_after_ms))
        return low > 0 and high / low > 1 + NOISY


def bare_commits(seconds: float = 0.0, at_least: int = PROBE_COMMITS) -> list[float]:
    """F: how long a bare one-row commit takes here, WAL and FULL, without anything of ours."""
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.sqlite3", isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.execute("CREATE TABLE facts (seq INTEGER PRIMARY KEY, body TEXT)")
        end = time.perf_counter() + seconds
        while len(took) < at_least or time.perf_counter() < end:
            began = time.perf_counter()
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO facts (body) VALUES (?)", ("x" * 200,))
            database.execute("COMMIT")
            took.append(time.perf_counter() - began)
        database.close()
    return took


def probe_ms() -> float:
    """The floor in short, for beside a cell."""
    return spread(bare_commits()).p50
