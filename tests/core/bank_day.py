"""The day of a real bank that stands beside the repository, if it does: arrivals, and everything as facts."""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from hall_server.core import facts as f
from hall_server.core import folds as fold
from hall_server.core.config import HallConfig, Service, Window
from hall_server.core.figures.devices import Told
from hall_server.core.figures.replay import Arrival
from hall_server.core.hall import Hall
from hall_server.core.policy.classes import CustomerClass, Policy

FILE = Path(__file__).parents[3] / "shared" / "data" / "bank_day.csv"
DATE = "1999-02-11"
MIDNIGHT = 918_691_200.0  # that day in UTC
NORM_S = 180
LEAVES, FINISHES, STARTS, JOINS = range(4)  # in this order at equal seconds

needed = pytest.mark.skipif(not FILE.exists(), reason="the bank's day is not here: it is not part of the project")


@cache
def rows() -> tuple[dict[str, str], ...]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def arrivals() -> list[Arrival]:
    served = [row for row in rows() if row["outcome"] == "served"]
    return [Arrival(int(row["arrive_s"]), row["service"], row["klass"], int(row["service_s"])) for row in served]


def policy(kind: str, vip: int = 0, regular: int = 0, pattern: str = "", guarantee_s: int = 0) -> Policy:
    """Two classes; the numbers are what this kind of policy goes by."""
    classes = tuple(
        CustomerClass(name, head_start_s=number, rate=max(1, number), rank=number)
        for name, number in (("2", vip), ("1", regular))
    )
    return Policy(kind, classes, "1", tuple(pattern), guarantee_s)


def config(with_policy: Policy) -> HallConfig:
    services = tuple(dict.fromkeys(row["service"] for row in rows()))
    windows = tuple(sorted({row["window"] for row in rows() if row["window"]}))
    return HallConfig(
        "", "", "UTC", tuple(Service(name, name, name, name, norm_s=NORM_S) for name in services),
        tuple(Window(name, services) for name in windows), policy=with_policy,
    )  # fmt: skip


def events() -> list[tuple[int, int, int]]:
    """When which row does what; who need not wait joins in the moment of the start."""
    found = []
    for n, row in enumerate(rows()):
        joins, leaves = int(row["arrive_s"]), int(row["arrive_s"]) + int(row["wait_s"])
        if row["outcome"] != "served":
            found += [(joins, JOINS, n), (leaves, LEAVES, n)]
            continue
        found += [(joins, JOINS, n)] if leaves > joins else []
        found += [(leaves, STARTS, n), (leaves + int(row["service_s"]), FINISHES, n)]
    return sorted(found)


def facts_of(row: dict[str, str], n: int, what: int) -> Iterator[f.Fact]:
    name, window = str(n), row["window"]
    if what == JOINS or (what == STARTS and row["wait_s"] == "0"):
        label = f"{row['service']}{n:04}"
        yield f.TicketIssued(name, f"code-{n}", label, row["service"], n + 1, row["service"], klass=row["klass"])
    if what == STARTS:
        yield f.TicketCalled(name, window, "head_start")
        yield f.TicketStarted(name, window)
    elif what == FINISHES:
        yield f.TicketFinished(name, window)
    elif what == LEAVES:
        yield f.TicketCancelled(name)


class Day:
    """The day as it was, fact by fact, folded into a hall."""

    def __init__(self, with_policy: Policy) -> None:
        self.hall, self.told = Hall(), list[Told]()
        evening = MIDNIGHT - 3600  # a telephone service does not open in the morning with all its windows
        self._take(f.HallConfigured(config(with_policy)), evening)
        self._take(f.DayOpened(f"{DATE}/1", f.Carried(self.hall.config)), evening)

    def _take(self, fact: f.Fact, at: float) -> None:
        fold.apply(self.hall, fact, self.hall.seq + 1, at, "bank")
        self.told.append(Told(at, "bank", fact))

    def go(self) -> Iterator[tuple[dict[str, str], int, float]]:
        """Each event before it happens: its row, what it is, and when."""
        for second, what, n in events():
            yield rows()[n], what, MIDNIGHT + second
            for fact in facts_of(rows()[n], n, what):
                self._take(fact, MIDNIGHT + second)

    def all(self) -> list[Told]:
        for _ in self.go():
            continue
        return self.told
