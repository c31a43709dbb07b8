"""Closed forms of queueing theory: what waits would be if customers came and were served at random (M/M/c).

Rates are per minute, so that results are minutes. A stable queue needs rate < windows / service time; the functions
raise ``ValueError`` for one that grows without end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log, sqrt
from statistics import NormalDist

HALVINGS = 60  # of a span of some minutes: far below a second
MANY = 500  # customers; beyond that exp(-mean) would soon be zero


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


def last_places(windows: int, service_min: float, minutes: float, share: float) -> int:
    """The largest number of waiting customers who all begin within so many minutes, in this share of cases.

    Services end at random while all windows work, so their number in a span is a Poisson number.
    """
    places = 0
    while mean_for(places + 1, share) <= windows * minutes / service_min:
        places += 1
    return places


def minutes_for(places: int, windows: int, service_min: float, share: float) -> float:
    """The shortest span in which so many waiting customers all begin, in this share of cases."""
    return mean_for(places, share) * service_min / windows


@lru_cache(maxsize=MANY)
def mean_for(places: int, share: float) -> float:
    """The smallest mean of a Poisson number that is at least ``places`` in this share of cases."""
    if places > MANY:  # there it is normal to better than a tenth of a customer
        z = NormalDist().inv_cdf(share)
        return ((z + sqrt(z * z + 4 * (places - 0.5))) / 2) ** 2
    low, high = 0.0, places + 10 * sqrt(places) + 10
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if _at_least(places, middle) >= share else (middle, high)
    return high


def _at_least(count: int, mean: float) -> float:
    term, below = exp(-mean), 0.0
    for number in range(count):
        below += term
        term *= mean / (number + 1)
    return 1 - below


def harmonic(windows: int) -> float:
    """1 + 1/2 + … + 1/windows: so many service times pass on average until the last of so many customers is done."""
    return sum(1 / number for number in range(1, windows + 1))
