"""A serial line through pyserial, with the ways in which a port can vanish or jam turned into fault codes."""

import socket
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import serial
from serial import rfc2217

from drivers.ports import Clock, DeviceError

READ_SLICE_S = 0.02  # how long one blocking read lasts; setting the port anew per read would cost a system call
MAX_DRAIN_BYTES = 65536  # a device that talks without end must not hold its worker
CLOSE_TIMEOUT_S = 0.5  # for the last frame to leave; nothing healthy has more on its way when a port is closed
MIN_WRITE_TIMEOUT_S = 0.05  # with 0 pyserial spins for ever on a full port, with None it blocks for ever

# What pyserial and the system raise for a port that has gone; pyserial itself may even fail with TypeError.
if sys.platform == "win32":
    _GONE: tuple[type[Exception], ...] = (OSError, TypeError, ValueError)
else:
    import termios

    _GONE = (OSError, termios.error, TypeError, ValueError)

_OPEN_FAULTS = {2: "port_missing", 5: "port_missing", 11: "port_busy", 13: "port_permission", 16: "port_busy"}
_PARITIES = {"N": serial.PARITY_NONE, "E": serial.PARITY_EVEN, "O": serial.PARITY_ODD}


@dataclass(frozen=True, slots=True)
class LineSettings:
    """How the line talks; the query of the URL."""

    baud: int = 9600
    data_bits: int = 8
    parity: str = "N"
    stop_bits: int = 1
    rtscts: bool = False
    xonxoff: bool = False

    @classmethod
    def parse(cls, query: str) -> "LineSettings":
        """Read ``baud=9600&format=8N1&flow=rtscts``. Raises ``ValueError`` naming what is wrong."""
        given = dict(parse_qsl(query, keep_blank_values=True))
        baud = given.pop("baud", "9600")
        shape = given.pop("format", "8N1").upper()
        flow = given.pop("flow", "none")
        if given:
            raise ValueError(f"unknown line setting {sorted(given)[0]!r}; known are baud, format, flow")
        if not (baud.isdecimal() and int(baud) > 0):
            raise ValueError(f"baud {baud!r} is not a number")
        if not (len(shape) == 3 and shape[0] in "78" and shape[1] in _PARITIES and shape[2] in "12"):
            raise ValueError(f"format {shape!r} is not like 8N1 or 7E1")
        if flow not in {"none", "rtscts", "xonxoff"}:
            raise ValueError(f"flow {flow!r} is none of none, rtscts, xonxoff")
        return cls(int(baud), int(shape[0]), shape[1], int(shape[2]), flow == "rtscts", flow == "xonxoff")


class _Bridge(rfc2217.Serial):
    """pyserial's client, for bridges that hang up in the middle of the negotiation: no complaint, no open socket."""

    def close(self) -> None:
        """Close in every case: pyserial leaves the socket open when the other end has gone first."""
        link: socket.socket | None = getattr(self, "_socket", None)
        super().close()
        if link is not None:
            link.close()

    def _telnet_read_loop(self) -> None:
        # The thread ends either way; whoever reads or waits for the negotiation then learns that the link is gone.
        with suppress(OSError):
            super()._telnet_read_loop()  # type: ignore[misc]  # its stubs leave out what is not called from outside


_Port = serial.Serial | _Bridge


class SerialTransport:
    """One serial port, local or behind an RFC 2217 bridge, opened for us alone."""

    def __init__(self, url: str, clock: Clock = time.monotonic) -> None:
        parts = urlsplit(url)
        self._clock = clock
        self._remote = parts.scheme == "rfc2217"
        self._settings = LineSettings.parse(parts.query)
        self._target = self._remote_target(parts.netloc) if self._remote else parts.netloc + parts.path
        self._name = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._port: _Port | None = None
        self._woken = threading.Event()
        self._lock = threading.Lock()

    def _remote_target(self, place: str) -> str:
        # Many bridges never confirm RTS and DTR, which two wires do not have; asked-for flow control must be confirmed.
        flow = self._settings.rtscts or self._settings.xonxoff
        return f"rfc2217://{place}" if flow else f"rfc2217://{place}?ign_set_control"

    def open(self) -> None:
        """Open unless open. Raises ``port_missing``, ``port_busy``, ``port_permission``, ``refused`` …"""
        if self._port is not None:
            return
        settings = self._settings
        port: _Port = _Bridge() if self._remote else serial.serial_for_url(self._target, do_not_open=True)
        port.port = self._target
        port.baudrate, port.bytesize, port.parity = (
            settings.baud,
            settings.data_bits,
            _PARITIES[settings.parity],
        )
        port.stopbits, port.rtscts, port.xonxoff = settings.stop_bits, settings.rtscts, settings.xonxoff
        port.timeout = READ_SLICE_S
        if not self._remote:
            port.exclusive = True  # without it two programs share the port and mix their frames
            port.write_timeout = 1.0
        try:
            port.open()
        except _GONE as error:
            raise DeviceError(self._open_fault(error), str(error)) from error
        self._port = port

    def _open_fault(self, error: BaseException) -> str:
        if not self._remote:
            return _OPEN_FAULTS.get(getattr(error, "errno", None) or 2, "port_missing")
        return "refused" if isinstance(error.__context__, ConnectionRefusedError) else "unreachable"

    def write(self, data: bytes, timeout_s: float) -> None:
        """Send all of ``data``. After ``port_blocked`` part of it may be out: pause before sending again."""
        port = self._opened()
        try:
            if not self._remote:
                port.write_timeout = max(timeout_s, MIN_WRITE_TIMEOUT_S)
            port.write(data)
        except serial.SerialTimeoutException as error:
            raise DeviceError("port_blocked", str(error)) from error
        except _GONE as error:
            raise self._lost(error) from error

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        """What the line said, at most ``limit`` bytes; empty when it was silent for ``timeout_s``."""
        port = self._opened()
        deadline = self._clock() + timeout_s
        try:
            while True:
                first: bytes = port.read(1)
                if first:
                    # Never trust the count of waiting bytes to be more than a hint; one byte proves the rest.
                    waiting = min(port.in_waiting, limit - 1)
                    return first + (port.read(waiting) if waiting else b"")
                if self._woken.is_set() or self._clock() >= deadline:
                    self._woken.clear()
                    return b""
        except _GONE as error:
            raise self._lost(error) from error

    def wake(self) -> None:
        """End a read that waits, or the next one; from any thread. Behind a bridge this takes one read slice."""
        self._woken.set()
        # The lock: a port that is closed meanwhile may have given its pipe's number to another file.
        with self._lock, suppress(*_GONE):
            if isinstance(self._port, serial.Serial) and self._port.is_open:
                self._port.cancel_read()

    def drain(self) -> bytes:
        """Take all that waits, without waiting longer than one read slice."""
        port = self._opened()
        data = b""
        try:
            while len(data) < MAX_DRAIN_BYTES and (waiting := port.in_waiting):
                data += port.read(waiting)
        except _GONE as error:
            raise self._lost(error) from error
        return data

    def close(self) -> None:
        """Give the port back; what a jammed line has not taken by then is dropped."""
        port, self._port = self._port, None
        if port is None:
            return
        with suppress(*_GONE):
            if isinstance(port, serial.Serial):
                self._let_drain(port)
        with self._lock, suppress(*_GONE):
            port.close()

    def _let_drain(self, port: serial.Serial) -> None:
        deadline = self._clock() + CLOSE_TIMEOUT_S
        while port.out_waiting:
            if self._clock() >= deadline:
                # The system would wait 30 s for a line that does not move, and send the rest whenever it does.
                port.reset_output_buffer()
                return
            time.sleep(READ_SLICE_S)

    def describe(self) -> str:
        """The address, as people know it."""
        return self._name

    def _opened(self) -> _Port:
        if self._port is None:
            raise DeviceError(self._gone_code(), "not open")
        return self._port

    def _gone_code(self) -> str:
        return "unreachable" if self._remote else "port_missing"

    def _lost(self, error: Exception) -> DeviceError:
        return DeviceError(self._gone_code(), str(error))
