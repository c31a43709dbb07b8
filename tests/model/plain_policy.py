"""Whose turn it is, as one would work it out on paper from everybody who waits: shares no code with the hall."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

NEED_S = 300.0  # a special need counts as having come five minutes earlier


class Waits(Protocol):
    """A line on the paper, as far as it matters here."""

    arrival: float
    turn: float
    need: bool
    klass: str


Line = TypeVar("Line", bound=Waits)


@dataclass
class PlainPolicy:
    """What the hall chose; ``numbers`` are by class its head start, rate or rank, and "" is whoever has no class."""

    kind: str = "fifo"
    numbers: tuple[tuple[str, float], ...] = ()
    pattern: tuple[str, ...] = ()
    guarantee_s: float = 1800.0  # whoever has waited so long is overtaken by nobody
    at: int = 0  # the next slot of the pattern
    slot: int | None = None  # the one that whoever is next would use up

    def fresh(self) -> "PlainPolicy":
        return replace(self, at=0, slot=None)

    def called(self) -> None:
        """Whoever was next has been called."""
        self.at = self.at if self.slot is None else self.slot + 1

    def whose_turn(self, waiting: Sequence[Line], now: float) -> list[Line]:
        """Those of whom the earliest is next. Who is early for an appointment has no turn before, unless alone."""
        ready = [t for t in waiting if t.arrival <= now] or list(waiting)
        if not ready:
            return []
        of_class, slot = ready, None
        if self.kind == "quota":
            slots = [*range(self.at, len(self.pattern)), *range(min(self.at, len(self.pattern)))]
            there = {t.klass for t in ready}
            slot = next((one for one in slots if self.pattern[one] in there), None)
            of_class = [t for t in ready if slot is None or t.klass == self.pattern[slot]]
        best = min(of_class, key=lambda t: self.worth(t, now))
        long = [t for t in ready if self.guarantee_s and now - t.arrival >= self.guarantee_s]
        oldest = min(long, key=lambda t: (t.arrival, t.turn), default=best)
        self.slot = slot if oldest is best else None
        return [oldest]

    def worth(self, one: Waits, now: float) -> tuple[float, ...]:
        """The smallest goes first."""
        since, number = one.arrival - NEED_S * one.need, dict(self.numbers).get(one.klass, 0.0)
        if self.kind == "head_start":
            return since - number, one.turn
        if self.kind == "accumulating":
            return -number * max(0.0, now - since), since, one.turn
        return (number if self.kind == "strict" else 0.0), since, one.turn
