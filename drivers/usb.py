"""A printer behind Linux's usblp: a node whose number moves, found again by its socket or serial number."""

import errno
import os
import select
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from drivers.full_duplex import write_all
from drivers.ports import Clock, DeviceError

CLOSE_TIMEOUT_S = 0.5  # usblp drops what is still on its way when it is closed; a healthy printer takes it at once
EMPTY_READ_PAUSE_S = 0.01  # a packet without bytes is no end: look again, but not without a breath
MAX_DRAIN_BYTES = 65536  # a device that talks without end must not hold its worker
WAYS = ("by-path", "by-serial")

_OPEN_FAULTS = {errno.EBUSY: "port_busy", errno.EACCES: "port_permission", errno.EPERM: "port_permission"}


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the system shows its nodes and what it knows of each."""

    devices: Path = Path("/dev/usb")
    classes: Path = Path("/sys/class/usbmisc")


def present(roots: Roots) -> dict[Path, dict[str, str]]:
    """The nodes of all USB printers that are plugged in, each with its socket (``1-1.2``) and serial number."""
    found: dict[Path, dict[str, str]] = {}
    for entry in sorted(roots.classes.glob("lp*")):
        device = (entry / "device").resolve().parent
        serial = device / "serial"
        number = serial.read_text("utf-8", "replace").strip() if serial.is_file() else ""
        found[roots.devices / entry.name] = {"by-path": device.name, "by-serial": number}
    return found


class UsbTransport:
    """One printer's node, open for us alone: usblp admits no second one."""

    def __init__(self, url: str, roots: Roots = Roots(), clock: Clock = time.monotonic) -> None:
        parts = urlsplit(url)
        self._way = parts.netloc
        self._wanted = unquote(parts.path) if not self._way else unquote(parts.path).strip("/")
        if parts.query or self._way not in ("", *WAYS) or not self._wanted.strip("/"):
            shapes = "usb:///dev/usb/lp0, usb://by-path/1-1.2 or usb://by-serial/NUMBER"
            raise ValueError(f"{url!r} names no USB printer; write {shapes}")
        self._name = f"usb://{parts.netloc}{parts.path}"
        self._roots, self._clock = roots, clock
        self._socket_was = ""  # where the printer of a plain node was plugged in when it was last open
        self._node = Path(self._wanted)
        self._fd: int | None = None
        self._pending = b""

    def open(self) -> None:
        """Find the node and open it unless open. Raises ``port_missing``, ``port_busy``, ``port_permission``."""
        if self._fd is not None:
            return
        try:
            there = present(self._roots)
            self._node = self._place(there)
            self._fd = os.open(self._node, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise DeviceError(_OPEN_FAULTS.get(error.errno or 0, "port_missing"), str(error)) from error
        self._socket_was = there.get(self._node, {}).get("by-path", "")

    def _place(self, there: dict[Path, dict[str, str]]) -> Path:
        if self._way:
            found = [node for node, known in there.items() if known[self._way] == self._wanted]
            if len(found) > 1:
                raise DeviceError("address_clash", f"{self._name} is {' and '.join(node.name for node in found)}")
            if not found:
                raise DeviceError("port_missing", f"no printer is {self._name}")
            return found[0]
        # A number is given to whoever comes first; the printer that had ours is where it was plugged in.
        moved = (node for node, known in there.items() if known["by-path"] == self._socket_was)
        return next(moved, Path(self._wanted))

    def write(self, data: bytes, timeout_s: float) -> None:
        """Hand over all of ``data``. Raises ``port_blocked`` when not all was taken, ``port_missing`` when gone."""
        write_all(data, timeout_s, self._clock, self._wait, self._hear, self._send)

    def _hear(self) -> None:
        self._pending += self._receive(4096)

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        """What the printer said, at most ``limit`` bytes; empty when it was silent for ``timeout_s``."""
        deadline = self._clock() + timeout_s
        while not self._pending:
            if self._wait(deadline, writing=False)[0]:
                self._pending = self._receive(4096)
            if self._clock() >= deadline:
                break
        data, self._pending = self._pending[:limit], self._pending[limit:]
        return data

    def wake(self) -> None:
        """Nothing: only lines of signs and pads are listened to without end."""

    def drain(self) -> bytes:
        """Take all that waits, without waiting. Raises ``port_missing`` when the printer has gone."""
        while len(self._pending) < MAX_DRAIN_BYTES and self._wait(self._clock(), writing=False)[0]:
            data = self._receive(4096)
            if not data:
                break
            self._pending += data
        data, self._pending = self._pending, b""
        return data

    def close(self) -> None:
        """Let the last write arrive, then give the node back."""
        fd, self._fd, self._pending = self._fd, None, b""
        if fd is None:
            return
        with suppress(OSError):
            select.select([], [fd], [], CLOSE_TIMEOUT_S)
        with suppress(OSError):
            os.close(fd)

    def describe(self) -> str:
        """The address, as people know it."""
        return self._name

    def _opened(self) -> int:
        if self._fd is None:
            raise DeviceError("port_missing", "not open")
        return self._fd

    def _wait(self, deadline: float, writing: bool) -> tuple[bool, bool]:
        fd = self._opened()
        left_s = max(deadline - self._clock(), 0)
        readable, writable, _ = select.select([fd], [fd] if writing else [], [], left_s)
        return bool(readable), bool(writable)

    def _receive(self, limit: int) -> bytes:
        try:
            data = os.read(self._opened(), limit)
            if not data:
                self._node.stat()  # an empty packet of a printer that is there, or what a vanished terminal reads as
                time.sleep(EMPTY_READ_PAUSE_S)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise DeviceError("port_missing", str(error)) from error
        return data

    def _send(self, data: memoryview) -> int:
        try:
            return os.write(self._opened(), data)
        except BlockingIOError:
            return 0
        except OSError as error:
            raise DeviceError("port_missing", str(error)) from error
