"""Transports against real sockets and pseudo-terminals that hang up, jam, refuse and vanish."""

import os
import pty
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from drivers.ports import DeviceError
from drivers.serial_port import LineSettings
from drivers.transport import Transport, open_transport


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as closing:
        yield closing


def listen(stack: ExitStack) -> tuple[socket.socket, str]:
    server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
    return server, f"tcp://127.0.0.1:{server.getsockname()[1]}"


def connected(stack: ExitStack) -> tuple[Transport, socket.socket]:
    server, url = listen(stack)
    transport = open_transport(url)
    stack.callback(transport.close)
    transport.open()
    return transport, stack.enter_context(server.accept()[0])


def fault(call: object, *args: object) -> str:
    assert callable(call)
    with pytest.raises(DeviceError) as caught:
        call(*args)
    return caught.value.code


def test_bytes_travel_both_ways_and_silence_is_empty(stack: ExitStack) -> None:
    transport, peer = connected(stack)
    transport.write(b"\x10\x04\x01", 1)
    assert peer.recv(16) == b"\x10\x04\x01"
    peer.sendall(b"\x12\x16")
    assert transport.read(1, limit=1) == b"\x12"
    assert transport.read(1) == b"\x16"
    assert transport.read(0.01) == b""


def test_a_closed_door_is_refused_and_a_dead_name_unreachable(stack: ExitStack) -> None:
    server, url = listen(stack)
    server.close()
    assert fault(open_transport(url).open) == "refused"
    assert fault(open_transport(f"tcp://{'x' * 70}.invalid:9100").open) == "unreachable"


def test_a_peer_that_hung_up_while_idle_is_noticed_before_anything_is_sent(stack: ExitStack) -> None:
    transport, peer = connected(stack)
    peer.close()
    assert fault(lambda: [transport.drain() for _ in range(1000)]) == "unreachable"


def test_a_bridge_that_has_another_client_says_so_before_it_hangs_up(stack: ExitStack) -> None:
    transport, peer = connected(stack)
    peer.sendall(b"Port already in use\r\n")
    peer.close()
    assert fault(lambda: [transport.drain() for _ in range(1000)]) == "in_use"


def test_drain_returns_what_arrived_meanwhile(stack: ExitStack) -> None:
    transport, peer = connected(stack)
    peer.sendall(b"\x18\x00\x0f\x00")
    got = b""
    while len(got) < 4:
        got += transport.drain()
    assert got == b"\x18\x00\x0f\x00"
    assert transport.drain() == b""


def test_a_reset_link_is_unreachable(stack: ExitStack) -> None:
    transport, peer = connected(stack)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()
    assert fault(transport.read, 2) == "unreachable"


def test_a_peer_that_never_reads_blocks_the_write_but_is_still_heard(stack: ExitStack) -> None:
    transport, peer = connected(stack)
    peer.sendall(b"\x18\x00\x0f\x00")
    assert fault(transport.write, bytes(8_000_000), 0.3) == "port_blocked"
    assert transport.read(0) == b"\x18\x00\x0f\x00"


def test_closing_over_unread_answers_loses_no_sent_byte(stack: ExitStack) -> None:
    transport, peer = connected(stack)
    total: list[int] = []

    def swallow() -> None:
        peer.sendall(b"\x14" * 500)
        count = 0
        while data := peer.recv(512):
            count += len(data)
        total.append(count)

    reader = threading.Thread(target=swallow)
    reader.start()
    transport.write(bytes(60_000), 5)
    transport.close()
    reader.join(5)
    assert total == [60_000]


def test_an_unopened_or_closed_link_is_a_named_fault() -> None:
    transport = open_transport("tcp://127.0.0.1:9")
    assert fault(transport.write, b"x", 1) == "unreachable"
    transport.close()
    assert transport.describe() == "tcp://127.0.0.1:9"


def test_a_pseudo_terminal_is_a_serial_line(stack: ExitStack) -> None:
    master, slave = pty.openpty()
    stack.callback(os.close, master)
    stack.callback(os.close, slave)
    transport = open_transport(f"serial://{os.ttyname(slave)}?baud=9600&format=8N1#3")
    stack.callback(transport.close)
    transport.open()
    transport.write(b"\xa0\x90\x03", 1)
    assert os.read(master, 16) == b"\xa0\x90\x03"
    os.write(master, b"\xa0\x90\x03\xa5\xaa")
    got = b""
    while len(got) < 5:
        got += transport.read(1, limit=2)
    assert got == b"\xa0\x90\x03\xa5\xaa"
    assert transport.read(0.03) == b""
    assert transport.drain() == b""
    rival = open_transport(f"serial://{os.ttyname(slave)}")
    assert fault(rival.open) == "port_busy"


def test_a_serial_line_that_does_not_drain_is_blocked_and_one_that_vanished_is_missing(
    stack: ExitStack,
) -> None:
    master, slave = pty.openpty()
    stack.callback(os.close, slave)
    transport = open_transport(f"serial://{os.ttyname(slave)}")
    stack.callback(transport.close)
    transport.open()
    assert fault(transport.write, bytes(100_000), 0.1) == "port_blocked"
    os.close(master)
    assert fault(transport.read, 1) == "port_missing"


def test_a_port_that_is_not_there_is_missing_and_a_bridge_that_is_down_refuses(stack: ExitStack) -> None:
    server, url = listen(stack)
    server.close()
    assert fault(open_transport("serial:///dev/serial/by-id/nothing-here").open) == "port_missing"
    assert fault(open_transport(url.replace("tcp:", "rfc2217:")).open) == "refused"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("tpc://127.0.0.1:9100", "unknown device address"),
        ("tcp://", "needs a host"),
        ("socket://bridge", "needs a host and a port"),
        ("serial://", "names no port"),
        ("serial:///dev/ttyS0?bauds=9600", "unknown line setting 'bauds'"),
        ("socket://bridge:3?bauds=9600", "unknown line setting 'bauds'"),
        ("serial:///dev/ttyS0?baud=fast", "baud 'fast'"),
        ("serial:///dev/ttyS0?format=9N1", "format '9N1'"),
        ("serial:///dev/ttyS0?flow=maybe", "flow 'maybe'"),
    ],
)
def test_a_wrong_address_is_refused_with_words(url: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        open_transport(url)


def test_line_settings_come_from_the_query() -> None:
    assert LineSettings.parse("baud=19200&format=7e2&flow=xonxoff") == LineSettings(
        19200, 7, "E", 2, rtscts=False, xonxoff=True
    )
