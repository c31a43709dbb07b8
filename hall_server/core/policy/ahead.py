"""How many of those who wait now will be called before a ticket, under the policy in force."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from hall_server.core.policy.classes import NEED_S, CustomerClass, Lane, Policy, Waits, since
from hall_server.core.policy.queue import Key, Queue

INFINITE = float("inf")
EVERYBODY: Key = (INFINITE, 0, "")
NOBODY: Key = (-INFINITE, 0, "")
Lanes = Sequence[tuple[Lane, Sequence[Key]]]


def ahead(
    policy: Policy, queues: Sequence[Queue], mine: Waits, now: float, wait_s: float = 0.0, pointer: int = 0
) -> tuple[int, int]:  # fmt: skip
    """Who waits in these queues and comes before ``mine``, and how many of them have come later.

    ``wait_s`` from now is when the keys are compared.
    """
    lanes = [(lane, keys) for queue in queues for lane, keys in queue.lanes.items()]
    place: Key = (mine.arrival, mine.seq, "")
    if policy.kind == "quota":
        before = _by_pattern(policy, lanes, mine, pointer)
        return before, max(0, before - sum(bisect_left(keys, place) for _, keys in lanes))
    cuts = [bisect_left(keys, _bound(policy, lane, mine, now, wait_s)) for lane, keys in lanes]
    if mine.seq == INFINITE:
        return sum(cuts), 0
    return sum(cuts), sum(max(0, cut - bisect_left(keys, place)) for cut, (_, keys) in zip(cuts, lanes, strict=True))


def _bound(policy: Policy, lane: Lane, mine: Waits, now: float, wait_s: float) -> Key:
    """Where a lane is cut: those before it are called sooner."""
    place: Key = (mine.arrival, mine.seq, "")
    klass, need = lane
    if (klass, need) == (mine.klass, mine.need) or (policy.kind == "fifo" and need is mine.need is False):
        return place
    at, seq, _ = _by_class(policy, policy.of(klass), mine, now + wait_s)
    bound: Key = (at + (NEED_S if need else 0.0), seq, "")
    sure: Key = (now - policy.guarantee_s, INFINITE, "")  # whoever has waited so long goes by arrival
    if not policy.guarantee_s:
        return bound
    return place if place <= sure else max(bound, sure)


def _by_class(policy: Policy, other: CustomerClass, mine: Waits, then: float) -> Key:
    """The place at which a ticket of another class would have the same key as ``mine``."""
    own, came = policy.of(mine.klass), since(mine)
    match policy.kind:
        case "head_start":
            return came + other.head_start_s - own.head_start_s, mine.seq, ""
        case "accumulating":
            return then - own.rate * (then - came) / other.rate, mine.seq, ""
        case "strict" if other.rank != own.rank:
            return EVERYBODY if other.rank < own.rank else NOBODY
        case _:
            return came, mine.seq, ""


def _by_pattern(policy: Policy, lanes: Lanes, mine: Waits, pointer: int) -> int:
    """The slots until the pattern comes to ``mine``: whole rounds at once, then slot by slot."""
    own = policy.of(mine.klass).id
    waiting: Counter[str] = Counter()
    for (klass, need), keys in lanes:
        name = policy.of(klass).id
        place: Key = (since(mine) + (NEED_S if need else 0.0), mine.seq, "")  # inside a class only a need moves anybody
        waiting[name] += len(keys) if name != own else bisect_left(keys, place)
    slots = Counter(policy.pattern)
    if own not in slots:
        return waiting.total()
    rounds, left = divmod(waiting.pop(own, 0), slots[own])
    called = Counter({name: min(many, rounds * slots[name]) for name, many in waiting.items()})
    mine_before, at = rounds * slots[own] + left, pointer
    while (name := policy.pattern[at % len(policy.pattern)]) != own or left:
        left -= name == own
        called[name] += name != own and called[name] < waiting[name]
        at += 1
    return mine_before + called.total()
