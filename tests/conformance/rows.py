"""One line of the conformance bench: a device, a scenario, what must be seen, and how to see it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario of the table, for pytest and for the printed table alike.

    ``run`` is given a scratch folder of its own and returns what was seen in a few words. It raises ``AssertionError``
    when that is not what was expected, and ``NotHereError`` when this machine cannot arrange the scenario.
    """

    device: str
    number: str
    scenario: str
    expected: str
    run: Callable[[Path], str]


class NotHereError(Exception):
    """The scenario needs what this machine lacks; the sentence says what."""
