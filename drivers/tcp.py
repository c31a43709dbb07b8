"""A TCP link to a printer or a serial bridge that notices dead peers and loses no byte when it closes."""

import select
import socket
import time
from contextlib import suppress
from typing import Any

from drivers.alarm import Alarm
from drivers.full_duplex import write_all
from drivers.ports import Clock, DeviceError

CONNECT_TIMEOUT_S = 2.0  # a printer on the same LAN answers in milliseconds; two seconds allow one lost SYN
REOPEN_GAP_S = 0.2  # one-connection printers need 150-200 ms to forget the connection we closed
AT_ONCE_S = 0.5  # a bridge that is taken hangs up within 0.3 s
GREETING_BYTES = 64  # "Port already in use" is what ser2net says before it hangs up
CLOSE_TIMEOUT_S = 0.5  # long enough to read what a healthy peer still says, short enough for a dead one
SEND_BUFFER_BYTES = 4096  # small, so that little data can sit in the kernel looking as if it were sent
MAX_DRAIN_BYTES = 65536  # a device that talks without end must not hold its worker
USER_TIMEOUT_MS = 3000  # unacknowledged data older than this ends the connection (Linux)
KEEPALIVE_IDLE_S = 10  # a silent half-open link is probed after this time ...
KEEPALIVE_EVERY_S = 3  # ... this often ...
KEEPALIVE_PROBES = 3  # ... and given up after so many unanswered probes

# Named where the platform has them: Windows and macOS lack some, and the link works without.
_TUNING = (
    ("TCP_NODELAY", 1),
    ("TCP_USER_TIMEOUT", USER_TIMEOUT_MS),
    ("TCP_KEEPIDLE", KEEPALIVE_IDLE_S),
    ("TCP_KEEPINTVL", KEEPALIVE_EVERY_S),
    ("TCP_KEEPCNT", KEEPALIVE_PROBES),
)


class TcpTransport:
    """One client connection; what arrives while writing is kept, so a talkative peer cannot block us."""

    def __init__(self, host: str, port: int, scheme: str = "tcp", clock: Clock = time.monotonic) -> None:
        self._host, self._port, self._clock = host, port, clock
        self._name = f"{scheme}://{host}:{port}"
        self._socket: socket.socket | None = None
        self._alarm: Alarm | None = None
        self._pending = b""
        self._closed_at = clock() - REOPEN_GAP_S
        self._opened_at, self._greeting = clock(), b""

    def open(self) -> None:
        """Connect unless connected. Raises ``refused`` or ``unreachable``."""
        if self._socket is not None:
            return
        wait_s = self._closed_at + REOPEN_GAP_S - self._clock()
        if wait_s > 0:
            time.sleep(wait_s)
        deadline = self._clock() + CONNECT_TIMEOUT_S
        try:
            found = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise DeviceError("unreachable", str(error)) from error
        refusal = DeviceError("unreachable", "no address")
        for family, kind, protocol, _, address in found:
            try:
                self._socket = self._connect(socket.socket(family, kind, protocol), address, deadline)
            except OSError as error:
                code = "refused" if isinstance(error, ConnectionRefusedError) else "unreachable"
                refusal = DeviceError(code, str(error))
            else:
                self._alarm = Alarm()
                self._opened_at, self._greeting = self._clock(), b""
                return
        raise refusal

    def _connect(self, link: socket.socket, address: tuple[Any, ...], deadline: float) -> socket.socket:
        try:
            # The buffer sizes are negotiated by the handshake: afterwards is too late.
            link.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
            link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            for option, value in _TUNING:
                number = getattr(socket, option, None)
                if number is not None:
                    link.setsockopt(socket.IPPROTO_TCP, number, value)
            link.settimeout(max(deadline - self._clock(), 0.05))
            link.connect(address)
            link.setblocking(False)
        except OSError:
            link.close()
            raise
        return link

    def write(self, data: bytes, timeout_s: float) -> None:
        """Send all of ``data``. Raises ``port_blocked`` when not all was taken, ``unreachable`` when gone."""
        write_all(data, timeout_s, self._clock, self._wait, self._hear, self._send)

    def _hear(self) -> None:
        self._pending += self._receive(4096)

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        """What the peer said, at most ``limit`` bytes; empty when it was silent for ``timeout_s``."""
        if not self._pending:
            readable, _ = self._wait(self._clock() + timeout_s, writing=False)
            if readable:
                self._pending = self._receive(4096)
        data, self._pending = self._pending[:limit], self._pending[limit:]
        return data

    def wake(self) -> None:
        """End a read that waits, or the next one; from any thread."""
        alarm = self._alarm
        if alarm is not None:
            alarm.ring()

    def drain(self) -> bytes:
        """Take all that waits, without waiting. Raises ``unreachable`` when the peer has hung up."""
        while len(self._pending) < MAX_DRAIN_BYTES and self._wait(self._clock(), writing=False)[0]:
            self._pending += self._receive(4096)
        data, self._pending = self._pending, b""
        return data

    def close(self) -> None:
        """Say goodbye and read to the end: closing over unread bytes resets the link and loses sent data."""
        link, self._socket, self._pending = self._socket, None, b""
        if link is None:
            return
        if self._alarm is not None:
            self._alarm.close()
            self._alarm = None
        with link, suppress(OSError):
            link.shutdown(socket.SHUT_WR)
            deadline = self._clock() + CLOSE_TIMEOUT_S
            while (left_s := deadline - self._clock()) > 0:
                readable, _, _ = select.select([link], [], [], left_s)
                if readable and not link.recv(4096):
                    break
        self._closed_at = self._clock()

    def describe(self) -> str:
        """The address, as people know it."""
        return self._name

    def _link(self) -> socket.socket:
        if self._socket is None:
            raise DeviceError("unreachable", "not open")
        return self._socket

    def _wait(self, deadline: float, writing: bool) -> tuple[bool, bool]:
        link, alarm = self._link(), self._alarm
        left_s = max(deadline - self._clock(), 0)
        ears = [link] if alarm is None or writing else [link, alarm.ear]
        readable, writable, _ = select.select(ears, [link] if writing else [], [], left_s)
        if alarm is not None and alarm.ear in readable:
            alarm.hush()
        return link in readable, bool(writable)

    def _receive(self, limit: int) -> bytes:
        try:
            data = self._link().recv(limit)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise self._gone(str(error)) from error
        if not data:
            raise self._gone("closed by the device")
        self._greeting = (self._greeting + data)[:GREETING_BYTES]
        return data

    def _gone(self, evidence: str) -> DeviceError:
        """A bridge that has another client lets us in and hangs up at once; some say why, in words."""
        said = self._greeting.decode("ascii", "replace").strip()
        if "in use" in said:
            return DeviceError("in_use", f"{evidence}: {said}")
        if not said and self._clock() - self._opened_at < AT_ONCE_S:
            evidence += ", at once: perhaps another program is connected to it"
        return DeviceError("unreachable", f"{evidence}: {said}" if said and said.isprintable() else evidence)

    def _send(self, data: memoryview) -> int:
        try:
            return self._link().send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise self._gone(str(error)) from error
