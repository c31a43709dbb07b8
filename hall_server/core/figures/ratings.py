"""What customers said of each window, as a fold over the journal: the same rows always give the same figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hall_server.core import facts as f
from hall_server.core.facts.life import TicketStepped, TicketUndone
from hall_server.core.facts.windows import TicketRated

TELLING = ("TicketFinished", "TicketStepped", "TicketUndone", "TicketRated")
ENDS = ("TicketFinished", "TicketStepped")
LEVELS = (1, 2, 3, 4, 5)
FEWEST = 5  # answers: with fewer one could guess who said what


@dataclass(slots=True)
class Said:
    """One window: how many were served there and asked there by a unit, and how often they chose each level."""

    served: int = 0
    asked: int = 0
    levels: dict[int, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))

    @property
    def rated(self) -> int:
        """How many answered, at a unit or on the page of their ticket."""
        return sum(self.levels.values())

    @property
    def mean(self) -> float | None:
        """The mean level, unless too few answered."""
        total = sum(level * count for level, count in self.levels.items())
        return round(total / self.rated, 2) if self.rated >= FEWEST else None


def said(facts: Iterable[f.Fact]) -> dict[str, Said]:
    """By window; who was served there last is who was rated."""
    found: dict[str, Said] = {}
    ends: dict[str, tuple[str, bool]] = {}  # by ticket: the window at which its last service ended, and asked there
    for fact in facts:
        match fact:
            case f.TicketFinished(ticket=ticket, window=window, rating=unit):
                ends[ticket] = window, unit is not None
                _served(found, ends[ticket], 1)
            case TicketStepped(ticket=ticket, window=window):
                ends[ticket] = window, False
                _served(found, ends[ticket], 1)
            case TicketUndone(tickets=tickets, moves=moves):
                for ticket, move in zip(tickets, moves, strict=True):
                    if move in ENDS and ticket in ends:
                        _served(found, ends.pop(ticket), -1)
            case TicketRated(ticket=ticket, level=level) if ticket in ends:
                found[ends[ticket][0]].levels[level] += 1
            case _:
                pass
    return found


def _served(found: dict[str, Said], end: tuple[str, bool], by: int) -> None:
    window, asked = end
    at = found.setdefault(window, Said())
    at.served += by
    at.asked += by * asked


def together(every: Iterable[Said]) -> Said:
    """All windows as one."""
    whole = Said()
    for one in every:
        whole.served += one.served
        whole.asked += one.asked
        for level, count in one.levels.items():
            whole.levels[level] += count
    return whole
