"""A kiosk that goes on alone, for tests that take its servers away: its page is touched, its printer is simulated."""

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from drivers.sim.printer import SimPrinter
from tests.e2e.hall import until
from tests.e2e.papers import code_of
from tests.server.halls import HALL
from tests.server.program import PROJECT, Program

HONEST_WITHIN_S = 15.0
_AWAY = "\n[away]\nblock = 60\nfirst = 501\n"


@dataclass
class Screen:
    """A kiosk program, which knows these servers, and whoever touches its page."""

    servers: Sequence[Program]
    folder: Path
    web: requests.Session = field(default_factory=requests.Session)
    url: str = ""
    process: "subprocess.Popen[str] | None" = None

    def start(self) -> None:
        self.web.trust_env = False
        self.folder.mkdir(exist_ok=True)
        token = self.folder / "token"
        if not token.exists():
            token.write_text(self.servers[0].token("kiosk", "K1"), "ascii")
        urls = ",".join(server.url for server in self.servers)
        command = [sys.executable, "-m", "kiosk", "--id", "K1", "--server", urls, "--port", "0"]
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


def settings(sim: SimPrinter) -> str:
    """The settings of a hall whose one kiosk has numbers in reserve and this printer."""
    return HALL.replace("tcp://127.0.0.1:9", f"tcp://127.0.0.1:{sim.port}") + _AWAY


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


def check_what_was_told(server: Program, sim: SimPrinter, labels: Sequence[str]) -> None:
    """All of them, in order, each once, and their papers with them."""
    found = told(server)
    assert [one["label"] for one in found] == labels
    assert len({one["code"] for one in found}) == len(labels)
    # Two may have come in the same moment: a kiosk's age is held to when it last heard the hall and to whom it told of
    # before, in thousandths of a second. Then the order in the journal, which is that of the labels above, decides.
    assert [one["came_at"] for one in found] == sorted(one["came_at"] for one in found)
    _check_the_paper(server, sim, {one["ticket"]: one["code"] for one in found})


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
    assert len(printed) >= len(code_by_ticket) - 1
    assert max(seen[code] for code in code_by_ticket.values()) == 1
