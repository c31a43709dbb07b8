"""The proof that no number is missing: of each series and day every number is a ticket, or has a record why not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hall_server.core import facts as f
from hall_server.core.blocks import Block, holes, outside
from hall_server.core.config import HallConfig
from hall_server.core.facts.away import BlockLeased, NumbersVoided
from hall_server.core.series import Series

# What numbers depend on; everything else that a journal tells of can be passed over unread.
KINDS = frozenset({"DayOpened", "HallConfigured", "TicketIssued", "BlockLeased", "NumbersVoided", "DayClosed"})


@dataclass(slots=True)
class Told:
    """What a day says of one series; ``top`` is how far the hall itself had come when it gave a number out."""

    series: Series
    tickets: set[int] = field(default_factory=set)
    void: set[int] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    top: int = 0
    begun: int = 0  # the first number of the series when its first ticket was given out


@dataclass(slots=True)
class Numbers:
    """A fold over the facts of a hall; ``wrong`` are sentences."""

    wrong: list[str] = field(default_factory=list)
    _day: str = ""
    _config: HallConfig | None = None
    _told: dict[str, Told] = field(default_factory=dict)

    def take(self, fact: f.Fact) -> None:
        """Go on by one fact."""
        match fact:
            case f.DayOpened(day=day):
                self._day, self._told = day, {}
                self._config = fact.carried.config or self._config
            case f.HallConfigured(config=config):
                self._config = config
            case f.TicketIssued():
                self._issued(fact)
            case BlockLeased():
                block = Block(fact.kiosk, fact.holder, fact.service, fact.series, fact.first, fact.last, 0.0)
                self._of(fact.series).blocks.append(block)
            case NumbersVoided():
                self._of(fact.series).void.update(range(fact.first, fact.last + 1))
            case f.DayClosed():
                self.wrong += self._missing()
            case _:
                pass

    def _of(self, prefix: str) -> Told:
        if prefix not in self._told:
            known = self._config.series if self._config else ()
            series = next((one for one in known if one.prefix == prefix), Series(prefix))
            self._told[prefix] = Told(series)
        return self._told[prefix]

    def _issued(self, fact: f.TicketIssued) -> None:
        told = self._of(fact.series)
        if fact.number in told.tickets or fact.number in told.void:
            self.wrong.append(f"{fact.label} of {self._day} was given out twice, or although it was void.")
        told.tickets.add(fact.number)
        if fact.away:
            return
        if told.top and fact.number <= told.top:
            self.wrong.append(f"{fact.label} of {self._day} was given out after a higher number.")
        if not told.top:
            known = self._config.series if self._config else ()
            told.begun = next((one.first for one in known if one.prefix == fact.series), told.series.first)
        told.top = max(told.top, fact.number)

    def _missing(self) -> Iterator[str]:
        """What is no ticket and has no record when a day is closed."""
        for told in self._told.values():
            explained = told.tickets | told.void
            for first, last in _spans(told):
                for start, end in holes(first, last, explained):
                    labels = told.series.label(start) + ("" if end == start else f" to {told.series.label(end)}")
                    yield f"{labels} of {self._day}: no ticket, and no record why not."


def _spans(told: Told) -> Iterator[tuple[int, int]]:
    """The numbers that have to be explained: what the hall went past, each block, and what was torn off a roll."""
    if told.top:
        yield from outside(told.blocks, told.series.prefix, told.begun, told.top)
    yield from ((block.first, block.last) for block in told.blocks)
    if told.series.printed and (torn := told.tickets | told.void):
        yield min(torn), max(torn)


def mistakes(facts: Iterable[f.Fact]) -> list[str]:
    """What is wrong with the numbers that a journal tells of; numbers of a day that is open may still be explained."""
    numbers = Numbers()
    for fact in facts:
        numbers.take(fact)
    return numbers.wrong
