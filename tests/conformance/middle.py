"""A network between station and bridge that can lose a connection without either end being told."""

import selectors
import socket
import threading
from contextlib import suppress


class Middle:
    """A cable between station and bridge that can be cut without either end being told."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._pairs: dict[socket.socket, socket.socket] = {}
        self._forgotten: list[socket.socket] = []
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._carry, daemon=True)

    def __enter__(self) -> "Middle":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()
        for end in (self._listener, *self._pairs, *self._forgotten):
            end.close()

    def forget(self) -> None:
        """The bridge's side ends; the station's stays open, takes bytes and is silent for ever."""
        with self._lock:
            near = [end for end in self._pairs if end.getsockname()[1] == self.port]
            for end in near:
                self._pairs[end].close()
            self._forgotten += near
            self._pairs.clear()

    def _carry(self) -> None:
        while not self._ending.is_set():
            with self._lock, selectors.DefaultSelector() as ready:
                for end in (self._listener, *self._pairs):
                    ready.register(end, selectors.EVENT_READ)
                for key, _ in ready.select(0.005):
                    if key.fileobj is self._listener:
                        self._join()
                    elif isinstance(key.fileobj, socket.socket) and key.fileobj in self._pairs:
                        self._pass_on(key.fileobj)

    def _join(self) -> None:
        near, far = self._listener.accept()[0], socket.create_connection(("127.0.0.1", self._to))
        self._pairs |= {near: far, far: near}

    def _pass_on(self, end: socket.socket) -> None:
        data = b""
        with suppress(OSError):
            data = end.recv(4096)
        other = self._pairs[end]
        with suppress(OSError):
            other.sendall(data)
        if not data:
            for one in (end, other):
                del self._pairs[one]
                one.close()
