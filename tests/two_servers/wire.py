"""A wire between a server and PostgreSQL that can be cut or held at the one moment that matters: the commit."""

import contextlib
import selectors
import socket
import threading
from dataclasses import dataclass, field
from enum import StrEnum

COMMIT = b"COMMIT\0"  # as psycopg sends it; a BEGIN may name READ COMMITTED
BYTES = 64 * 1024


class Do(StrEnum):
    """What to do with the next commit that comes along."""

    PASS = "pass"
    CUT_BEFORE = "cut before"  # the database never hears of it
    CUT_AFTER = "cut after"  # the database commits, and nobody hears of that
    HOLD = "hold"  # it waits here, and with it everything that the transaction has locked


@dataclass
class Wire:
    """Listens on loopback and passes bytes on; ``met`` is set when the awaited commit has come."""

    to_port: int
    do: Do = Do.PASS
    down: bool = False
    met: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._ends: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def arm(self, do: Do) -> None:
        """The next commit meets its fate; those after it pass."""
        self.met.clear()
        self.let_go.clear()
        self.do = do

    def cut(self) -> None:
        """Nothing passes any more, and who comes is sent away."""
        self.down = True
        for end in tuple(self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self.down = False

    def close(self) -> None:
        self.let_go.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in tuple(self._ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in (self._accepting, *self._threads):
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self.down:
                    near.close()
                    continue
                thread = threading.Thread(target=self._relay, args=(near,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _relay(self, near: socket.socket) -> None:
        with near, contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.to_port)) as far:
            self._ends |= {near, far}
            with contextlib.suppress(OSError), selectors.DefaultSelector() as either:
                either.register(near, selectors.EVENT_READ, far)
                either.register(far, selectors.EVENT_READ, near)
                while self._pass_on(either, near):
                    continue
            self._ends -= {near, far}

    def _pass_on(self, either: selectors.BaseSelector, near: socket.socket) -> bool:
        for key, _ in either.select():
            end: socket.socket = key.fileobj  # type: ignore[assignment]
            data = end.recv(BYTES)
            fate = self._fate() if end is near and COMMIT in data else Do.PASS
            if not data or fate is Do.CUT_BEFORE:
                return False
            if fate is Do.HOLD:
                self.let_go.wait()
            key.data.sendall(data)
            if fate is Do.CUT_AFTER:
                return self._await_the_answer(key.data)
        return True

    def _fate(self) -> Do:
        fate, self.do = self.do, Do.PASS
        if fate is not Do.PASS:
            self.met.set()
        return fate

    def _await_the_answer(self, far: socket.socket) -> bool:
        """The database has done it when it answers; nobody is told."""
        far.recv(BYTES)
        return False
