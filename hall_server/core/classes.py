"""Policies as data, and whose turn it is among the oldest tickets of each class: pure, and knows nothing of a hall.

Each kind of policy makes a key of a ticket, and the smallest key goes first. Inside a class the order
is always that of arrival, so it is enough to compare the oldest of each class.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Head:
    """A ticket as policies see it: its class, arrival (Unix seconds), journal number, and a special need."""

    klass: str
    arrival: float
    seq: float
    need: bool = False

    @property
    def since(self) -> float:
        """From when on it counts as waiting."""
        return self.arrival - NEED_S if self.need else self.arrival


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is (the place among the heads) and by which key; ``slot`` is the one of a pattern that was used."""

    at: int
    key: Key
    guarantee: bool = False
    slot: int | None = None


def key(policy: Policy, head: Head, now: float) -> Key:
    """What a ticket is compared by at ``now``: the smaller goes first."""
    own = policy.of(head.klass)
    match policy.kind:
        case "head_start":
            return head.since - own.head_start_s, head.seq
        case "accumulating":
            return -own.rate * max(0.0, now - head.since), head.since, head.seq
        case "strict":
            return own.rank, head.since, head.seq
        case _:  # fifo, and quota among those whose slot it is
            return head.since, head.seq


def first(policy: Policy, heads: Sequence[Head], now: float, pointer: int = 0) -> Turn:
    """Whose turn it is at ``now`` among the oldest of each lane; ``pointer`` is the next slot of a pattern."""
    slot = _slot(policy, heads, pointer) if policy.kind == "quota" else None
    keys = [key(policy, head, now) for head in heads]
    fitting = [at for at, head in enumerate(heads) if slot is None or policy.of(head.klass).id == policy.pattern[slot]]
    best = min(fitting, key=lambda at: keys[at])
    long = [at for at, head in enumerate(heads) if policy.guarantee_s and now - head.arrival >= policy.guarantee_s]
    if long:
        oldest = min(long, key=lambda at: (heads[at].arrival, heads[at].seq))
        if oldest != best:
            return Turn(oldest, keys[oldest], guarantee=True)
    return Turn(best, keys[best], slot=slot)


def _slot(policy: Policy, heads: Sequence[Head], pointer: int) -> int | None:
    """The next slot of the pattern for which somebody waits; None when nobody waits that it names."""
    waiting, length = {policy.of(head.klass).id for head in heads}, len(policy.pattern)
    slots = ((pointer + step) % length for step in range(length))
    return next((slot for slot in slots if policy.pattern[slot] in waiting), None)
