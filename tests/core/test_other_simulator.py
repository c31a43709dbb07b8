"""Another simulator, written by others, given the same customers: everybody waits as long there as in our hall."""

import random
from collections.abc import Generator
from typing import Any

import pytest
import simpy

from hall_server.core.figures.kpi import waits
from hall_server.core.figures.replay import Arrival, Plan, replay
from hall_server.core.figures.visits import day_of
from hall_server.core.policy.classes import CustomerClass, Policy

WINDOWS, CUSTOMERS = 3, 400
CLASSES = ("vip", "all")


def customers(seed: int) -> list[Arrival]:
    """A busy hall: nine tenths of what three windows can serve, in steps so fine that nothing happens at once."""
    chance, at, found = random.Random(seed), 0.0, []
    for _ in range(CUSTOMERS):
        at += chance.expovariate(0.9 * WINDOWS / 100_000)
        klass = "vip" if chance.random() < 0.3 else "all"
        found.append(Arrival(round(at), "id", klass, 1 + round(chance.expovariate(1 / 100_000))))
    return found


def theirs(arrivals: list[Arrival], *, strict: bool) -> dict[str, list[float]]:
    """The waits of each class, in the order of arrival, as SimPy finds them."""
    clock = simpy.Environment()
    windows = simpy.PriorityResource(clock, WINDOWS)
    found: dict[str, list[tuple[int, float]]] = {name: [] for name in CLASSES}

    def visit(one: Arrival) -> Generator[simpy.Event, Any, None]:
        yield clock.timeout(one.at_s)
        with windows.request(priority=CLASSES.index(one.klass) if strict else 0) as turn:
            yield turn
            found[one.klass].append((one.at_s, clock.now - one.at_s))
            yield clock.timeout(one.service_s)

    for one in arrivals:
        clock.process(visit(one))
    clock.run()
    return {name: [wait for _, wait in sorted(waited)] for name, waited in found.items()}


@pytest.mark.parametrize("kind", ["fifo", "strict"])
def test_both_simulators_let_everybody_wait_equally_long(kind: str) -> None:
    arrivals = customers(seed=7)
    ranks = tuple(CustomerClass(name, rank=n) for n, name in enumerate(CLASSES, 1))
    day = day_of(replay(arrivals, Plan(Policy(kind, ranks, "all", (), 0), WINDOWS), "2026-11-22", 0.0))
    assert day is not None
    expected = theirs(arrivals, strict=kind == "strict")
    for name in CLASSES:
        ours = list(waits(v for v in day.visits.values() if v.klass == name))
        assert ours == pytest.approx(expected[name])
    assert sum(map(len, expected.values())) == CUSTOMERS
