"""Closed forms of queueing theory: what waits would be if customers came and were served at random (M/M/c).

Rates are per minute, so that results are minutes. A stable queue needs rate < windows / service time; the functions
raise ``ValueError`` for one that grows without end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log


@dataclass(frozen=True, slots=True)
class Load:
    """Customers a minute, the mean service time in minutes, and the windows."""

    rate: float
    service_min: float
    windows: int

    @property
    def offered(self) -> float:
        """So many windows are busy on average."""
        return self.rate * self.service_min

    @property
    def spare(self) -> float:
        """How many more customers a minute could be served."""
        return self.windows / self.service_min - self.rate


def must_wait(load: Load) -> float:
    """Erlang C: the share of customers who find no free window."""
    if load.spare <= 0:
        raise ValueError(f"{load.windows} windows cannot serve that many: the queue grows without end.")
    blocked = 1.0  # Erlang B, window by window
    for window in range(1, load.windows + 1):
        blocked = load.offered * blocked / (window + load.offered * blocked)
    busy = load.offered / load.windows
    return blocked / (1 - busy * (1 - blocked))


def mean_wait(load: Load) -> float:
    """The mean wait of all customers."""
    return must_wait(load) / load.spare


def waits_longer(load: Load, minutes: float) -> float:
    """The share of customers who wait longer than this."""
    return must_wait(load) * exp(-load.spare * minutes)


def wait_of(load: Load, share: float) -> float:
    """The wait that this share of customers does not pass."""
    waiting = must_wait(load)
    return 0.0 if waiting <= 1 - share else log(waiting / (1 - share)) / load.spare


def strict_waits(rates: Sequence[float], service_min: float, windows: int) -> list[float]:
    """The mean wait of each class when the first one always goes before the others."""
    base, shares = _base(rates, service_min, windows)
    found, before = [], 0.0
    for one in shares:
        found.append(base / ((1 - before) * (1 - before - one)))
        before += one
    return found


def accumulating_waits(
    rates: Sequence[float], weights: Sequence[float], service_min: float, windows: int
) -> list[float]:  # fmt: skip
    """The mean wait of each class when waits count by weight; the classes stand by falling weight."""
    if list(weights) != sorted(weights, reverse=True):
        raise ValueError("The classes stand by falling weight.")
    base, shares = _base(rates, service_min, windows)
    found: dict[int, float] = {}
    for own in reversed(range(len(rates))):
        lower = sum(shares[i] * found[i] * (1 - weights[i] / weights[own]) for i in range(own + 1, len(rates)))
        higher = sum(shares[i] * (1 - weights[own] / weights[i]) for i in range(own))
        found[own] = (base / (1 - sum(shares)) - lower) / (1 - higher)
    return [found[own] for own in range(len(rates))]


def _base(rates: Sequence[float], service_min: float, windows: int) -> tuple[float, list[float]]:
    """How long one waits for the first window to become free, and each class's share of all windows."""
    base = must_wait(Load(sum(rates), service_min, windows)) * service_min / windows
    return base, [rate * service_min / windows for rate in rates]
