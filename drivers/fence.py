"""Ends a worker's say about its port: a tap that can be cut, after which no call reaches the wire."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from drivers.ports import DeviceError
from drivers.trace import Tap
from drivers.transport import Transport


def _as_it_is(data: bytes) -> bytes:
    return data


class Fence(Tap):
    """The tap of one worker. Whoever hangs cannot be stopped, but can be kept from ever touching its port again."""

    def __init__(self, hide: Callable[[bytes], bytes] = _as_it_is) -> None:
        super().__init__(hide)
        self._lock = threading.Lock()
        self._cut = self._inside = False
        self._wire: Transport | None = None

    def on(self, wire: Transport) -> Transport:
        """The same wire, heard, and ours to cut."""
        self._wire = wire
        return super().on(_FencedWire(wire, self))

    def cut(self) -> bool:
        """From now on nothing passes; True when a call is on the wire just now, and nobody knows for how long."""
        with self._lock:
            self._cut = True
            return self._inside

    def close(self) -> None:
        """Close the wire in the place of a worker that will not; only when nobody is on it."""
        if self._wire is not None:
            self._wire.close()

    @contextmanager
    def passing(self) -> Iterator[None]:
        """One call on the wire."""
        with self._lock:
            if self._cut:
                raise DeviceError("in_use", "this worker was given up")
            self._inside = True
        try:
            yield
        finally:
            self._inside = False


class _FencedWire:
    """A transport whose calls stop at the fence; ``wake`` and ``describe`` touch no port."""

    def __init__(self, wire: Transport, fence: Fence) -> None:
        self._wire, self._fence = wire, fence
        self.wake, self.describe = wire.wake, wire.describe

    def open(self) -> None:
        with self._fence.passing():
            self._wire.open()

    def write(self, data: bytes, timeout_s: float) -> None:
        with self._fence.passing():
            self._wire.write(data, timeout_s)

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        with self._fence.passing():
            return self._wire.read(timeout_s, limit)

    def drain(self) -> bytes:
        with self._fence.passing():
            return self._wire.drain()

    def close(self) -> None:
        with self._fence.passing():
            self._wire.close()
