"""The bench's own clients: blocking HTTP/1.1 on kept connections, and the frames of Socket.IO on a raw WebSocket.

A library's client would spend more time on a message than the server does, and the bench would measure the library.

    WebSocket frame (RFC 6455):  FIN+opcode | MASK+length | 16 or 64 bit length | mask | payload
    Engine.IO 4 packet in it:    0 open, 2 ping, 3 pong, 4 message
    Socket.IO 5 packet in 4:     0/ns, connect   2/ns,["event", value]
"""

import base64
import json
import os
import secrets
import socket
import struct
from dataclasses import dataclass, field
from typing import Any, Self

HOST = "127.0.0.1"
WAIT_S = 60.0  # for an answer; nothing that is measured takes so long, a broken server does
READ_BYTES = 65536
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
END = b"\r\n\r\n"
JOIN = b"40/board,"
BOARD = b'42/board,["board"'


class WireError(Exception):
    """The server said something that these clients do not understand."""


@dataclass(slots=True)
class Line:
    """One kept connection; one request at a time."""

    port: int
    token: str = ""
    wire: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self.wire = socket.create_connection((HOST, self.port), timeout=WAIT_S)
        self.wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.wire.close()

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """One request: status and body."""
        data = json.dumps(body or {}).encode() if method == "POST" else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nContent-Length: {len(data)}\r\n"
        if self.token:
            head += f"Authorization: Bearer {self.token}\r\n"
        if method == "POST":
            head += f"Content-Type: application/json\r\nIdempotency-Key: {secrets.token_hex(12)}\r\n"
        self.wire.sendall(f"{head}\r\n".encode() + data)
        return self._answer()

    def post(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """A request that must succeed: its JSON answer."""
        status, said = self.ask("POST", path, body)
        if status not in (200, 201):
            raise WireError(f"{path}: {status} {said!r}")
        return dict(json.loads(said))

    def _answer(self) -> tuple[int, bytes]:
        got = self._more(b"")
        while END not in got:
            got = self._more(got)
        head, _, body = got.partition(END)
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            body = self._more(body)
        return int(head[9:12]), body

    def _more(self, got: bytes) -> bytes:
        more = self.wire.recv(READ_BYTES)
        if not more:
            raise WireError("the server hung up")
        return got + more


def upgrade(port: int) -> bytes:
    """The request that turns a connection into a WebSocket."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {HOST}:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def frame(opcode: int, data: bytes) -> bytes:
    """A client's frame: short and masked."""
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))
    return bytes((0x80 | opcode, 0x80 | len(data))) + mask + masked


def unframe(got: bytes | bytearray) -> tuple[int, bytes, int] | None:
    """The first frame of a server: opcode, payload, and how many bytes it took; None while it is not complete."""
    if len(got) < 2:
        return None
    length, at = got[1] & 0x7F, 2
    for mark, form in ((126, ">H"), (127, ">Q")):
        if length == mark:
            size = struct.calcsize(form)
            if len(got) < at + size:
                return None
            (length,), at = struct.unpack_from(form, got, at), at + size
            break
    if len(got) < at + length:
        return None
    return got[0] & 0x0F, bytes(got[at : at + length]), at + length
