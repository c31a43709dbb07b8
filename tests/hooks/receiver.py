"""A program outside the hall that takes webhooks on loopback, and misbehaves when told to."""

import hmac
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

SECRET = "sixteen-or-more-characters"


@dataclass
class Got:
    """A message that arrived whole: its headers (lower case), its exact bytes, and what was done with it."""

    headers: dict[str, str]
    raw: bytes
    behaviour: str

    @property
    def said(self) -> dict[str, Any]:
        value: dict[str, Any] = json.loads(self.raw)
        return value

    @property
    def signed(self) -> bool:
        """Whether the signature is that of our secret over the time it names and these bytes."""
        parts = dict(part.split("=", 1) for part in self.headers["hallcall-signature"].split(","))
        wanted = hmac.new(SECRET.encode(), parts["t"].encode() + b"." + self.raw, "sha256").hexdigest()
        return hmac.compare_digest(parts["v1"], wanted)


@dataclass
class Receiver:
    """``script`` says what to do with the next messages: a status, hang, close, garbage, drip or slow; then 200."""

    port: int
    script: list[str] = field(default_factory=list)
    always: str = "200"
    got: list[Got] = field(default_factory=list)
    came: threading.Condition = field(default_factory=threading.Condition)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks?from=hall"

    def ids(self) -> list[str]:
        return [one.said["id"] for one in self.got]

    def taken(self) -> list[dict[str, Any]]:
        """What was answered with 200, in the order of arrival."""
        return [one.said for one in self.got if one.behaviour in ("200", "slow")]

    def wait(self, enough: Callable[[], bool], within_s: float = 60.0) -> None:
        """Until enough has come."""
        with self.came:
            assert self.came.wait_for(enough, within_s), f"only {len(self.got)} messages came"

    def serve(self, wire: socket.socket) -> None:
        with wire, suppress(OSError):
            read = b""
            while b"\r\n\r\n" not in read:
                read += wire.recv(65536)
            head, _, body = read.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")[1:]
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
            while len(body) < int(headers["content-length"]):
                body += wire.recv(65536)
            with self.came:
                how = self.script.pop(0) if self.script else self.always
                self.got.append(Got(headers, body, how))
                self.came.notify_all()
            self._answer(wire, how)

    def _answer(self, wire: socket.socket, how: str) -> None:
        if how == "hang":
            self.over.wait()
        elif how == "drip":
            while not self.over.wait(0.01):
                wire.sendall(b"H")
        elif how == "slow":
            for byte in b"HTTP/1.1 200 OK\r\n\r\n":
                wire.sendall(bytes([byte]))
        elif how == "garbage":
            wire.sendall(b"220 mail.example ESMTP\r\n")
        elif how.startswith("302"):
            wire.sendall(b"HTTP/1.1 302 Found\r\nLocation: %s\r\n\r\n" % how.partition(" ")[2].encode())
        elif how != "close":
            wire.sendall(b"HTTP/1.1 %s Said\r\nContent-Length: 0\r\n\r\n" % how.encode())


@contextmanager
def receiver(*script: str, always: str = "200") -> Iterator[Receiver]:
    """A receiver that listens until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        one = Receiver(int(door.getsockname()[1]), list(script), always)
        threads: list[threading.Thread] = []

        def accept() -> None:
            with suppress(OSError):
                while True:
                    wire, _ = door.accept()
                    threads.append(threading.Thread(target=one.serve, args=(wire,), daemon=True))
                    threads[-1].start()

        doorman = threading.Thread(target=accept, daemon=True)
        doorman.start()
        try:
            yield one
        finally:
            one.over.set()
            with suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            door.close()
            doorman.join(5)
            for thread in threads:
                thread.join(5)
