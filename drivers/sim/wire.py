"""The device's end of a cable: a TCP listener for one client, or a pseudo-terminal behind a link like by-id's."""

import os
import select
import socket
import sys
from pathlib import Path
from typing import Protocol

if sys.platform != "win32":
    import pty
    import tty


class Wire(Protocol):
    """What a simulated device needs of its cable; used by one thread."""

    def plug(self) -> None:
        """Make the port appear."""
        ...

    def unplug(self) -> None:
        """Make it disappear, with whatever was open."""
        ...

    def receive(self, timeout_s: float) -> bytes:
        """What the master sent; empty when nothing came in time or nobody is there."""
        ...

    def send(self, data: bytes) -> None:
        """Put bytes on the line; lost when nobody listens."""
        ...


class TcpWire:
    """A serial bridge: one client at a time; a later one takes the line over, as bridges with kick-old do."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self._listener: socket.socket | None = None
        self._client: socket.socket | None = None

    def plug(self) -> None:
        """Listen; the port number chosen the first time is kept."""
        if self._listener is None:
            self._listener = socket.create_server((self.host, self.port))
            self.port = self._listener.getsockname()[1]

    def unplug(self) -> None:
        """Stop listening and hang up."""
        for end in (self._client, self._listener):
            if end is not None:
                end.close()
        self._client = self._listener = None

    def receive(self, timeout_s: float) -> bytes:
        """Bytes of the client; new clients are let in on the way."""
        ends = [end for end in (self._listener, self._client) if end is not None]
        if not ends:
            return b""
        readable, _, _ = select.select(ends, [], [], timeout_s)
        if self._listener in readable and self._listener is not None:
            self._hang_up()
            self._client, _ = self._listener.accept()
            self._client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return b""
        if self._client in readable and self._client is not None:
            try:
                data = self._client.recv(4096)
            except OSError:
                data = b""
            if not data:
                self._hang_up()
            return data
        return b""

    def send(self, data: bytes) -> None:
        """Send to the client, if there is one."""
        if self._client is not None:
            try:
                self._client.sendall(data)
            except OSError:
                self._hang_up()

    def _hang_up(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None


class PtyWire:
    """A pseudo-terminal; ``link`` always leads to the present one, whatever its number."""

    def __init__(self, link: Path) -> None:
        self.link = link
        self._ends: tuple[int, int] | None = None

    def plug(self) -> None:
        """Open a new terminal and point the link at it."""
        if sys.platform == "win32":
            raise OSError("Windows has no pseudo-terminals")
        elif self._ends is None:  # noqa: RET506 - the type checker reads one branch for each system
            self._ends = pty.openpty()
            tty.setraw(self._ends[1])
            self.link.unlink(missing_ok=True)
            self.link.symlink_to(os.ttyname(self._ends[1]))

    def unplug(self) -> None:
        """Close the terminal; whoever has it open gets an error."""
        if self._ends is not None:
            self.link.unlink(missing_ok=True)
            for end in self._ends:
                os.close(end)
            self._ends = None

    def receive(self, timeout_s: float) -> bytes:
        """Bytes the master wrote."""
        if self._ends is None or not select.select([self._ends[0]], [], [], timeout_s)[0]:
            return b""
        return os.read(self._ends[0], 4096)

    def send(self, data: bytes) -> None:
        """Write to the terminal."""
        if self._ends is not None:
            os.write(self._ends[0], data)
