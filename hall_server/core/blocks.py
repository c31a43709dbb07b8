"""Numbers that are given out without the hall: leased to a kiosk in blocks, or printed on a paper roll."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Block:
    """The numbers ``first`` to ``last`` of a series; ``used`` has the ticket of each number that became one.

    ``came_at`` is the latest arrival that its kiosk told of: the next one is not before it. What is ``void`` becomes
    no ticket: somebody has that label since yesterday, or the day is over.
    """

    kiosk: str
    holder: str
    service: str
    series: str
    first: int
    last: int
    came_at: float
    used: dict[int, str] = field(default_factory=dict)
    void: set[int] = field(default_factory=set)

    @property
    def name(self) -> str:
        """What it is found by."""
        return f"{self.series}{self.first}"

    def has(self, number: int) -> bool:
        """Whether the number is in it."""
        return self.first <= number <= self.last

    @property
    def left(self) -> int:
        """How many numbers are no tickets yet and may become some."""
        return self.last - self.first + 1 - len(self.used) - len(self.void)

    @property
    def gone(self) -> tuple[int, ...]:
        """The numbers that nobody gives out any more."""
        return tuple(sorted({*self.used, *self.void}))


@dataclass(frozen=True, slots=True)
class Torn:
    """A number of a paper roll that somebody spoke of: its ticket, and when its customer came.

    Without ``ticket`` it is spoiled; without ``came_at`` a clerk has called it, and nobody has entered it yet.
    """

    ticket: str = ""
    came_at: float | None = None


def holes(first: int, last: int, gone: Iterable[int]) -> Iterator[tuple[int, int]]:
    """What is left of a run of numbers without those that are gone, as first and last of each stretch."""
    start = first
    for number in (*sorted(n for n in gone if first <= n <= last), last + 1):
        if number > start:
            yield start, number - 1
        start = number + 1


def find(blocks: Iterable[Block], series: str, number: int) -> Block | None:
    """The block that has a number."""
    return next((block for block in blocks if block.series == series and block.has(number)), None)


def past(blocks: Iterable[Block], series: str, number: int) -> int:
    """This number, or the next one that is in no block."""
    for block in sorted((one for one in blocks if one.series == series), key=lambda one: one.first):
        number = block.last + 1 if block.has(number) else number
    return number


def outside(blocks: Iterable[Block], series: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """The same run without the numbers of blocks."""
    for block in sorted((one for one in blocks if one.series == series), key=lambda one: one.first):
        if first <= last and block.first <= last and block.last >= first:
            if block.first > first:
                yield first, block.first - 1
            first = block.last + 1
    if first <= last:
        yield first, last


def fresh(blocks: Iterable[Block], series: str, number: int) -> int:
    """This number, or the first one above all blocks of its series."""
    return max((number, *(one.last + 1 for one in blocks if one.series == series)))
