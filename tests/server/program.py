"""The real server program as a process of its own: started, asked, killed and started again."""

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
READY_S = 120.0  # a start takes one; whoever gets a tenth of a busy machine may wait, and one that has ended is noticed
FIRST_PORT, LAST_PORT = 10_000, 20_000  # whole halls of other tests have the ten thousand above
LAST = 80  # rows of a journal that somebody reads


def free_port() -> int:
    """A port that nobody listens on, of those that systems lend to no client: it is still free when it is used."""
    while True:
        port = random.SystemRandom().randrange(FIRST_PORT, LAST_PORT)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


def spelled(rows: list[dict[str, Any]]) -> str:
    """The last rows of a journal, a line each."""
    return "\n".join(f"{row['at']} {row['kind']} {row['actor']} {json.dumps(row['body'])}" for row in rows[-LAST:])


@dataclass
class Program:
    """``python -m hall_server.serve`` for one home folder."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None
    module: str = "hall_server.serve"  # a test may start one of its own that breaks something first

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> float:
        """Start and wait until it answers; the seconds that took."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", self.module, "--home", str(self.home)],
            cwd=PROJECT, env=os.environ | {"HALLCALL_PORT": str(self.port)},
        )  # fmt: skip
        return self.wait()

    def wait(self) -> float:
        """Wait until a process that has just been started answers; the seconds that took."""
        began = time.monotonic()
        while not self._answers():
            assert self.process is not None
            assert self.process.poll() is None, f"the server ended with code {self.process.returncode}"
            if time.monotonic() - began > READY_S:
                self.kill()  # else it would keep the machine busy for all tests to come
                pytest.fail("the server does not answer")
            time.sleep(0.03)
        return time.monotonic() - began

    def _answers(self) -> bool:
        try:
            return self.ask("GET", "/readyz")[0] == 200
        except (OSError, HTTPException):
            return False

    def kill(self) -> None:
        """As a power cut would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        """As a supervisor would; the exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    @property
    def admin(self) -> str:
        """The token of commands on this machine."""
        return (self.home / "admin.token").read_text("ascii")

    def journal(self) -> list[dict[str, Any]]:
        """All rows, the oldest first."""
        rows: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self.ask("GET", f"/api/v1/journal?after={after}", token=self.admin)[1]
            rows, after = rows + page["rows"], page["next"]
        return rows

    def last_words(self) -> str:
        """The end of the journal, for whoever reads why a test failed."""
        try:
            return spelled(self.journal())
        except (OSError, HTTPException) as trouble:
            return f"it does not answer: {trouble}"

    def ask(
        self, method: str, path: str, body: Any = None, *, token: str = "", key: str = "", **headers: str
    ) -> tuple[int, Any]:
        """Status and JSON of one request on a connection of its own."""
        said = dict(headers)
        if token:
            said["Authorization"] = f"Bearer {token}"
        if method == "POST":
            said |= {"Idempotency-Key": key or secrets.token_hex(8), "Content-Type": "application/json"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, json.dumps(body or {}) if method == "POST" else None, said)
            answer = connection.getresponse()
            text = answer.read()
            cookie = answer.headers.get("Set-Cookie", "")
            value = json.loads(text) if text[:1] in (b"{", b"[") else None
            return answer.status, {**value, "_cookie": cookie} if cookie and isinstance(value, dict) else value
        finally:
            connection.close()

    def page(self, path: str, cookie: str) -> str:
        """A page as somebody signed in gets it."""
        return self._plain("GET", path, cookie)[1]

    def form(self, path: str, fields: str, cookie: str) -> int:
        """The status that a form gets."""
        return self._plain("POST", path, cookie, fields)[0]

    def _plain(self, method: str, path: str, cookie: str, fields: str | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"} if fields is not None else {}
            connection.request(method, path, fields, {"Cookie": cookie, **kind})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def post(self, path: str, body: Any = None, **more: str) -> Any:
        """A call as admin that has to succeed; its JSON."""
        status, value = self.ask("POST", f"/api/v1{path}", body, token=self.admin, **more)
        assert status < 300, value
        return value

    def token(self, role: str, subject: str, window: str | None = None) -> str:
        return str(self.post("/tokens", {"role": role, "subject": subject, "window": window})["secret"])
