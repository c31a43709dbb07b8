"""A value that several threads change and wait for, with a counter that grows at each change."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Watch(Generic[T]):
    """The newest value; whoever knows number *n* can wait for the next one."""

    def __init__(self, value: T) -> None:
        self._value = value
        self._number = 1
        self._closed = False
        self._changed = threading.Condition()

    def get(self) -> tuple[int, T]:
        with self._changed:
            return self._number, self._value

    def change(self, step: Callable[[T], T]) -> tuple[T, T]:
        """Replace the value by ``step(value)``; ``step`` is pure and quick. Answers (before, after)."""
        with self._changed:
            before, after = self._value, step(self._value)
            if after != before:
                self._value = after
                self._number += 1
                self._changed.notify_all()
            return before, after

    def wait(self, after: int, timeout_s: float) -> tuple[int, T]:
        """Wait until the number differs from ``after``, the time is over or the watch is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._number != after, timeout=timeout_s)
            return self._number, self._value

    @property
    def closed(self) -> bool:
        return self._closed

    def close(self) -> None:
        """Let everybody who waits go; used when the program stops."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
