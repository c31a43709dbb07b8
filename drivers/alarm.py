"""Lets another thread end a ``select`` that waits for a device."""

import socket
import threading
from contextlib import suppress


class Alarm:
    """One pair of connected sockets: ``ear`` becomes readable when somebody rings. Open for as long as its wire is."""

    def __init__(self) -> None:
        self.ear, self._bell = socket.socketpair()
        self.ear.setblocking(False)
        self._bell.setblocking(False)
        self._lock = threading.Lock()

    def ring(self) -> None:
        """From any thread; harmless when closed, and remembered until it is heard."""
        # The lock: between a look at the socket and the call its number may belong to another file.
        with self._lock, suppress(OSError):
            self._bell.send(b"\0")

    def hush(self) -> None:
        """It was heard."""
        with suppress(OSError):
            self.ear.recv(4096)

    def close(self) -> None:
        """The wire is closed."""
        with self._lock:
            self.ear.close()
            self._bell.close()
