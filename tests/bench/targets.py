"""What each figure should reach, and in what it is counted: milliseconds, or multiples of the floor of its own cell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.bench.figures import Cell, Floor

Cells = Mapping[str, Cell]
MS, S, MB, NUMBER = "ms", "s", "MB", ""
TWO_F_E, F99, F_RATE = "× (F50 + E50)", "× F99", "× F rate"
OF_64, OF_NONE = "× issue-64", "× clerks-0"


@dataclass(frozen=True, slots=True)
class Target:
    """``figure`` of ``cell``, counted in ``unit``, should be at most (``least``: at least) ``bound``."""

    cell: str
    figure: str
    bound: float
    unit: str
    least: bool = False

    def words(self) -> str:
        """For people."""
        return f"{'≥' if self.least else '≤'} {self.bound:g} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """A target, and what was reached; None where this run has nothing to compare with."""

    target: Target
    reached: float | None

    @property
    def holds(self) -> bool | None:
        """Whether it does."""
        if self.reached is None:
            return None
        return self.reached >= self.target.bound if self.target.least else self.reached <= self.target.bound

    @property
    def said(self) -> str:
        """The verdict in a word."""
        return {None: "not measured", True: "holds", False: "MISSES"}[self.holds]

    @property
    def of_bound(self) -> float | None:
        """What was reached as a share of what is allowed: up to 1 holds, whichever way the target points."""
        if self.reached is None:
            return None
        least = self.target.least
        above, below = (self.target.bound, self.reached) if least else (self.reached, self.target.bound)
        return above / below if below else (0.0 if above == 0 else float("inf"))


TARGETS = (
    Target("issue-1", "p50", 2, TWO_F_E),
    Target("issue-1", "p99", 3, F99),
    Target("issue-100s", "p99", 5, F99),
    Target("issue-50s-tv", "p99", 10, F99),
    Target("issue-64", "rate", 0.35, F_RATE, least=True),
    Target("issue-64", "twice", 0, NUMBER),
    Target("issue-64-slow", "rate", 0.8, OF_64, least=True),
    Target("issue-64-slow", "twice", 0, NUMBER),
    Target("tv-50", "p99", 25, MS),
    Target("tv-50", "board", 4096, "bytes"),
    Target("tv-100", "p99", 40, MS),
    Target("tv-500", "p99", 100, MS),
    Target("painted", "p50", 150, MS),
    Target("painted", "p95", 400, MS),
    Target("first-paint", "kiosk", 1000, MS),
    Target("first-paint", "tv", 1500, MS),
    Target("clerks-0", "p99", 25, MS),
    Target("clerks-0", "longest", 50, MS),
    Target("clerks-0", "twice", 0, NUMBER),
    Target("clerks-1m", "p99", 25, MS),
    Target("clerks-1m", "longest", 50, MS),
    Target("clerks-1m", "p50", 1.1, OF_NONE),
    Target("clerks-1m", "twice", 0, NUMBER),
    Target("sign", "wire p99", 30, MS),
    Target("sign", "ACK p99", 250, MS),
    Target("kill", "answer longest", 1500, MS),
    Target("kill", "back longest", 2000, MS),
    Target("stop", "longest", 1000, MS),
    Target("memory", "RSS", 100, MB),
    Target("growth", "per 1,000,000", 1, MB),
    Target("cost", "most / least", 1.1, NUMBER),
    *(Target("cost", f"{what} most / least", 1.2, NUMBER) for what in ("issue", "next", "finish", "board", "page")),
)

# What a figure is divided by before it is compared with its bound.
_PER_FLOOR: dict[str, Callable[[Floor], float]] = {
    TWO_F_E: lambda floor: floor.f50 + floor.e50,
    F99: lambda floor: floor.f99,
    F_RATE: lambda floor: floor.f_per_s,
}
_PER_CELL = {OF_64: ("issue-64", "rate"), OF_NONE: ("clerks-0", "p50")}


def verdicts(cells: Cells) -> list[Verdict]:
    """Every target, in the order of the table."""
    return [Verdict(target, reached(target, cells)) for target in TARGETS]


def reached(target: Target, cells: Cells) -> float | None:
    """The figure in the unit of its target."""
    cell = cells.get(target.cell)
    if cell is None or target.figure not in cell.figures or cell.floor is None:
        return None
    value, unit = cell.figures[target.figure].value, 1.0
    if target.unit in _PER_FLOOR:
        unit = _PER_FLOOR[target.unit](cell.floor)
    elif target.unit in _PER_CELL:
        other, figure = _PER_CELL[target.unit]
        if other not in cells:
            return None
        unit = cells[other].figures[figure].value
    return value / unit
