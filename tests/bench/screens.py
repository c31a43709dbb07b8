"""Many TVs in a process of their own, so that reading boards is not counted as sending them.

Each TV is a raw WebSocket that joins ``/board``; a lost one comes back after the pauses of the real page. The bench
speaks to this process in lines: ``report`` is answered with what arrived where and when since the last report.
"""

import json
import random
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.bench import wire

RETRY_S, RETRY_MOST_S = 0.3, 1.5  # the real page's pauses, each spread by half
STEP_S = 0.02  # how exactly a pause ends
TOGETHER_S = 60.0  # all must have joined by then
LOST = (ConnectionError, TimeoutError)


@dataclass(slots=True)
class _Screen:
    """One TV: shaking hands, joined, or waiting to try again at ``due``."""

    number: int
    wire: socket.socket | None = None
    upgraded: bool = False
    got: bytearray = field(default_factory=bytearray)
    due: float = 0.0
    tries: int = 0
    joined_at: float = 0.0  # first board of this connection; 0 while there is none


@dataclass(slots=True)
class _Wall:
    """All of them, and what they were told."""

    port: int
    screens: list[_Screen]
    ready: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    arrived: dict[bytes, list[tuple[int, float]]] = field(default_factory=dict)
    pushes: int = 0

    def watch(self) -> None:
        """Until nobody asks any more."""
        self.ready.register(sys.stdin, selectors.EVENT_READ, None)
        while True:
            for screen in self.screens:
                if screen.wire is None and screen.due <= time.perf_counter():
                    self._connect(screen)
            for key, _ in self.ready.select(STEP_S):
                if key.data is not None:
                    self._read(key.data)
                elif not sys.stdin.readline():
                    return
                else:
                    self._report()

    def _connect(self, screen: _Screen) -> None:
        try:
            screen.wire = socket.create_connection((wire.HOST, self.port), timeout=wire.WAIT_S)
            screen.wire.sendall(wire.upgrade(self.port))
        except LOST:
            self._lose(screen)
            return
        self.ready.register(screen.wire, selectors.EVENT_READ, screen)

    def _lose(self, screen: _Screen) -> None:
        if screen.wire is not None:
            if screen.wire.fileno() in self.ready.get_map():
                self.ready.unregister(screen.wire)
            screen.wire.close()
        pause_s = min(RETRY_MOST_S, RETRY_S * 2**screen.tries) * random.uniform(0.5, 1.5)
        screen.wire, screen.upgraded, screen.joined_at = None, False, 0.0
        screen.due, screen.tries = time.perf_counter() + pause_s, screen.tries + 1
        screen.got.clear()

    def _read(self, screen: _Screen) -> None:
        line = screen.wire
        if line is None:
            return
        try:
            more = line.recv(wire.READ_BYTES)
            at = time.perf_counter()
            if not more:
                raise ConnectionResetError
            screen.got += more
            self._take(screen, line, at)
        except LOST:
            self._lose(screen)

    def _take(self, screen: _Screen, line: socket.socket, at: float) -> None:
        if not screen.upgraded:
            head, _, rest = screen.got.partition(wire.END)
            if len(head) == len(screen.got):
                return
            if b" 101 " not in head.split(b"\r\n")[0]:
                raise ConnectionRefusedError
            screen.upgraded, screen.got = True, rest
        while (found := wire.unframe(screen.got)) is not None:
            opcode, data, used = found
            del screen.got[:used]
            self._hear(screen, line, opcode, data, at)

    def _hear(self, screen: _Screen, line: socket.socket, opcode: int, data: bytes, at: float) -> None:
        if opcode == wire.CLOSE:
            raise ConnectionResetError
        if opcode == wire.PING:
            line.sendall(wire.frame(wire.PONG, data))
        elif data.startswith(wire.BOARD):
            self.arrived.setdefault(data, []).append((screen.number, at))
            self.pushes += 1
            screen.joined_at, screen.tries = screen.joined_at or at, 0
        elif data.startswith((b"0", b"2")):  # Engine.IO has opened, or asks whether we live
            line.sendall(wire.frame(wire.TEXT, wire.JOIN if data[0] == ord("0") else b"3"))

    def _report(self) -> None:
        boards = []
        for data, arrivals in self.arrived.items():
            board = json.loads(data[data.index(b"[") :])[1]
            calls = [[call["label"], call["window"]] for call in (board["hero"], *board["calls"]) if call]
            boards.append({"calls": calls, "bytes": len(data), "arrivals": arrivals})
        joined = [screen.joined_at for screen in self.screens]
        sys.stdout.write(json.dumps({"joined": joined, "pushes": self.pushes, "boards": boards}) + "\n")
        sys.stdout.flush()
        self.arrived.clear()


@dataclass(slots=True)
class Screens:
    """The bench's end of the line to that process."""

    process: "subprocess.Popen[str]"

    def report(self) -> dict[str, Any]:
        """What arrived since the last report."""
        if self.process.stdin is None or self.process.stdout is None:
            raise RuntimeError("the screens have no line to the bench")
        self.process.stdin.write("report\n")
        self.process.stdin.flush()
        return dict(json.loads(self.process.stdout.readline()))

    def joined_after(self, since: float) -> list[float]:
        """When each screen had its first board, once all have joined after a moment (``time.perf_counter``)."""
        give_up_at = time.perf_counter() + TOGETHER_S
        while True:
            joined = [float(at) for at in self.report()["joined"]]
            if min(joined) > since:
                return joined
            if time.perf_counter() > give_up_at:
                raise RuntimeError(f"{sum(at <= since for at in joined)} screens never came back")
            time.sleep(STEP_S)


@contextmanager
def screens(port: int, count: int) -> Iterator[Screens]:
    """So many TVs that have joined; at the end they hang up without ceremony, as one that loses its power."""
    command = [sys.executable, "-m", "tests.bench.screens", str(port), str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            wall = Screens(process)
            wall.joined_after(0.0)
            yield wall
        finally:
            process.kill()


if __name__ == "__main__":
    _Wall(int(sys.argv[1]), [_Screen(number) for number in range(int(sys.argv[2]))]).watch()
