"""The waiting tickets of one service, always in the order of (arrival, seq): all of them, and lane by lane."""

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence

from hall_server.core.classes import ORDINARY, Lane

Key = tuple[float, float, str]


class Queue:
    """Sorted lists: tickets join at the end nearly always, so that joining and leaving in front are cheap."""

    __slots__ = ("_keys", "_lanes")

    def __init__(self) -> None:
        self._keys: list[Key] = []
        self._lanes: dict[Lane, list[Key]] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    @property
    def lanes(self) -> Mapping[Lane, Sequence[Key]]:
        """Who waits, by class and need; a lane without anybody is not there."""
        return self._lanes

    def add(self, key: Key, lane: Lane = ORDINARY) -> None:
        """Join; a ticket that comes back finds its old place."""
        insort(self._keys, key)
        insort(self._lanes.setdefault(lane, []), key)

    def and_one(self, key: Key, lane: Lane = ORDINARY) -> "Queue":
        """A copy in which one more waits."""
        other = Queue()
        other._keys = self._keys.copy()
        other._lanes = {name: keys.copy() for name, keys in self._lanes.items()}
        other.add(key, lane)
        return other

    def remove(self, key: Key, lane: Lane = ORDINARY) -> None:
        """Leave from wherever it stands."""
        _leave(self._keys, key)
        _leave(self._lanes[lane], key)
        if not self._lanes[lane]:
            del self._lanes[lane]

    def before(self, key: Key) -> int:
        """How many stand before this key."""
        return bisect_left(self._keys, key)


def _leave(keys: list[Key], key: Key) -> None:
    at = bisect_left(keys, key)
    if at == len(keys) or keys[at] != key:
        raise ValueError(f"{key} does not wait here")
    del keys[at]
