"""A real server for the bench: its own process, an empty home, a free port, and no limit in the way."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from hall_server.journal import Journal
from hall_server.migrations import migrate
from hall_server.settings import FILE, load
from tests import history
from tests.bench.wire import HOST, Line
from tests.e2e.hall import free_base

PRODUCT, SLOW_DISK = "hall_server.serve", "tests.bench.slow_disk"
READY_S = 300.0  # a day of 100,000 tickets is folded before the first answer
STOP_S = 20.0
POLL_S = 0.005  # how exactly the first answer after a start is caught
SETTINGS = """
[hall]
zh = "测量厅"
en = "Bench hall"

[limits]
connections = 5000
connections_per_address = 5000
issue_every_s = 0
issue_burst = 1000000
issue_per_s = 1000000

[[service]]
id = "service1"
prefix = "A"
zh = "业务一"
en = "Service one"

[[service]]
id = "service2"
prefix = "C"
zh = "业务二"
en = "Service two"
"""
WINDOW = '\n[[window]]\nid = "{}"\nservices = ["service1", "service2"]\n'


@dataclass(slots=True)
class Server:
    """``hall_server.serve`` that can be killed and started again on the same home."""

    home: Path
    port: int
    module: str = PRODUCT
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it; ``first_answer`` tells when it serves."""
        command = [sys.executable, "-m", self.module, "--home", str(self.home)]
        environment = {**os.environ, "HALLCALL_PORT": str(self.port)}
        self.process = subprocess.Popen(command, env=environment, start_new_session=True)

    def token(self) -> str:
        """The administrator's token, who may issue and call anywhere."""
        return (self.home / "admin.token").read_text("ascii")

    def pid(self) -> int:
        """Its process, for whoever looks at it from outside."""
        return self._running().pid

    def line(self) -> Line:
        """A connection that may do anything."""
        return Line(self.port, self.token())

    def cpu_s(self) -> float:
        """CPU seconds that it has used."""
        times = psutil.Process(self.pid()).cpu_times()
        return times.user + times.system

    def rss_mb(self) -> float:
        """Memory in use."""
        return round(psutil.Process(self.pid()).memory_info().rss / 1e6, 1)

    def kill(self) -> None:
        """``kill -9``."""
        self._running().kill()
        self._running().wait()

    def stop(self) -> float:
        """SIGTERM; seconds until it has ended."""
        began = time.perf_counter()
        self._running().send_signal(signal.SIGTERM)
        self._running().wait(STOP_S)
        return time.perf_counter() - began

    def first_answer(self) -> float:
        """Seconds from now until a request is answered that needs the journal and the hall."""
        began = time.perf_counter()
        while time.perf_counter() - began < READY_S:
            if self._running().poll() is not None:
                break
            if self._answers():
                return time.perf_counter() - began
            time.sleep(POLL_S)
        raise RuntimeError("the server did not answer; it says why above")

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=READY_S) as line:
                line.sendall(f"GET /readyz HTTP/1.1\r\nHost: {HOST}:{self.port}\r\n\r\n".encode())
                return line.recv(100).startswith(b"HTTP/1.1 200")
        except OSError:
            return False

    def _running(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            raise RuntimeError("the server has not been started")
        return self.process


def prepared(home: Path, windows: int, *, module: str = PRODUCT, older: int = 0, today: int = 0) -> Server:
    """A home with settings and, when asked for, a history of so many facts before today and today; not started."""
    home.mkdir(parents=True)
    settings = SETTINGS + "".join(WINDOW.format(number) for number in range(1, windows + 1))
    (home / FILE).write_text(settings, "utf-8")
    if older or today:
        _tell_history(home, older, today)
    return Server(home, free_base(), module)


def _tell_history(home: Path, older: int, today: int) -> None:
    settings = load(home / FILE)
    url = settings.database_url(home)
    journal = Journal(url, settings.hall.id)
    migrate(journal.writes)
    journal.close()
    history.fill(url, settings.hall_config(), older=older, today=today)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """It runs, its business day is open, and nothing of it is left afterwards."""
    server.start()
    try:
        server.first_answer()
        with server.line() as admin:
            if not json.loads(admin.ask("GET", "/readyz")[1])["open"]:
                admin.post("/api/v1/day/open")
        yield server
    finally:
        if server.process is not None and server.process.poll() is None:
            server.process.kill()
            server.process.wait()
        shutil.rmtree(server.home)
