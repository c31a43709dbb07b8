"""What can have happened to numbers that a kiosk gives out while nobody answers it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BlockLeased:
    """The numbers ``first`` to ``last`` of a series belong to one kiosk for one service until the day is closed.

    ``holder`` is the log on the kiosk's disk: a kiosk that has lost it gets other numbers.
    """

    kiosk: str
    holder: str
    service: str
    series: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NumbersVoided:
    """Numbers that are never given out, and why there is a hole in their series.

    ``why``: *unused* when the day ended (``kiosk`` had them leased), *taken* by a ticket that stayed from a day before,
    *range* of the series ended there, *spoiled* or *unentered* numbers of a paper roll.
    """

    kiosk: str
    series: str
    first: int
    last: int
    why: str = "unused"


@dataclass(frozen=True, slots=True)
class NumberLapsed:
    """A kiosk told of a number of a day that was over by then: somebody holds paper that counts no longer."""

    kiosk: str
    day: str
    label: str
    service: str


@dataclass(frozen=True, slots=True)
class TicketMerged:
    """A kiosk told of a number that a clerk had called before: since when its customer waits, and their code."""

    ticket: str
    code: str
    came_at: float
    kiosk: str
    language: str = "zh"
