"""F01 to F06: ``kill -9`` at the points where most would go wrong; whoever asks again has the one right answer."""

import json
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from drivers.sim.printer import SimPrinter
from hall_server.contract import TicketRequest
from hall_server.journal import Row
from hall_server.station import HallClient, new_key
from tests.durability import dying
from tests.durability.ledger import opened, sound
from tests.kiosk.test_program import Program as KioskProgram
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port
from tests.station.fake_hall import FakeHall
from tests.station.test_kill import Program as StationProgram

SERVER, DYING = "hall_server.serve", "tests.durability.dying"
COMMITTED = ("committed, not published", "published, not answered")
DIES_WITHIN_S = 30.0


def rows(home: Path) -> list[Row]:
    """The journal of a hall that nobody serves now."""
    journal = opened(home)
    try:
        return list(journal.rows())
    finally:
        journal.close()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    write_settings(tmp_path)
    fresh_database(tmp_path / "hall.sqlite3")
    running = Program(tmp_path, free_port())
    running.start()
    running.post("/day/open")
    yield running
    running.kill()


@dataclass(frozen=True, slots=True)
class Step:
    """A request that is the last one of a server: where it dies, who asks what, the one fact that must come of it."""

    point: str
    who: str
    path: str
    body: Any
    kind: str

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.point}".replace(" ", "-").replace(",", "")

    def ask(self, program: Program, tokens: dict[str, str]) -> tuple[int, Any]:
        return program.ask("POST", f"/api/v1{self.path}", self.body, token=tokens[self.who], key=self.key)


def steps(ticket: str) -> list[Step]:
    """Everything that could be asked at each point would take minutes: issue at each, the others around the commit."""
    claim = {"slips": [{"slip": f"s-{ticket}", "printer": "printer1", "attempt": 1, "outcome": "claim"}]}
    around_the_commit = ("answer kept, not committed", "committed, not published")
    return [
        Step("committed, not published", "K1", "/stations/K1/reports", claim, "SlipClaimed"),
        *(Step(p, "K1", "/tickets", {"service": "id"}, "TicketIssued") for p in dying.OF_SERVER),
        *(Step(p, "li", "/windows/1/next", {"previous": "served"}, "TicketCalled") for p in around_the_commit),
    ]


def test_a_server_killed_at_a_point_did_it_once_or_not_at_all(
    program: Program, monkeypatch: pytest.MonkeyPatch, tally: Counter[str]
) -> None:
    """Each start is also the proof of the kill before it: the same key is asked again, twice."""
    tokens = {"K1": program.token("kiosk", "K1"), "li": program.token("clerk", "li", "1")}
    ticket = program.ask("POST", "/api/v1/tickets", {"service": "id"}, token=tokens["K1"])[1]["id"]
    monkeypatch.setenv(dying.PROGRAM, SERVER)
    program.module = DYING
    before: Step | None = None
    for step in steps(ticket):
        monkeypatch.setenv(dying.POINT, step.point)
        monkeypatch.setenv(dying.KEY, step.key)
        program.stop()
        program.start()
        if before is not None:
            asked_again(program, before, tokens)
        assert last_words(program, step, tokens) is None, step
        assert program.process is not None
        assert program.process.wait(DIES_WITHIN_S) == -signal.SIGKILL
        facts = [row.kind for row in rows(program.home) if (row.request_id or "").startswith(step.key)]
        assert facts.count(step.kind) == (step.point in COMMITTED), step
        before, tally["kills at named points"] = step, tally["kills at named points"] + 1
    assert before is not None
    program.module = SERVER
    program.start()
    asked_again(program, before, tokens)
    assert program.stop() == 0
    made = sound(program.home)
    labels = [json.loads(row.body)["label"] for row in made if row.kind == "TicketIssued"]
    assert labels == [f"A{number:03}" for number in range(1, len(dying.OF_SERVER) + 2)]


def last_words(program: Program, step: Step, tokens: dict[str, str]) -> tuple[int, Any] | None:
    """What a server answers before it dies: nothing."""
    try:
        return step.ask(program, tokens)
    except (OSError, HTTPException):
        return None


def asked_again(program: Program, step: Step, tokens: dict[str, str]) -> None:
    """The same key gets one answer, of one fact."""
    answers = [step.ask(program, tokens) for _ in range(2)]
    assert answers[0] == answers[1], step
    assert answers[0][0] in (200, 201), (step, answers)
    assert [row.kind for row in rows(program.home) if (row.request_id or "").startswith(step.key)].count(
        step.kind
    ) == 1, step


# point -> what the paper is worth afterwards, and how many papers there are
OUTCOMES = {
    "claimed, no byte sent": ("unconfirmed", 0),
    "last byte sent, verdict not noted": ("unconfirmed", 1),
    "verdict noted, not reported": ("printed", 1),
    "reported, not noted as known": ("printed", 1),
}


@pytest.mark.parametrize("point", dying.OF_STATION)
def test_a_station_killed_at_a_point_prints_no_second_paper_and_never_claims_what_it_cannot_know(
    hall: FakeHall, sim: SimPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Counter[str], point: str
) -> None:
    client = HallClient(hall.url, "hall-token")
    ticket = client.issue(TicketRequest(service="tax"), new_key()).id
    client.close()
    monkeypatch.setenv(dying.PROGRAM, "hall_server.station.__main__")
    monkeypatch.setenv(dying.POINT, point)
    station = StationProgram(hall, tmp_path)
    plain = list(station.command)
    station.command[2] = DYING
    station.start()
    assert station.wait(DIES_WITHIN_S) == -signal.SIGKILL
    station.command[:] = plain
    beats = hall.alive
    station.start()
    outcome, papers = OUTCOMES[point]
    hall.wait(lambda: hall.papers[ticket].state == outcome)
    hall.wait(lambda: len(sim.slips()) == papers)
    assert hall.papers[ticket].claims == 1
    hall.wait(lambda: hall.alive > beats)
    assert {told for told in hall.outcomes()[0]} == {(1, "P1", outcome)}
    assert station.end(signal.SIGTERM) == 0
    tally["kills at named points"] += 1


@pytest.mark.parametrize(("point", "tickets"), [("key made, nothing asked", 0), ("answered, not shown", 1)])
def test_a_kiosk_killed_at_a_point_comes_back_and_prints_what_was_issued(
    hall: FakeHall, sim: SimPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tally: Counter[str],
    point: str, tickets: int,
) -> None:  # fmt: skip
    monkeypatch.setenv(dying.PROGRAM, "kiosk.__main__")
    monkeypatch.setenv(dying.POINT, point)
    kiosk = KioskProgram(hall, tmp_path / "K1", module=DYING)
    kiosk.await_url()
    kiosk.until(lambda shown: shown["face"] == "home")
    with pytest.raises(OSError):  # noqa: PT011 - requests says it in several ways
        kiosk.touch("/press", {"service": "tax", "language": "zh"})
    assert kiosk.end(signal.SIGKILL) == -signal.SIGKILL
    assert len(hall.papers) == tickets
    again = KioskProgram(hall, tmp_path / "K1")
    again.await_url()
    hall.wait(lambda: [paper.state for paper in hall.papers.values()] == ["printed"] * tickets)
    assert len(sim.slips()) == tickets
    again.until(lambda shown: shown["face"] == "home")
    assert again.end(signal.SIGTERM) == 0
    tally["kills at named points"] += 1
