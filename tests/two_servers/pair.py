"""Servers of one hall for a test, and callers who turn to another server when one does not answer."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, TypeVar

from tests.server.halls import COUNTER, write_settings
from tests.server.program import Program, free_port

T = TypeVar("T")
WINDOWS = KIOSKS = 20
AGAIN_S = 0.05  # between two tries, so that the tries do not slow the start that they wait for
ANSWER_S = 4.0  # a kiosk's program waits 3 s for an answer before it asks again
QUIET_S = 10.0  # a server closes lines that have been quiet for twenty seconds: a caller takes a new one before
GIVE_UP_S = 120.0  # nothing here stays away for so long
NOT_READY = (502, 503, 504)
_HALL = """
[hall]
id = "main"
zh = "市民中心"
en = "Citizen Centre"

[server]
database = "{database}"
public_url = "http://hall.invalid"
"""
SERVICES = ("id", "tax")


def hall_text(database: str) -> str:
    """The settings of a hall with twenty windows and twenty kiosks."""
    windows = (f'[[window]]\nid = "{n}"\nservices = ["id", "tax"]\n' for n in range(1, WINDOWS + 1))
    kiosks = (f'[[kiosk]]\nid = "K{n}"\nzh = "{n}"\nen = "Kiosk {n}"\n' for n in range(1, KIOSKS + 1))
    return "\n".join([_HALL.format(database=database), COUNTER, *windows, *kiosks])


def until(condition: Callable[[], T | None], what: str, limit_s: float = 60.0) -> T:
    """The first true value of what must become true; a slow machine may take its time."""
    give_up_at = time.monotonic() + limit_s
    while not (value := condition()):
        assert time.monotonic() < give_up_at, f"it never became true: {what}"
        time.sleep(0.02)
    return value


@dataclass
class Servers:
    """One or two server programs on one database, each with a home of its own."""

    programs: list[Program]
    tokens: dict[str, str] = field(default_factory=dict)

    def __iter__(self) -> Any:
        return iter(self.programs)

    def __getitem__(self, number: int) -> Program:
        return self.programs[number]

    def stop(self) -> list[int]:
        return [program.stop() for program in self.programs]

    def open(self) -> None:
        """The first makes the schema, the tokens and the day; then the others join."""
        self[0].start()
        self.tokens = {f"K{n}": self[0].token("kiosk", f"K{n}") for n in range(1, KIOSKS + 1)}
        self.tokens["manager"] = self[0].token("manager", "wang")
        self[0].post("/day/open")
        for other in self.programs[1:]:
            other.start()

    def caller(self, who: str, first: int = 0) -> "Caller":
        return Caller([program.port for program in self.programs], self.tokens[who], first % len(self.programs))

    def pids(self) -> list[int]:
        return [program.process.pid for program in self.programs if program.process and program.process.poll() is None]


def servers(home: Path, databases: Sequence[str], text: Callable[[str], str] = hall_text) -> Servers:
    """A program for each URL of the database; they may differ where something stands in between."""
    made = []
    for number, database in enumerate(databases):
        folder = home / f"server{number}"
        write_settings(folder, text(database))
        made.append(Program(folder, free_port()))
    return Servers(made)


@dataclass
class Answer:
    """What somebody was told."""

    status: int
    text: str

    @property
    def value(self) -> Any:
        return json.loads(self.text) if self.text else {}


@dataclass
class Caller:
    """A client that keeps its line; without a good answer it asks the next server, with the same key."""

    ports: Sequence[int]
    token: str
    at: int = 0
    answer_s: float = ANSWER_S
    more: dict[str, str] = field(default_factory=dict)
    tries: int = 0
    turned_away: int = 0
    _line: HTTPConnection | None = None
    _used_s: float = 0.0

    def post(self, path: str, body: Any, key: str = "") -> Answer:
        """Ask until somebody answers; what nobody could answer so far stays the same request."""
        key = key or secrets.token_hex(12)
        give_up_at = time.monotonic() + GIVE_UP_S
        while time.monotonic() < give_up_at:
            self.tries += 1
            try:
                answer = self.once("POST", path, body, key)
            except (OSError, HTTPException):
                answer = None
            if answer is not None and answer.status not in NOT_READY:
                return answer
            self.turned_away += answer is not None
            self.close()
            self.at = (self.at + 1) % len(self.ports)
            time.sleep(AGAIN_S)
        raise AssertionError(f"nobody answers {path}")

    def once(self, method: str, path: str, body: Any = None, key: str = "") -> Answer:
        """One request to the server in force; raises what the line raises."""
        self.send(method, path, body, key)
        return self.hear()

    def send(self, method: str, path: str, body: Any, key: str) -> None:
        if time.monotonic() - self._used_s > QUIET_S:
            self.close()
        self._used_s = time.monotonic()
        if self._line is None:
            self._line = HTTPConnection("127.0.0.1", self.ports[self.at], timeout=self.answer_s)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        said = headers | self.more | ({"Idempotency-Key": key} if key else {})
        self._line.request(method, path, None if body is None else json.dumps(body), said)

    def hear(self) -> Answer:
        assert self._line is not None
        answer = self._line.getresponse()
        return Answer(answer.status, answer.read().decode())

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
