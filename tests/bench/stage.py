"""Where cells are measured: how long and wide, on which server, with what history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.server import SLOW_DISK, Server, prepared, serving

FACTS_PER_TICKET = 4  # issued, called, started, finished: what a ticket leaves where nothing is printed
WINDOWS, CLERKS = 8, 20  # of the hall that TVs show; of the hall in which all clerks press
SLOW, ONE_HALL, ALONE = "slow disk", "clerks after years", "alone"  # ``alone``: a cell starts what it needs


@dataclass(frozen=True, slots=True)
class Effort:
    """How long and how wide to measure."""

    probe_s: float
    load_s: float
    calls: int
    sign_calls: int
    rounds: int
    sockets: tuple[int, int, int]  # of the three cells from a call to the TVs
    tickets_before: int  # the years that *next* must not notice
    facts_before: int  # the years that a start must not notice
    facts_today: int
    watchers: int  # sockets that are pushed to while memory is watched
    settle: int  # commands before that: the database's caches are full after some four thousand, which is no growth
    pushes: int
    days: tuple[int, ...]  # tickets a day, for the cost of a command
    customers: int  # in each part of that
    one_hall: bool = False  # all cells that need a usual server share one: starts are what a smoke run waits for


FULL = Effort(
    probe_s=1.5, load_s=8.0, calls=100, sign_calls=100, rounds=5, sockets=(50, 100, 500), tickets_before=1_000_000,
    facts_before=1_000_000, facts_today=8_000, watchers=250, settle=5_000, pushes=150_000,
    days=(100, 1_000, 10_000, 100_000), customers=150,
)  # fmt: skip
LONG = replace(FULL, load_s=30.0, calls=500, sign_calls=500, rounds=20, pushes=1_000_000, customers=500)
# Only to see that every cell works.
QUICK = Effort(
    probe_s=0.05, load_s=0.2, calls=3, sign_calls=2, rounds=1, sockets=(3, 4, 5), tickets_before=500,
    facts_before=1_000, facts_today=100, watchers=4, settle=4, pushes=40, days=(10, 40), customers=10, one_hall=True,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """What a cell works with."""

    effort: Effort
    folder: Path
    server: Server


Measured = tuple[dict[str, Figure], str]  # figures and a note


@dataclass(frozen=True, slots=True)
class Plan:
    """A cell to be measured; those that follow each other on the same scene share its server."""

    name: str
    title: str
    scene: str
    measure: Callable[[Stage], Measured]

    def place(self, effort: Effort) -> str:
        """The scene on which it is measured."""
        return ONE_HALL if effort.one_hall and self.scene not in (SLOW, ALONE) else self.scene


def _hall(effort: Effort, home: Path) -> Server:
    return prepared(home, WINDOWS)


def _slow_disk(effort: Effort, home: Path) -> Server:
    return prepared(home, WINDOWS, module=SLOW_DISK)


def _clerks(effort: Effort, home: Path) -> Server:
    return prepared(home, CLERKS)


def _clerks_after_years(effort: Effort, home: Path) -> Server:
    return prepared(home, CLERKS, older=effort.tickets_before * FACTS_PER_TICKET)


def _after_years(effort: Effort, home: Path) -> Server:
    return prepared(home, WINDOWS, older=effort.facts_before, today=effort.facts_today)


SCENES: dict[str, Callable[[Effort, Path], Server]] = {
    "hall": _hall,
    "fresh hall": _hall,  # memory is not that of the loads before
    SLOW: _slow_disk,
    "clerks": _clerks,
    ONE_HALL: _clerks_after_years,
    "after years": _after_years,
}


@contextmanager
def scene(name: str, effort: Effort, folder: Path) -> Iterator[Stage]:
    """The scene's server, running; ``alone`` has one that was never started."""
    home = folder / name.replace(" ", "-")
    if name == ALONE:
        yield Stage(effort, folder, Server(home, 0))
        return
    with serving(SCENES[name](effort, home)) as server:
        yield Stage(effort, folder, server)
