"""How many of those who wait now will be called before a ticket, under the policy in force."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from hall_server.core.classes import NEED_S, CustomerClass, Head, Lane, Policy
from hall_server.core.queue import Key, Queue

Lanes = Sequence[tuple[Lane, Sequence[Key]]]
Bound = tuple[float, float]  # of a lane those are ahead whose (arrival, seq) is smaller
EVERYBODY: Bound = (float("inf"), 0.0)
NOBODY: Bound = (float("-inf"), 0.0)


def ahead(
    policy: Policy, queues: Sequence[Queue], mine: Head, now: float, wait_s: float = 0.0, pointer: int = 0
) -> tuple[int, int]:  # fmt: skip
    """Who waits in these queues and comes before ``mine``, and how many of them have come later.

    ``wait_s`` from now is when the keys are compared.
    """
    lanes = [(lane, keys) for queue in queues for lane, keys in queue.lanes.items()]
    earlier = [bisect_left(keys, (mine.arrival, mine.seq), key=_place) for _, keys in lanes]
    if policy.kind == "quota":
        before = _by_pattern(policy, lanes, mine, pointer)
        return before, max(0, before - sum(earlier))
    cuts = [bisect_left(keys, _bound(policy, lane, mine, now, wait_s), key=_place) for lane, keys in lanes]
    return sum(cuts), sum(max(0, cut - place) for cut, place in zip(cuts, earlier, strict=True))


def _place(key: Key) -> Bound:
    return key[:2]


def _bound(policy: Policy, lane: Lane, mine: Head, now: float, wait_s: float) -> Bound:
    """Where a lane is cut: before it they are called sooner."""
    place: Bound = mine.arrival, mine.seq
    klass, need = lane
    if lane == (mine.klass, mine.need):
        return place
    by_class = _by_class(policy, policy.of(klass), mine, now + wait_s)
    bound = by_class[0] + (NEED_S if need else 0.0), by_class[1]
    if not policy.guarantee_s:
        return bound
    sure = (now - policy.guarantee_s, float("inf"))  # whoever has waited so long goes by arrival
    return place if place <= sure else max(bound, sure)


def _by_class(policy: Policy, other: CustomerClass, mine: Head, then: float) -> Bound:
    """The place at which a ticket of another class would have the same key as ``mine``."""
    own = policy.of(mine.klass)
    match policy.kind:
        case "head_start":
            return mine.since + other.head_start_s - own.head_start_s, mine.seq
        case "accumulating":
            return then - own.rate * (then - mine.since) / other.rate, mine.seq
        case "strict" if other.rank != own.rank:
            return EVERYBODY if other.rank < own.rank else NOBODY
        case _:
            return mine.since, mine.seq


def _by_pattern(policy: Policy, lanes: Lanes, mine: Head, pointer: int) -> int:
    """The slots until the pattern comes to ``mine``: whole rounds at once, then slot by slot."""
    own = policy.of(mine.klass).id
    waiting: Counter[str] = Counter()
    for lane, keys in lanes:
        name = policy.of(lane[0]).id
        waiting[name] += len(keys) if name != own else bisect_left(keys, _same_class(lane, mine), key=_place)
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


def _same_class(lane: Lane, mine: Head) -> Bound:
    """Inside a class only a need moves anybody."""
    return mine.since + (NEED_S if lane[1] else 0.0), mine.seq
