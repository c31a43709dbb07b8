"""What strangers send to the listening port: floods, endless headers and bodies; the hall goes on."""

import select
import socket
import struct
import time

import pytest

from tests.server.program import Program

WITHIN_S = 30.0  # how long a test waits for what must come


def dial(program: Program) -> socket.socket:
    return socket.create_connection(("127.0.0.1", program.port), timeout=WITHIN_S)


def upgraded(program: Program) -> socket.socket:
    wire = dial(program)
    wire.sendall(
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{program.port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
    )
    assert b"101 Switching" in wire.recv(4096)
    return wire


def frame(text: bytes) -> bytes:
    """One masked text frame, its mask zero."""
    return b"\x81\xfe" + struct.pack(">H", len(text)) + bytes(4) + text


def to_the_end(wire: socket.socket) -> bytes:
    """All that comes until the server closes."""
    heard = b""
    while more := wire.recv(65536):
        heard += more
    return heard


def test_a_flood_on_one_socket_waits_at_its_sender_while_everybody_else_is_answered(program: Program) -> None:
    flood = frame(b'42/board,["alive","' + b"x" * 60000 + b'"]')
    sent, pending, asked = 0, memoryview(flood), 0
    with upgraded(program) as wire:
        wire.setblocking(False)
        until = time.monotonic() + 3.0
        while time.monotonic() < until and asked < 20:
            _, free, _ = select.select([], [wire], [], 0.05)
            if not free:
                assert program.ask("GET", "/healthz")[0] == 200
                asked += 1
                continue
            taken = wire.send(pending)
            sent += taken
            pending = pending[taken:] or memoryview(flood)
    assert asked > 0
    assert sent < 16 * 1024 * 1024  # what the system's own buffers hold; without a brake it is hundreds of megabytes


def test_headers_without_end_are_refused_while_they_come(program: Program) -> None:
    with dial(program) as wire:
        wire.sendall(b"GET /healthz HTTP/1.1\r\n" + b"X-Long: " + b"x" * 17000 + b"\r\n")
        assert to_the_end(wire).startswith(b"HTTP/1.1 400 ")


def test_a_body_without_end_is_refused_and_its_connection_closed(program: Program) -> None:
    with dial(program) as wire:
        wire.sendall(
            b"POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n"
            + b"x" * (1024 * 1024)
        )
        assert to_the_end(wire).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("length", ["Content-Length: 20", "Transfer-Encoding: chunked"])
def test_a_chunked_or_short_body_never_becomes_the_next_request(program: Program, length: str) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with dial(program) as wire:
        wire.sendall(f"POST /api/v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\n{length}\r\n\r\n".encode() + hidden)
        wire.shutdown(socket.SHUT_WR)
        assert b'"status":"ok"' not in to_the_end(wire)


def test_what_follows_the_end_of_a_websocket_is_no_request(program: Program) -> None:
    with upgraded(program) as wire:
        wire.sendall(b"\x88\x80" + bytes(4) + b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert b"HTTP/1.1 " not in to_the_end(wire)
