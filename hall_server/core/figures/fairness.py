"""Who was overtaken on a day, by whom and why: the day is folded once more, and each call asked whom it goes past."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from hall_server.core import folds as fold
from hall_server.core.facts import TicketCalled
from hall_server.core.figures.devices import Told
from hall_server.core.hall import Hall
from hall_server.core.policy.explain import passed_by
from hall_server.core.tickets import State, Ticket

NAMED = 5  # overtakers that a row names: whoever wants all of them reads the sheet


@dataclass(frozen=True, slots=True)
class Overtaking:
    """One call that went past a ticket; ``later_s`` is how much later the one that was called had come."""

    label: str
    klass: str
    need: bool
    window: str
    at: float
    later_s: int
    cause: str
    said: str = ""


@dataclass(slots=True)
class Passed:
    """A ticket that was overtaken; ``beyond`` of these times it had waited longer than the guarantee."""

    label: str
    service: str
    klass: str
    need: bool
    came_at: float
    wait_s: float | None = None
    outcome: str = ""
    beyond: int = 0
    by: list[Overtaking] = field(default_factory=list)

    @property
    def times(self) -> int:
        """How often it was overtaken."""
        return len(self.by)


@dataclass(frozen=True, slots=True)
class Fairness:
    """A day's overtaking. ``guarantee_s`` (0: none) is how long the hall lets anybody be overtaken.

    ``waited_beyond`` counts all tickets that waited longer than that, ``overtaken_beyond`` those overtaken even then.
    """

    day: str
    guarantee_s: int
    policy: str
    arrived: int
    times: int
    by_cause: dict[str, int]
    longest_s: float | None
    waited_beyond: int
    overtaken_beyond: int
    rows: tuple[Passed, ...]


def fairness(rows: Iterable[Told]) -> Fairness | None:
    """What the rows of a day say; None when they tell of none."""
    hall, found = Hall(), dict[str, Passed]()
    for told in rows:
        if isinstance(told.fact, TicketCalled) and told.fact.overtaken:
            _note(hall, told, told.fact, found)
        fold.apply(hall, told.fact, hall.seq + 1, told.at, told.by)
    if hall.day is None:
        return None
    for name, passed in found.items():
        ticket = hall.tickets[name]
        passed.wait_s, passed.outcome = _wait_s(ticket), ticket.state.value
    guarantee_s = hall.config.policy.guarantee_s
    waits = [_waited_s(hall, ticket) for ticket in hall.tickets.values()]
    return Fairness(
        day=hall.day, guarantee_s=guarantee_s, policy=hall.config.policy.kind,
        arrived=len(hall.tickets) - len(hall.kept),
        times=sum(one.times for one in found.values()),
        by_cause=dict(Counter(by.cause for one in found.values() for by in one.by).most_common()),
        longest_s=max((one.wait_s for one in found.values() if one.wait_s is not None), default=None),
        waited_beyond=sum(wait > guarantee_s for wait in waits) if guarantee_s else 0,
        overtaken_beyond=sum(one.beyond for one in found.values()),
        rows=tuple(sorted(found.values(), key=lambda one: (-one.times, one.came_at, one.label))),
    )  # fmt: skip


def _note(hall: Hall, told: Told, fact: TicketCalled, found: dict[str, Passed]) -> None:
    winner, why = hall.tickets[fact.ticket], fact.because
    cause = "need" if why is not None and why.need and why.policy == fact.why else fact.why
    guarantee_s = hall.config.policy.guarantee_s
    for ticket in passed_by(hall, fact.window, winner):
        row = found.setdefault(
            ticket.id, Passed(ticket.label, ticket.service, ticket.klass, ticket.need, ticket.arrival)
        )  # fmt: skip
        row.beyond += bool(guarantee_s) and told.at - ticket.arrival >= guarantee_s
        later_s = round(winner.arrival - ticket.arrival)
        row.by.append(
            Overtaking(winner.label, winner.klass, winner.need, fact.window, told.at, later_s, cause, fact.reason)
        )


def _wait_s(ticket: Ticket) -> float | None:
    return None if ticket.called_at is None else max(0.0, ticket.called_at - ticket.since)


def _waited_s(hall: Hall, ticket: Ticket) -> float:
    """Until the last call, else until now or the end."""
    if ticket.state is State.WAITING or ticket.called_at is None:
        return max(0.0, (ticket.ended_at or hall.at) - ticket.since)
    return max(0.0, ticket.called_at - ticket.since)
