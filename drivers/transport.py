"""Six calls that every wire understands, and the one place that turns a device URL into such a wire."""

from typing import Protocol
from urllib.parse import urlsplit

from drivers.serial_port import LineSettings, SerialTransport
from drivers.tcp import TcpTransport
from drivers.usb import UsbTransport

SCHEMES = ("tcp", "socket", "serial", "rfc2217", "usb")
DEFAULT_PORTS = {"tcp": 9100}  # raw printing; bridges have no port of their own


class Transport(Protocol):
    """A wire with deadlines; used by one thread. All trouble is a ``DeviceError`` with a fault code."""

    def open(self) -> None:
        """Make the link; nothing happens when it is open already."""
        ...

    def write(self, data: bytes, timeout_s: float) -> None:
        """Hand over all of ``data`` within the time; proves nothing about what the device got."""
        ...

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        """Return as soon as anything arrives; empty after ``timeout_s`` of silence."""
        ...

    def wake(self) -> None:
        """End a ``read`` that waits, or the next one, empty; the only call for other threads than the wire's own."""
        ...

    def drain(self) -> bytes:
        """Take what waits, without waiting; also the test whether the peer still holds the link."""
        ...

    def close(self) -> None:
        """End the link without losing sent bytes; harmless when closed."""
        ...

    def describe(self) -> str:
        """The address without secrets or settings, for messages."""
        ...


def open_transport(url: str) -> Transport:
    """Build the transport of ``url``; its ``open()`` makes the link. Raises ``ValueError`` for a wrong URL.

    The fragment (unit address) is not the wire's business and is ignored.
    """
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES:
        raise ValueError(f"unknown device address {url!r}: known are {', '.join(f'{s}://' for s in SCHEMES)}")
    if parts.scheme == "serial":
        if not parts.netloc + parts.path:
            raise ValueError(f"{url!r} names no port, e.g. serial:///dev/serial/by-id/...")
        return SerialTransport(url)
    if parts.scheme == "usb":
        return UsbTransport(url)
    port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    if not parts.hostname or port is None:
        raise ValueError(f"{url!r} needs a host and a port, e.g. {parts.scheme}://192.0.2.7:9100")
    if parts.scheme == "rfc2217":
        return SerialTransport(url)
    if parts.scheme == "socket":
        LineSettings.parse(parts.query)  # the bridge sets its line itself; whoever reckons with its speed is told here
    # pyserial's own socket:// waits 5 s, hides why it failed and cannot tell a dead peer: TcpTransport can.
    return TcpTransport(parts.hostname, port, parts.scheme)
