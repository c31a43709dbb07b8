"""A block of numbers that is leased to a kiosk: which of them have become tickets, and which are left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Block:
    """The numbers ``first`` to ``last`` of a series; ``used`` has the ticket of each number that became one.

    ``came_at`` is the latest arrival that its kiosk told of: the next one is not before it.
    """

    kiosk: str
    holder: str
    service: str
    series: str
    first: int
    last: int
    came_at: float
    used: dict[int, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is found by."""
        return f"{self.series}{self.first}"

    def has(self, number: int) -> bool:
        """Whether the number is in it."""
        return self.first <= number <= self.last

    @property
    def left(self) -> int:
        """How many numbers are no tickets yet."""
        return self.last - self.first + 1 - len(self.used)

    def spans(self) -> Iterator[tuple[int, int]]:
        """The numbers that are no tickets, as first and last of each run."""
        start = self.first
        for number in (*sorted(self.used), self.last + 1):
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


def fresh(blocks: Iterable[Block], series: str, number: int) -> int:
    """This number, or the first one above all blocks of its series."""
    return max((number, *(one.last + 1 for one in blocks if one.series == series)))
