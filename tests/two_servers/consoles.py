"""The pages of many clerks in a process of their own: each hears what changes and fetches its window again as it does.

A page follows its own window at once and all others a little later, as ``console.js`` has it. Who started this process
speaks to it in lines: the consoles as JSON, then ``report`` as often as wanted.
"""

import json
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from tests.bench import wire

OWN_S, ALL_S, OTHERS_S = (0.0, 0.0), (0.0, 0.5), (1.0, 2.0)
QUIET_S = 10.0  # a line that has been quiet for longer may be closed by the server
JOINED = b"40/staff,"
CHANGED = b'42/staff,["changed",'
TOGETHER_S = 60.0


@dataclass
class _Page:
    """One console; ``lost`` counts sockets that ended, ``late`` pages that could not be fetched."""

    port: int
    token: str
    window: str
    joined: threading.Event = field(default_factory=threading.Event)
    waits_s: list[float] = field(default_factory=list)
    lost: int = 0
    refused: int = 0
    _due: float = float("inf")
    _line: wire.Line | None = None
    _used: float = 0.0

    def live(self) -> None:
        while True:
            with suppress(OSError, wire.WireError), socket.create_connection((wire.HOST, self.port)) as line:
                self._listen(line)
            self.lost += 1
            time.sleep(random.uniform(*OTHERS_S))

    def _listen(self, line: socket.socket) -> None:
        line.sendall(wire.upgrade(self.port))
        got = b""
        while wire.END not in got:
            got += line.recv(wire.READ_BYTES)
        rest = bytearray(got.partition(wire.END)[2])
        while True:
            while (found := wire.unframe(rest)) is not None:
                opcode, data, used = found
                del rest[:used]
                self._hear(line, opcode, data)
            line.settimeout(min(wire.WAIT_S, max(0.001, self._due - time.monotonic())))
            try:
                more = line.recv(wire.READ_BYTES)
            except TimeoutError:
                self._fetch()
                continue
            if not more:
                return
            rest += more
            if time.monotonic() >= self._due:
                self._fetch()

    def _hear(self, line: socket.socket, opcode: int, data: bytes) -> None:
        if opcode == wire.PING:
            line.sendall(wire.frame(wire.PONG, data))
        elif data.startswith(b"0"):
            line.sendall(wire.frame(wire.TEXT, JOINED + json.dumps({"token": self.token}).encode()))
        elif data.startswith(b"2"):  # Engine.IO asks whether we live
            line.sendall(wire.frame(wire.TEXT, b"3"))
        elif data.startswith(JOINED):
            self.joined.set()
        elif data.startswith(CHANGED):
            windows = json.loads(data[data.index(b"[") :])[1]["windows"]
            spread_s = ALL_S if windows is None else OWN_S if self.window in windows else OTHERS_S
            wait_s = random.uniform(*spread_s)
            self._due = min(self._due, time.monotonic() + wait_s)

    def _fetch(self) -> None:
        if self._due == float("inf"):
            return
        self._due = float("inf")
        began = time.perf_counter()
        if self._line is None or began - self._used > QUIET_S:
            self._line = wire.Line(self.port, self.token)
        self._used = began
        status, _ = self._line.ask("GET", "/clerk/body")
        self.waits_s.append(time.perf_counter() - began)
        self.refused += status != 200


def _main() -> None:
    pages = [_Page(*one) for one in json.loads(sys.stdin.readline())]
    for page in pages:
        threading.Thread(target=page.live, daemon=True).start()
    for page in pages:
        page.joined.wait(TOGETHER_S)
    for _ in sys.stdin:
        said = {
            "joined": sum(page.joined.is_set() for page in pages),
            "lost": sum(page.lost for page in pages),
            "refused": sum(page.refused for page in pages),
            "waits_s": [wait for page in pages for wait in page.waits_s],
        }
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


@dataclass(slots=True)
class Consoles:
    """The test's end of the line to that process."""

    process: "subprocess.Popen[str]"

    def report(self) -> dict[str, Any]:
        """What the pages met so far."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("report\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))


@contextmanager
def consoles(pages: Sequence[tuple[int, str, str]]) -> Iterator[Consoles]:
    """Pages (port, token, window) that have all joined."""
    command = [sys.executable, "-m", "tests.two_servers.consoles"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        process.stdin.write(json.dumps(pages) + "\n")
        process.stdin.flush()
        try:
            made = Consoles(process)
            assert made.report()["joined"] == len(pages), "some consoles never joined"
            yield made
        finally:
            process.kill()


if __name__ == "__main__":
    _main()
