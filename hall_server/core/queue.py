"""The waiting tickets of one service, always in the order of (arrival, seq)."""

from bisect import bisect_left, insort
from collections.abc import Iterator

Key = tuple[float, int, str]


class Queue:
    """A sorted list: tickets join at the end nearly always, so that joining and leaving in front are cheap."""

    __slots__ = ("_keys",)

    def __init__(self) -> None:
        self._keys: list[Key] = []

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def add(self, key: Key) -> None:
        """Join; a ticket that comes back finds its old place."""
        insort(self._keys, key)

    def and_one(self, key: Key) -> "Queue":
        """A copy in which one more waits."""
        other = Queue()
        other._keys = self._keys.copy()
        other.add(key)
        return other

    def remove(self, key: Key) -> None:
        """Leave from wherever it stands."""
        at = bisect_left(self._keys, key)
        if at == len(self._keys) or self._keys[at] != key:
            raise ValueError(f"{key} does not wait here")
        del self._keys[at]

    def before(self, key: Key) -> int:
        """How many stand before this key."""
        return bisect_left(self._keys, key)
