"""The serial cable of a simulated printer: a pseudo-terminal here, the printer's port there, at the line's speed."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from drivers.sim.wire import PtyWire

CABLE_FAULTS = ("unplugged", "blocked")  # the adapter is out; the printer's flow control lets nothing through
BITS_PER_BYTE = 10
TURN_S = 0.003  # the line is looked after this often: three characters at 9600 Bd
CHUNK_S = 0.02  # what leaves together: a real adapter passes on pieces of this size
SEND_BUFFER_BYTES = 2304  # the least that Linux grants: what lies in here is on the wire


class SimSerialCable:
    """Makes the printer at ``port`` a serial one, found at ``link``; the link always leads to the present terminal.

    While the printer is not there, what is sent to it is lost, as on any serial line.
    """

    def __init__(self, port: int, link: Path, baud: int = 9600, host: str = "127.0.0.1") -> None:
        self.link, self.baud = link, baud
        self._address = (host, port)
        self._wire = PtyWire(link)
        self._byte_s = BITS_PER_BYTE / baud
        self._faults: set[str] = set()
        self._changed = threading.Condition()
        self._plugged = False
        self._printer: socket.socket | None = None
        self._there, self._back = b"", b""
        self._there_free_at = self._back_free_at = 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sim-serial-cable", daemon=True)

    @property
    def url(self) -> str:
        """The device URL of the printer."""
        return f"serial://{self.link}?baud={self.baud}"

    def start(self) -> "SimSerialCable":
        """Plug it in. Raises ``OSError`` when there can be no such link."""
        self._wire.plug()
        self._thread.start()
        self._settle()
        return self

    def stop(self) -> None:
        """Take it away."""
        self._stopping.set()
        self._thread.join()
        self._pull()

    def set_fault(self, name: str, on: bool) -> None:
        """Begin or end a fault; the port has gone or come back when the call returns."""
        if name not in CABLE_FAULTS:
            raise ValueError(f"no fault {name!r} of a cable; known are {', '.join(CABLE_FAULTS)}")
        with self._changed:
            (self._faults.add if on else self._faults.discard)(name)
        self._settle()

    def _settle(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._plugged is ("unplugged" not in self._faults), timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                faults = frozenset(self._faults)
            if "unplugged" in faults:
                self._pull()
            else:
                self._wire.plug()
                self._connect()
            with self._changed:
                self._plugged = "unplugged" not in faults
                self._changed.notify_all()
            if faults:
                self._stopping.wait(TURN_S)
            else:
                self._carry()

    def _pull(self) -> None:
        self._wire.unplug()
        self._hang_up()

    def _connect(self) -> None:
        if self._printer is None:
            with suppress(OSError):
                self._printer = socket.create_connection(self._address, timeout=1)
                self._printer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
                self._printer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._printer.setblocking(False)

    def _hang_up(self) -> None:
        if self._printer is not None:
            self._printer.close()
        self._printer, self._there, self._back = None, b"", b""

    def _carry(self) -> None:
        """One turn: bytes that had their time on the wire arrive, both ways."""
        if not self._there:
            self._there = self._wire.receive(TURN_S)
            self._there_free_at = max(self._there_free_at, time.monotonic())
        else:
            self._stopping.wait(TURN_S)
        try:
            self._there, self._there_free_at = self._pass_on(self._there, self._there_free_at, self._to_printer)
            self._hear_printer()
        except OSError:
            self._hang_up()
        self._back, self._back_free_at = self._pass_on(self._back, self._back_free_at, self._to_port)

    def _pass_on(self, data: bytes, free_at: float, deliver: Callable[[bytes], int]) -> tuple[bytes, float]:
        """Deliver what had its time by now, in pieces; what is not taken waits and makes its sender wait."""
        while data:
            piece = data[: max(1, int(CHUNK_S / self._byte_s))]
            done_at = free_at + len(piece) * self._byte_s
            if done_at > time.monotonic():
                break
            taken = deliver(piece)
            if taken == 0:
                return data, time.monotonic()
            data, free_at = data[taken:], done_at
        return data, free_at

    def _to_printer(self, data: bytes) -> int:
        if self._printer is None:
            return len(data)
        try:
            return self._printer.send(data)
        except BlockingIOError:
            return 0

    def _to_port(self, data: bytes) -> int:
        self._wire.send(data)
        return len(data)

    def _hear_printer(self) -> None:
        if self._printer is None:
            return
        with suppress(BlockingIOError):
            data = self._printer.recv(4096)
            if not data:
                raise ConnectionResetError
            if not self._back:
                self._back_free_at = max(self._back_free_at, time.monotonic())
            self._back += data
