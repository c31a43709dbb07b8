"""The server is away while a kiosk goes on: every number is there afterwards, in order, once, and so is its paper."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests

from drivers.sim.printer import SimPrinter
from tests.e2e.hall import until
from tests.e2e.papers import code_of
from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import PROJECT, Program, free_port
from tests.soak import rounds

TICKETS = 50
AWAY_S = rounds(0, 300)  # at least; the customers take some seconds anyway
HONEST_WITHIN_S = 15.0
AWAY = "\n[away]\nblock = 60\nfirst = 501\n"


@dataclass
class Screen:
    """A kiosk program and whoever touches its page."""

    server: Program
    folder: Path
    web: requests.Session = field(default_factory=requests.Session)
    url: str = ""
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        self.web.trust_env = False
        self.folder.mkdir(exist_ok=True)
        token = self.folder / "token"
        if not token.exists():
            token.write_text(self.server.token("kiosk", "K1"), "ascii")
        command = [sys.executable, "-m", "kiosk", "--id", "K1", "--server", self.server.url, "--port", "0"]
        command += ["--token-file", str(token), "--state-dir", str(self.folder), "--recover-s", "0.1"]
        with (self.folder / "log").open("a") as log:
            begun = len(self.said())
            self.process = subprocess.Popen(command, cwd=PROJECT, stderr=log, text=True)
        self.url = until(lambda: next(iter(re.findall(r"on (http://\S+)/\n", self.said()[begun:])), ""), "its page")

    def said(self) -> str:
        return (self.folder / "log").read_text("utf-8")

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def state(self, after: str = "") -> dict[str, Any]:
        return dict(self.web.get(f"{self.url}/state", params={"after": after}, timeout=30).json())

    def touch(self, path: str, body: object) -> None:
        self.web.post(f"{self.url}{path}", json=body, headers={"Origin": self.url}, timeout=30)

    def until(self, condition: Callable[[dict[str, Any]], bool], what: str, limit_s: float = 30.0) -> dict[str, Any]:
        end, now = time.monotonic() + limit_s, self.state()
        while not condition(now):
            assert time.monotonic() < end, f"it never became true: {what}; {now['face']}"
            now = self.state(now["n"])
        return now

    def take(self) -> str:
        """The number that the next customer gets."""
        self.until(lambda now: self.at_home(now), "it is ready for a customer")
        self.touch("/press", {"service": "id", "language": "zh"})
        if self.state()["face"] == "again":
            self.touch("/again", {"yes": True})
        return str(self.until(lambda now: bool(now["label"]), "a number")["label"])

    def at_home(self, now: dict[str, Any]) -> bool:
        if now["face"] != "home":
            self.touch("/done", {})
        return bool(now["face"] == "home")


@pytest.fixture
def sim() -> Iterator[SimPrinter]:
    started = SimPrinter(mm_s=5000).start()
    yield started
    started.stop()


@pytest.fixture
def server(tmp_path: Path, sim: SimPrinter) -> Iterator[Program]:
    write_settings(tmp_path / "home", HALL.replace("tcp://127.0.0.1:9", f"tcp://127.0.0.1:{sim.port}") + AWAY)
    fresh_database(tmp_path / "home" / "hall.sqlite3")
    running = Program(tmp_path / "home", free_port())
    running.start()
    running.post("/day/open")
    yield running
    running.stop()


@pytest.fixture
def kiosk(server: Program, tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(server, tmp_path / "K1")
    screen.start()
    yield screen
    screen.kill()
    screen.web.close()


def journal(server: Program) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        status, page = server.ask("GET", f"/api/v1/journal?after={after}", token=server.admin)
        assert status == 200
        rows, after = rows + page["rows"], page["next"]
    return rows


def told(server: Program) -> list[dict[str, Any]]:
    return [row["body"] for row in journal(server) if row["kind"] == "TicketIssued" and row["body"].get("away")]


def test_server_away_while_a_kiosk_goes_on(server: Program, kiosk: Screen, sim: SimPrinter) -> None:
    before = kiosk.take()
    until(lambda: any(row["kind"] == "BlockLeased" for row in journal(server)), "numbers are leased")
    kiosk.until(lambda now: now["face"] in ("printed", "home"), "its slip is there")
    server.kill()
    gone_at = time.monotonic()
    kiosk.until(lambda now: "away" in now["slots"] and now["face"] == "home", "it goes on alone", HONEST_WITHIN_S)
    labels: list[str] = []
    for number in range(TICKETS):
        labels.append(kiosk.take())
        if number == TICKETS // 3:
            kiosk.kill()  # the slip may be half printed
            kiosk.start()
    assert re.findall(r"<li>(\w+)</li>", kiosk.web.get(f"{kiosk.url}/calllist", timeout=30).text)[-TICKETS:] == labels
    time.sleep(max(0.0, AWAY_S - (time.monotonic() - gone_at)))
    server.start()
    until(lambda: told(server), "the first are told")
    server.kill()  # in the middle of telling, or just after it
    server.start()
    until(lambda: len(told(server)) >= TICKETS, "all are told")
    found = told(server)
    assert [one["label"] for one in found] == labels
    assert len({one["came_at"] for one in found}) == len({one["code"] for one in found}) == TICKETS
    assert [one["came_at"] for one in found] == sorted(one["came_at"] for one in found)
    _check_the_paper(server, sim, {one["ticket"]: one["code"] for one in found})
    called = [server.post("/windows/1/next", {"previous": "served"})["label"] for _ in range(3)]
    assert called == [before, *labels[:2]]


def _check_the_paper(server: Program, sim: SimPrinter, code_by_ticket: dict[str, str]) -> None:
    """What the journal says of each slip is what lies at the printer; only the one that was cut off is in doubt."""

    def words() -> dict[str, str]:
        last = {row["body"]["slip"][2:]: row["kind"] for row in journal(server) if row["kind"].startswith("Slip")}
        return {ticket: last.get(ticket, "") for ticket in code_by_ticket}

    until(lambda: not {"", "SlipOwed", "SlipClaimed"} & set(words().values()), "each slip is decided")
    seen = Counter(code_of(piece.png).rpartition("/")[2] for piece in sim.slips() if piece.complete)
    said = words()
    printed = {code_by_ticket[ticket] for ticket, word in said.items() if word == "SlipPrinted"}
    assert {code: seen[code] for code in printed} == dict.fromkeys(printed, 1)
    assert len(printed) >= TICKETS - 1
    assert max(seen[code] for code in code_by_ticket.values()) == 1
