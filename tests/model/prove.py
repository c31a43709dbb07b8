"""How machines are run: some examples in CI, very many of a hundred steps under ``make soak``, in parts."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.model.moves import HallMachine
from tests.soak import SOAK, rounds

STEPS = rounds(40, 100)
PATIENT = pytest.mark.timeout(rounds(900, 7200))  # whatever is found is made small for five minutes
PARTS = range(rounds(1, 10))  # a part is what one process runs at a time


def prove(
    machine: Callable[[], HallMachine], tally: Counter[str], what: str, *, examples: int, steps: int = STEPS
) -> None:  # fmt: skip
    """Run so many examples; the tally tells how many there were, and how often the hall was held against the paper."""

    def counted() -> HallMachine:
        made = machine()
        made.tally, made.what = tally, what
        tally[f"halls by chance, {what}"] += 1
        return made

    chosen = _settings(max_examples=examples, stateful_step_count=steps)
    run_state_machine_as_test(counted, settings=chosen)  # type: ignore[arg-type]  # whatever makes one will do


def finds(machine: Callable[[], HallMachine], *, within: int, steps: int = 30) -> None:
    """Run until something is found: the same examples each time, and no time is spent on making them small."""
    run = seed(1)(lambda: machine())  # of its own: the seed is written on it
    found = _settings(max_examples=within, stateful_step_count=steps, phases=(Phase.generate,))
    run_state_machine_as_test(run, settings=found)  # type: ignore[arg-type]


def _settings(**more: object) -> settings:
    """No part begins with what another has kept, and a long run is another one each time."""
    more |= {"derandomize": False} if SOAK else {}
    return settings(deadline=None, suppress_health_check=list(HealthCheck), database=None, **more)  # type: ignore[arg-type]
