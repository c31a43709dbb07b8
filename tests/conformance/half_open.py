"""What every sign driver must do when its bridge has lost the connection and says nothing about it."""

import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.conformance.bus_rig import Rig, calls_shown, line_fault_told, plugged
from tests.conformance.relay import relay

RENEW_AFTER_S = 5.0  # long enough that the line is called failed before, however slow the machine


def power_cut(wire: str, folder: Path) -> str:
    """The bridge loses its power: not even its TCP answers, and no end of the connection is told."""
    with plugged(wire, folder) as site, dead_end(site.url) as (url, cut), Rig(site.sim, url) as rig:
        rig.all_ok()
        cut()
        began = time.monotonic()
        call = rig.call("w1", "A091")
        rig.ear.wait_for(lambda: any(said[0] == "failed" for said in rig.ear.said("bus")))
        assert not rig.ear.was_shown(call)
        rig.ear.wait_shown(call)
        back_s = time.monotonic() - began
        calls_shown(rig, {1: call})
    return f"failed in words; shown by a new link {back_s:.0f} s after the cut, ok"


@contextmanager
def dead_end(url: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """The same bridge behind a wire that can be cut, and how to cut it."""
    front, _, port = url.rpartition(":")
    wire = relay(int(port))
    try:
        yield f"{front}:{wire.port}", wire.cut_power
    finally:
        wire.stop()


def half_open(wire: str, folder: Path) -> str:
    """The bridge has forgotten our connection, takes what we send on it, and says nothing for ever."""
    with plugged(wire, folder) as site, Middle(int(site.url.rpartition(":")[2])) as middle:
        url = f"{site.url.rpartition(':')[0]}:{middle.port}"
        with Rig(site.sim, url, renew_after_s=RENEW_AFTER_S) as rig:
            rig.all_ok()
            middle.forget()
            call = rig.call("w1", "A090")
            line_fault_told(rig, "bus_down")
            assert not rig.ear.was_shown(call)
            calls_shown(rig, {1: call})
    return "failed bus_down; link renewed, repainted, ok"


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
