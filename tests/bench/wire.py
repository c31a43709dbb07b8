"""The bench's own clients: HTTP/1.1 on kept connections, and Socket.IO on a raw WebSocket.

A library's client would spend more time on a message than the server does, and the bench would measure the library.

    WebSocket frame (RFC 6455):  FIN+opcode | MASK+length | 16 or 64 bit length | mask | payload
    Engine.IO 4 packet in it:    0 open, 2 ping, 3 pong, 4 message
    Socket.IO 5 packet in 4:     0/ns, connect   2/ns,["event", value]
"""

import asyncio
import base64
import json
import os
import secrets
import struct
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

HOST = "127.0.0.1"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
LINE = b"\r\n"
BOARD = b'42/board,["board"'


class WireError(Exception):
    """The server said something that these clients do not understand."""


@dataclass(slots=True)
class Http:
    """One kept connection; one request at a time."""

    port: int
    token: str
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def open(cls, port: int, token: str = "") -> "Http":
        """Connect."""
        reader, writer = await asyncio.open_connection(HOST, port)
        return cls(port, token, reader, writer)

    async def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """One request: status and body."""
        data = json.dumps(body or {}).encode() if method == "POST" else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nContent-Length: {len(data)}\r\n"
        if self.token:
            head += f"Authorization: Bearer {self.token}\r\n"
        if method == "POST":
            head += f"Content-Type: application/json\r\nIdempotency-Key: {secrets.token_hex(12)}\r\n"
        self.writer.write(head.encode() + LINE + data)
        answer = await self.reader.readuntil(LINE + LINE)
        length = 0
        for line in answer.split(LINE)[1:]:
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return int(answer[9:12]), await self.reader.readexactly(length)

    async def close(self) -> None:
        """Hang up."""
        self.writer.close()
        await self.writer.wait_closed()


@dataclass(slots=True)
class BoardSocket:
    """A TV as the server sees it: joined to ``/board``, told the whole board."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    early: list[tuple[float, bytes]] = field(default_factory=list)  # the first board overtakes the word "joined"

    @classmethod
    async def open(cls, port: int) -> "BoardSocket":
        """Upgrade, join, wait until the server has agreed."""
        reader, writer = await asyncio.open_connection(HOST, port)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {HOST}:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        head = await reader.readuntil(LINE + LINE)
        if b" 101 " not in head.split(LINE)[0]:
            raise WireError(head.decode("latin-1"))
        socket = cls(reader, writer)
        await socket._expect(b"0")
        socket._send(TEXT, b"40/board,")
        await socket._expect(b"40/board")
        return socket

    async def boards(self) -> AsyncIterator[tuple[float, bytes]]:
        """Every board that comes, with the moment of its arrival, until the connection ends."""
        for board in self.early:
            yield board
        try:
            while True:
                opcode, data = await self._frame()
                at = time.perf_counter()
                if opcode == TEXT and data.startswith(BOARD):
                    yield at, data
                else:
                    self._reply(opcode, data)
        except (asyncio.IncompleteReadError, ConnectionError):
            return

    async def close(self) -> None:
        """Hang up without ceremony, as a TV that loses its power."""
        self.writer.transport.abort()
        await asyncio.sleep(0)

    async def _expect(self, start: bytes) -> None:
        while True:
            opcode, data = await self._frame()
            if opcode == TEXT and data.startswith(start):
                return
            if data.startswith(b"44"):
                raise WireError(data.decode())
            if data.startswith(BOARD):
                self.early.append((time.perf_counter(), data))
            self._reply(opcode, data)

    def _reply(self, opcode: int, data: bytes) -> None:
        if opcode == PING:
            self._send(PONG, data)
        elif opcode == TEXT and data == b"2":
            self._send(TEXT, b"3")

    async def _frame(self) -> tuple[int, bytes]:
        first, second = await self.reader.readexactly(2)
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack(">H", await self.reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack(">Q", await self.reader.readexactly(8))
        if not first & 0x80 or first & 0x0F == CLOSE:
            raise asyncio.IncompleteReadError(b"", None)
        return first & 0x0F, await self.reader.readexactly(length)

    def _send(self, opcode: int, data: bytes) -> None:
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(data))
        self.writer.write(bytes((0x80 | opcode, 0x80 | len(data))) + mask + masked)
