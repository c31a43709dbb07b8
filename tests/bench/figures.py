"""What the bench measures, as values: figures with the range they moved in, cells with the machine's floor beside."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

SLICES = 4  # a cell is cut into so many parts; how far they differ is the noise seen
FEW = 40  # below so many samples each of them is a part of its own
NOISY = 0.25  # a floor that moved by more while a cell was measured says more about the machine than about the cell
LITTLE_MS = 0.3  # nor does it say anything when a fast disk was a third of a millisecond slower once in a hundred times
OTHERS = 0.10  # of all CPUs; what other programs may use meanwhile


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the range it had in the parts of its own run."""

    value: float
    unit: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Floor:
    """The machine itself: a bare commit (F) and an empty request (E), milliseconds."""

    f50: float
    f99: float
    f_per_s: float
    e50: float
    e99: float


@dataclass(slots=True)
class Cell:
    """One thing that was measured, between two probes of the floor."""

    name: str
    title: str
    figures: dict[str, Figure] = field(default_factory=dict)
    note: str = ""
    before: Floor | None = None
    after: Floor | None = None
    floor: Floor | None = None  # of both probes together: what ratios are taken to
    others_cpu: float = 0.0  # share of all CPUs that programs other than the bench used
    load_1_min: float = 0.0

    def noise(self) -> list[str]:
        """Why this cell should be measured again on a quieter machine."""
        found = [f"others {self.others_cpu:.0%} CPU"] if self.others_cpu > OTHERS else []
        if self.before and self.after:
            for name in ("f50", "f99", "e50", "e99"):
                low, high = sorted((getattr(self.before, name), getattr(self.after, name)))
                if high > low * (1 + NOISY) and high - low > LITTLE_MS:
                    found.append(f"{name.upper()} moved ×{high / low:.1f}")
        return found


def rank(ordered: Sequence[float], share: float) -> float:
    """The value that this share stays at or below, by nearest rank."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def parts(samples: Sequence[float]) -> list[Sequence[float]]:
    """Consecutive parts of a run."""
    count = len(samples) if len(samples) < FEW else SLICES
    return [samples[len(samples) * n // count : len(samples) * (n + 1) // count] for n in range(count)]


def waits(seconds: Sequence[float], prefix: str = "") -> dict[str, Figure]:
    """p50, p99 and longest of measured seconds in the order they were measured, in milliseconds."""
    shares = {"p50": 0.50, "p99": 0.99, "longest": 1.0}
    each = [sorted(part) for part in parts(seconds)]
    whole = sorted(seconds)

    def figure(share: float) -> Figure:
        seen = [rank(part, share) * 1000 for part in each]
        return Figure(round(rank(whole, share) * 1000, 3), "ms", round(min(seen), 3), round(max(seen), 3))

    return {prefix + name: figure(share) for name, share in shares.items()}


def among(values: Sequence[float], unit: str) -> Figure:
    """The mean of some values, with their range."""
    return Figure(round(sum(values) / len(values), 4), unit, round(min(values), 4), round(max(values), 4))


def exact(value: float, unit: str) -> Figure:
    """A number that was taken once."""
    return Figure(round(value, 4), unit, round(value, 4), round(value, 4))
