"""Another simulator, written by others, given the same customers: everybody waits as long there as in our hall."""

import random

import ciw
import pytest

from hall_server.core.classes import CustomerClass, Policy
from hall_server.core.kpi import waits
from hall_server.core.replay import Arrival, Plan, replay
from hall_server.core.visits import day_of

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
    """The waits of each class, in the order of arrival, as Ciw finds them."""
    came = {name: [one for one in arrivals if one.klass == name] for name in CLASSES}
    gaps = {
        name: [one.at_s - before for one, before in zip(group, [0, *(b.at_s for b in group)], strict=False)]
        for name, group in came.items()
    }
    network = ciw.create_network(
        arrival_distributions={name: [ciw.dists.Sequential([*gaps[name], float("inf")])] for name in CLASSES},
        service_distributions={
            name: [ciw.dists.Sequential([one.service_s for one in came[name]])] for name in CLASSES
        },
        number_of_servers=[WINDOWS],
        priority_classes={"vip": 0, "all": 1 if strict else 0},
    )  # fmt: skip
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(10 * arrivals[-1].at_s)
    records = sorted(simulation.get_all_records(), key=lambda record: record.arrival_date)
    return {name: [r.waiting_time for r in records if r.customer_class == name] for name in CLASSES}


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
