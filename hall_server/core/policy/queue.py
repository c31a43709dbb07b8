"""The waiting tickets of one service, lane by lane, always in the order of (arrival, seq)."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from heapq import merge

from hall_server.core.policy.classes import ORDINARY, Lane

Key = tuple[float, float, str]


class Queue:
    """Sorted lists: tickets join at the end nearly always, so that joining and leaving in front are cheap."""

    __slots__ = ("_lanes",)

    def __init__(self) -> None:
        self._lanes: dict[Lane, list[Key]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._lanes.values()))

    def __iter__(self) -> Iterator[Key]:
        return merge(*self._lanes.values())

    @property
    def lanes(self) -> Mapping[Lane, Sequence[Key]]:
        """Who waits, by class and need; a lane without anybody is not there."""
        return self._lanes

    def add(self, key: Key, lane: Lane = ORDINARY) -> None:
        """Join; a ticket that comes back finds its old place."""
        insort(self._lanes.setdefault(lane, []), key)

    def and_one(self, key: Key, lane: Lane = ORDINARY) -> "Queue":
        """A copy in which one more waits."""
        other = Queue()
        other._lanes = {name: keys.copy() for name, keys in self._lanes.items()}
        other.add(key, lane)
        return other

    def remove(self, key: Key, lane: Lane = ORDINARY) -> None:
        """Leave from wherever it stands."""
        keys = self._lanes.get(lane, [])
        at = bisect_left(keys, key)
        if at == len(keys) or keys[at] != key:
            raise ValueError(f"{key} does not wait here")
        del keys[at]
        if not keys:
            del self._lanes[lane]

    def before(self, key: Key) -> int:
        """How many stand before this key."""
        return sum(bisect_left(keys, key) for keys in self._lanes.values())
