"""What a USB printer's node does to its driver; the rows of conformance have the moving numbers."""

import errno
import os
import pty
import tty
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from drivers.ports import DeviceError
from drivers.transport import open_transport
from drivers.usb import UsbTransport
from tests.drivers.test_serial_printing import nobody


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as closing:
        yield closing


def terminal(stack: ExitStack) -> tuple[UsbTransport, int]:
    """A node that is a pseudo-terminal, open, and the printer's end of it."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    stack.callback(os.close, ours)
    stack.callback(os.close, theirs)
    transport = UsbTransport(f"usb://{os.ttyname(theirs)}")
    stack.callback(transport.close)
    transport.open()
    return transport, ours


def fault(call: object, *args: object) -> tuple[str, str]:
    assert callable(call)
    with pytest.raises(DeviceError) as caught:
        call(*args)
    return caught.value.code, caught.value.evidence


@pytest.mark.parametrize(
    "url", ["usb://", "usb:///", "usb://by-path", "usb://by-id/x", "usb://by-path/1-1?baud=9600", "usb://lp0"]
)
def test_an_address_that_names_no_printer_is_refused_with_examples(url: str) -> None:
    with pytest.raises(ValueError, match="usb://by-path/1-1.2"):
        open_transport(url)


def test_bytes_travel_both_ways_and_silence_is_empty(stack: ExitStack) -> None:
    transport, printer = terminal(stack)
    transport.write(b"\x10\x04\x01", 1)
    assert os.read(printer, 16) == b"\x10\x04\x01"
    os.write(printer, b"\x12\x16")
    assert transport.read(5, limit=1) == b"\x12"
    assert transport.read(5) == b"\x16"
    assert transport.read(0.01) == b""
    os.write(printer, b"\x18")
    transport.write(b"x", 1)
    assert transport.read(5) == b"\x18"


def test_a_printer_that_takes_nothing_blocks_nobody_for_ever(stack: ExitStack) -> None:
    transport, _ = terminal(stack)
    code, evidence = fault(transport.write, bytes(1_000_000), 0.05)
    assert code == "port_blocked"
    assert evidence.endswith("of 1000000 bytes not taken")


def test_a_packet_without_bytes_is_not_the_end() -> None:
    """The null device reads like a printer that sends empty packets, and is there."""
    transport = open_transport("usb:///dev/null")
    transport.open()
    transport.open()
    transport.write(b"\x10\x04\x01", 1)
    assert transport.read(0.03) == b""
    assert transport.drain() == b""
    transport.close()
    transport.close()
    assert fault(transport.write, b"x", 1) == ("port_missing", "not open")


def test_a_node_that_is_not_ours_is_named(stack: ExitStack) -> None:
    ours, theirs = pty.openpty()
    stack.callback(os.close, ours)
    stack.callback(os.close, theirs)
    os.fchmod(theirs, 0)
    with nobody():
        assert fault(open_transport(f"usb://{os.ttyname(theirs)}").open)[0] == "port_permission"


def test_a_node_in_other_hands_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pseudo-terminal admits one user only, as usblp does: what the system says is made up."""

    def busy(*_: object) -> int:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(os, "open", busy)
    assert fault(open_transport("usb:///dev/usb/lp0").open) == ("port_busy", "[Errno 16] Device or resource busy")
