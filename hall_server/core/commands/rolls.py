"""Commands about a paper roll with printed numbers: what was done by hand while nothing else worked."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """The numbers ``first`` to ``last`` of the roll with that prefix."""

    roll: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class EnterHandedOut:
    """Numbers were handed out for a service, evenly from ``since`` until ``until`` (Unix seconds).

    ``names`` has an id and a code for the ticket of each number.
    """

    numbers: Stretch
    service: str
    since: float
    until: float
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class EnterServed:
    """Numbers were served at a window one after another, evenly from ``since`` until ``until`` (Unix seconds)."""

    numbers: Stretch
    window: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class EnterLeft:
    """Whoever had these numbers went away unserved at that time (Unix seconds)."""

    numbers: Stretch
    at: float


@dataclass(frozen=True, slots=True)
class SpoilNumbers:
    """These numbers were torn off or lost, and nobody has them."""

    numbers: Stretch


RollCommand = EnterHandedOut | EnterServed | EnterLeft | SpoilNumbers
