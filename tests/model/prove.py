"""How machines are run: some examples in CI, very many of a hundred steps under ``make soak``, in parts."""

from collections import Counter
from collections.abc import Callable
from random import SystemRandom

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.moves import HallMachine
from tests.soak import SOAK, rounds

STEPS = rounds(40, 100)
PATIENT = pytest.mark.timeout(rounds(900, 7200))  # whatever is found is made small for five minutes
PARTS = range(rounds(1, 10))  # a part is what one process runs at a time


def prove(
    machine: Callable[[], HallMachine], tally: Counter[str], what: str, *,
    examples: int, steps: int = STEPS, begin: int | None = None,
) -> None:  # fmt: skip
    """Run so many examples, from a seed if one is given; the tally tells how many, and how often all was compared."""

    def counted() -> HallMachine:
        made = machine()
        made.tally, made.what = tally, what
        tally[f"halls by chance, {what}"] += 1
        return made

    chosen = _settings(max_examples=examples, stateful_step_count=steps)
    run = counted if begin is None else seed(begin)(counted)
    run_state_machine_as_test(run, settings=chosen)  # type: ignore[arg-type]  # whatever makes one will do


def prove_one_by_one(
    machine: Callable[[], HallMachine], tally: Counter[str], what: str, *, examples: int, steps: int
) -> None:  # fmt: skip
    """The same for machines in which two people do things at once: that ends one way or the other.

    The library takes for broken what differs between two runs that begin alike, and most of its examples begin as
    another did; so each run here is the simplest example and one other, from a seed of its own.
    """
    first = SystemRandom().randrange(2**32) if SOAK else 0
    for number in range(first, first + examples // 2):
        prove(machine, tally, what, examples=2, steps=steps, begin=number)


def finds(machine: Callable[[], HallMachine], *, within: int, steps: int = 30) -> None:
    """Run until something is found: the same examples each time, and no time is spent on making them small."""
    run = seed(1)(lambda: machine())  # of its own: the seed is written on it
    found = _settings(max_examples=within, stateful_step_count=steps, phases=(Phase.generate,))
    run_state_machine_as_test(run, settings=found)  # type: ignore[arg-type]


def _settings(**more: object) -> settings:
    """No part begins with what another has kept, and a long run is another one each time."""
    more |= {"derandomize": False} if SOAK else {}
    return settings(deadline=None, suppress_health_check=list(HealthCheck), database=None, **more)  # type: ignore[arg-type]
