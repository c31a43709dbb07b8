"""A whole hall for a test: the demonstration on ports that were free, in processes and a home of its own."""

import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import psutil
import requests

import hall_server
from tests.server.program import spelled

T = TypeVar("T")
PORTS = 8  # server, two kiosks, the simulators' page, the line of signs, two printers, the voice module
FIRST_PORT, LAST_PORT = 20_000, 31_000  # below the ports that systems lend to clients
READY_S = 60.0  # the slowest machine that runs these tests
STOP_S = 15.0
HOST = "127.0.0.1"
# Tests touch faster than customers do.
LIMITS = "\n[limits]\nissue_every_s = 0\nissue_burst = 100000\nissue_per_s = 100000\n"
HALLCALL = Path(sys.executable).with_name("hallcall")
KIOSKS = {"K1": 1, "K2": 2}
PRINTERS = {"printer1": "printer-1", "printer2": "printer-2"}  # in the hall and on the simulators' page


def until(condition: Callable[[], T | None], what: str, limit_s: float = 30.0) -> T:
    """The first true value of what must become true; a slow machine may take its time."""
    give_up_at = time.monotonic() + limit_s
    while not (value := condition()):
        assert time.monotonic() < give_up_at, f"it never became true: {what}"
        time.sleep(0.02)
    return value


def free_base() -> int:
    """A port that is free together with the seven after it."""
    while True:
        base = random.SystemRandom().randrange(FIRST_PORT, LAST_PORT)
        if all(_free(base + n) for n in range(PORTS)):
            return base


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


@dataclass(slots=True)
class Answer:
    """What somebody said: status and JSON value."""

    status: int
    value: Any


@dataclass(slots=True)
class Hall:
    """A running hall; every question goes over its own HTTP, as people and programs ask."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes]"
    web: requests.Session = field(default_factory=requests.Session)
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, body: object = None, *, who: str = "manager", key: str = "") -> Answer:
        """One call of the hall's API."""
        headers = {"Authorization": f"Bearer {self.token(who)}", "Idempotency-Key": key or secrets.token_hex(12)}
        return self._send(method, f"{self.url()}/api/v1{path}", body, headers)

    def url(self, n: int = 0) -> str:
        """The address of the hall's nth port."""
        return f"http://{HOST}:{self.port + n}"

    def token(self, who: str) -> str:
        """The secret of ``manager``, ``admin`` or (made here) a clerk ``clerk3`` at window 3."""
        if who in ("admin", "manager"):
            file = self.home / ("admin.token" if who == "admin" else "tokens/manager-api.token")
            return file.read_text("ascii")
        if who not in self.tokens:
            wanted = {"role": "clerk", "subject": who, "window": who.removeprefix("clerk")}
            self.tokens[who] = self.ask("POST", "/tokens", wanted, who="admin").value["secret"]
        return self.tokens[who]

    def board(self) -> dict[str, Any]:
        """What the public sees."""
        return dict(self.ask("GET", "/board").value)

    def window(self, window: str) -> dict[str, Any]:
        """A window as the public sees it."""
        return next(row for row in self.board()["windows"] if row["id"] == window)

    def device(self, device: str) -> dict[str, Any]:
        """A device as maintenance sees it."""
        return next(row for row in self.ask("GET", "/devices").value["devices"] if row["id"] == device)

    def journal(self, after: int = 0) -> list[dict[str, Any]]:
        """All rows after a number."""
        rows: list[dict[str, Any]] = []
        start: int | None = after
        while start is not None:
            page = self.ask("GET", f"/journal?after={start}").value
            rows += page["rows"]
            start = page["next"]
        return rows

    def last_words(self) -> str:
        """The end of the journal, for whoever reads why a test failed."""
        try:
            return spelled(self.journal())
        except requests.RequestException as trouble:
            return f"it does not answer: {trouble}"

    # ---- at a kiosk

    def kiosk_url(self, kiosk: str) -> str:
        """The address of a kiosk's own page."""
        return self.url(KIOSKS[kiosk])

    def touch(self, kiosk: str, what: str, body: object = None) -> int:
        """A finger on a kiosk's screen: press, again, answer or done."""
        root = self.kiosk_url(kiosk)
        return self._send("POST", f"{root}/{what}", body or {}, {"Origin": root}).status

    def screen(self, kiosk: str) -> dict[str, Any]:
        """What a kiosk's screen says."""
        return dict(self._send("GET", f"{self.kiosk_url(kiosk)}/state", None, {}).value)

    def take(self, kiosk: str, service: str) -> str:
        """Take a ticket as the next customer; its label."""
        until(lambda: self.home_again(kiosk), f"{kiosk} is ready for a customer", 70)
        self.touch(kiosk, "press", {"service": service, "language": "zh"})
        if self.screen(kiosk)["face"] == "again":
            self.touch(kiosk, "again", {"yes": True})
        return str(self.screen(kiosk)["label"])

    def home_again(self, kiosk: str) -> bool:
        """Whether the next customer can begin."""
        self.touch(kiosk, "done")
        return bool(self.screen(kiosk)["face"] == "home")

    # ---- at the simulators

    def simulated(self) -> dict[str, Any]:
        """Paper, signs and faults."""
        return dict(self._send("GET", f"{self.url(3)}/state", None, {}).value)

    def fault(self, device: str, fault: str, on: bool = True, rows: int = 200) -> None:
        """Do to a simulated device what hands do."""
        body = {"device": PRINTERS.get(device, device), "fault": fault, "on": on, "rows": rows}
        answer = self._send("POST", f"{self.url(3)}/fault", body, {})
        assert answer.status == 200, answer.value

    def sign(self, window: str) -> str:
        """The text on a window's sign."""
        return str(next(s["text"] for s in self.simulated()["bus"]["signs"] if str(s["address"]) == window))

    def pieces(self, printer: str) -> list[dict[str, Any]]:
        """The pieces of paper at a printer, the newest first; one that is not complete hangs or is torn."""
        found = next(p for p in self.simulated()["printers"] if p["id"] == PRINTERS[printer])
        return list(found["slips"])

    def picture(self, piece: dict[str, Any]) -> bytes:
        """A piece of paper as a PNG."""
        answer = self.web.get(f"{self.url(3)}{piece['src']}", timeout=10)
        answer.raise_for_status()
        return answer.content

    # ---- processes

    def part(self, *words: str) -> psutil.Process:
        """The process of a part whose command line holds these words."""
        for child in psutil.Process(self.process.pid).children():
            try:
                line = child.cmdline()
            except psutil.Error:
                continue
            if all(word in line for word in words):
                return child
        raise LookupError(f"no part {words} runs")

    def log(self) -> str:
        """What the hall has said so far."""
        return (self.home / "up.log").read_text("utf-8")

    def hallcall(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """The command line, on this hall's home."""
        command = [str(HALLCALL), *words, "--home", str(self.home)]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, env=_environment(self.port))

    def _send(self, method: str, url: str, body: object, headers: dict[str, str]) -> Answer:
        data = None if body is None else json.dumps(body)
        if data is not None or method == "POST":
            headers = {**headers, "Content-Type": "application/json"}
            data = data or "{}"
        answer = self.web.request(method, url, data=data, headers=headers, timeout=30)
        return Answer(answer.status_code, answer.json() if answer.content else None)


def _environment(port: int) -> dict[str, str]:
    return {**os.environ, "HALLCALL_PORT": str(port), "PYTHONUNBUFFERED": "1"}


@contextmanager
def whole_hall(home: Path, more: str = "") -> Iterator[Hall]:
    """``hallcall up --demo`` until the block ends; then SIGTERM, and nothing of it may be left.

    ``more`` is added to its settings.
    """
    home.mkdir(parents=True, exist_ok=True)
    demo = Path(hall_server.__file__).with_name("demo.toml")
    (home / "hallcall.toml").write_text(demo.read_text("utf-8") + LIMITS + more, "utf-8")
    port = free_base()
    command = [str(HALLCALL), "up", "--demo", "--home", str(home)]
    with (home / "up.log").open("ab") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=subprocess.STDOUT, start_new_session=True, env=_environment(port)
        )
    hall = Hall(home, port, process)
    hall.web.trust_env = False
    parts: list[psutil.Process] = []
    try:
        until(lambda: _ready(hall), f"the hall is open; it said:\n{hall.log()}", READY_S)
        yield hall
    finally:
        parts = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        hall.web.close()
        left = _stop(process, parts)
    assert not left, f"still running after SIGTERM: {left}"
    assert all(_free(port + n) for n in range(PORTS))


def _ready(hall: Hall) -> bool:
    assert hall.process.poll() is None, hall.log()
    if "Ctrl-C" not in hall.log():
        return False
    try:
        faces = {hall.screen(kiosk)["face"] for kiosk in KIOSKS}
    except requests.ConnectionError:
        return False
    watched = [
        row["state"] for row in hall.ask("GET", "/devices").value["devices"] if row["station"] and row["monitored"]
    ]
    return faces == {"home"} and all(state == "ok" for state in watched if state != "disabled")


def _stop(process: "subprocess.Popen[bytes]", parts: list[psutil.Process]) -> list[int]:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, left = psutil.wait_procs(parts, timeout=1)
    for part in left:
        part.kill()
    return [part.pid for part in left]
