"""The ledger of promises: every estimate that a ticket was issued with, against what came true."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

from hall_server.core.figures.shares import share
from hall_server.core.figures.visits import SERVED, Visit

NEAR_S = 60  # an estimate that errs by no more is counted as right
LEAST_SAID_S = 60  # nobody is told less than a minute


@dataclass(frozen=True, slots=True)
class Promises:
    """Estimates against what came true, for those who waited and were served; errors are estimate - actual.

    ``kept`` is the share of all who were served, also at once, within the bound that they were told.
    """

    count: int
    mae_s: float | None = None
    rmse_s: float | None = None
    bias_s: float | None = None
    too_low: float | None = None
    near: float | None = None
    covered90: float | None = None
    told: int = 0
    kept: float | None = None


def promises(visits: Iterable[Visit]) -> Promises:
    """What the estimates were worth that tickets were issued with."""
    told = [(v.quoted, v.stood_s) for v in visits if v.outcome == SERVED and v.quoted is not None]
    known = [(quoted, actual) for quoted, actual in told if quoted is not None and actual is not None]
    kept = share(sum(actual <= max(LEAST_SAID_S, quoted[1]) for quoted, actual in known), len(known))
    pairs = [(quoted, actual) for quoted, actual in known if actual]
    errors = [quoted[0] - actual for quoted, actual in pairs]
    count = len(pairs)
    if not count:
        return Promises(0, told=len(known), kept=kept)
    return Promises(
        count, round(sum(map(abs, errors)) / count, 2), round(sqrt(sum(error**2 for error in errors) / count), 2),
        round(sum(errors) / count, 2), share(sum(error < 0 for error in errors), count),
        share(sum(abs(error) <= NEAR_S for error in errors), count),
        share(sum(actual <= quoted[1] for quoted, actual in pairs), count), len(known), kept,
    )  # fmt: skip
