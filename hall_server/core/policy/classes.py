"""Policies as data, and whose turn it is among the oldest tickets of each class: pure, and knows nothing of a hall.

Each kind of policy makes a key of a ticket, and the smallest key goes first. Inside a class the order
is always that of arrival, so it is enough to compare the oldest of each class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

NEED_S = 300.0  # the head start of a special need that the staff has seen: five minutes, under every policy
GUARANTEE_S = 1800  # half an hour is what most halls promise at the door

Key = tuple[float, ...]
Lane = tuple[str, bool]  # a class and whether there is a special need: who shares a lane is served in order of arrival
ORDINARY: Lane = ("", False)


@dataclass(frozen=True, slots=True)
class CustomerClass:
    """A class of customers with its number for each kind of policy; a smaller rank goes first."""

    id: str
    zh: str = ""
    en: str = ""
    head_start_s: int = 0
    rate: int = 1
    rank: int = 1


@dataclass(frozen=True, slots=True)
class Policy:
    """Who is next: the kind, the classes and their numbers. ``ordinary`` is the class of whoever has no other.

    Whoever has waited for ``guarantee_s`` (0: no such promise) goes before any class, in the order of arrival.
    """

    kind: str = "fifo"
    classes: tuple[CustomerClass, ...] = ()
    ordinary: str = ""
    pattern: tuple[str, ...] = ()
    guarantee_s: int = GUARANTEE_S

    def of(self, name: str) -> CustomerClass:
        """The class of that id; a class that the hall no longer has is the ordinary one."""
        known = {one.id: one for one in self.classes}
        return known.get(name) or known.get(self.ordinary) or CustomerClass(self.ordinary)


class Waits(Protocol):
    """What policies see of a ticket: its class, arrival (Unix seconds), journal number, and a special need."""

    @property
    def klass(self) -> str: ...
    @property
    def arrival(self) -> float: ...
    @property
    def seq(self) -> float: ...
    @property
    def need(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who takes a ticket now: behind everybody who has one; ``early_s`` before the time of an appointment."""

    arrival: float
    klass: str = ""
    need: bool = False
    seq: float = float("inf")
    early_s: float = 0.0


def since(one: Waits) -> float:
    """From when on somebody counts as waiting."""
    return one.arrival - NEED_S if one.need else one.arrival


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is (the place among the heads) and by which key; ``slot`` is the one of a pattern that was used."""

    at: int
    key: Key
    guarantee: bool = False
    slot: int | None = None


def key(policy: Policy, one: Waits, now: float) -> Key:
    """What a ticket is compared by at ``now``: the smaller goes first."""
    match policy.kind:
        case "head_start":
            return since(one) - policy.of(one.klass).head_start_s, one.seq
        case "accumulating":
            return -policy.of(one.klass).rate * max(0.0, now - since(one)), since(one), one.seq
        case "strict":
            return policy.of(one.klass).rank, since(one), one.seq
        case _:  # fifo, and quota among those whose slot it is
            return since(one), one.seq


def first(policy: Policy, heads: Sequence[Waits], now: float, pointer: int = 0) -> Turn:
    """Whose turn it is at ``now`` among the oldest of each lane; ``pointer`` is the next slot of a pattern."""
    keys = [key(policy, head, now) for head in heads]
    slot = _slot(policy, heads, pointer) if policy.kind == "quota" else None
    fitting = (at for at, head in enumerate(heads) if slot is None or policy.of(head.klass).id == policy.pattern[slot])
    best = min(fitting, key=keys.__getitem__)
    if policy.kind == "fifo" and not any(head.need for head in heads):
        return Turn(best, keys[best])  # whoever has waited longest is first anyway
    long = [at for at, head in enumerate(heads) if policy.guarantee_s and now - head.arrival >= policy.guarantee_s]
    if long:
        oldest = min(long, key=lambda at: (heads[at].arrival, heads[at].seq))
        if oldest != best:
            return Turn(oldest, keys[oldest], guarantee=True)
    return Turn(best, keys[best], slot=slot)


def _slot(policy: Policy, heads: Sequence[Waits], pointer: int) -> int | None:
    """The next slot of the pattern for which somebody waits; None when nobody waits that it names."""
    waiting, length = {policy.of(head.klass).id for head in heads}, len(policy.pattern)
    slots = ((pointer + step) % length for step in range(length))
    return next((slot for slot in slots if policy.pattern[slot] in waiting), None)
