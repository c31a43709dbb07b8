"""Row 6, the server's part: killed twenty times while clients issue, it loses nothing and doubles nothing."""

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from hall_server.core.facts import TicketCalled, TicketIssued
from hall_server.journal import Journal
from hall_server.settings import FILE, load
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port

ROUNDS = 20
CLIENTS = 6
AGAIN_S = 0.05  # between two tries, so that the tries do not slow the start that they wait for
ACKNOWLEDGED_PER_ROUND = 8  # by then every client is in the middle of something
SLOWEST_START_S = 10.0  # three are promised; a machine that runs other tests may take longer


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    write_settings(tmp_path / "home")
    fresh_database(tmp_path / "home" / "hall.sqlite3")
    running = Program(tmp_path / "home", free_port())
    running.start()
    yield running
    running.stop()


class Client(threading.Thread):
    """Issues ticket after ticket; a request without an answer is asked again with its key until there is one."""

    def __init__(self, program: Program, number: int, token: str, stop: threading.Event) -> None:
        super().__init__(name=f"client-{number}")
        self.acknowledged: dict[str, tuple[str, str]] = {}
        self.repeated = 0
        self._program, self._number, self._token, self._stop_asked = program, number, token, stop

    def run(self) -> None:
        for turn in itertools.count():
            if self._stop_asked.is_set():
                return
            key = f"client-{self._number}-turn-{turn:05}"
            self.acknowledged[key] = self._issue(key)

    def _issue(self, key: str) -> tuple[str, str]:
        while True:
            try:
                status, ticket = self._program.ask(
                    "POST", "/api/v1/tickets", {"service": "id", "kiosk": "K1"}, token=self._token, key=key
                )
            except (OSError, HTTPException):
                self.repeated += 1
                time.sleep(AGAIN_S)
                continue
            assert status == 201, ticket
            return ticket["id"], ticket["label"]


def call_next(program: Program, number: int) -> None:
    """One call at one window, repeated with its key until it is answered."""
    for _ in range(2000):
        try:
            status, value = program.ask(
                "POST", "/api/v1/windows/1/next", {"previous": "served"}, token=program.admin, key=f"call-{number:05}"
            )
        except (OSError, HTTPException):
            time.sleep(AGAIN_S)
            continue
        assert status in (200, 204), value
        return
    raise AssertionError("nobody answered a call")


def test_twenty_kills_lose_nothing_and_double_nothing(
    program: Program, record_testsuite_property: Callable[[str, object], None]
) -> None:
    program.post("/day/open")
    stop = threading.Event()
    clients = [Client(program, n, program.admin, stop) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    starts_s: list[float] = []
    with ThreadPoolExecutor(1) as caller:
        calls: list[Future[None]] = []
        for number in range(ROUNDS):
            calls.append(caller.submit(call_next, program, number))
            _wait_for_answers(clients, ACKNOWLEDGED_PER_ROUND)
            program.kill()
            starts_s.append(program.start())
        stop.set()
        for call in calls:
            call.result()
    for client in clients:
        client.join()
    assert program.stop() == 0
    assert sum(client.repeated for client in clients) >= ROUNDS, "the kills hit nobody"
    assert max(starts_s) <= SLOWEST_START_S
    _check_the_journal(program, {key: got for client in clients for key, got in client.acknowledged.items()})
    record_testsuite_property("kill to ready again, seconds", [round(s, 2) for s in sorted(starts_s)])


def _wait_for_answers(clients: list[Client], many: int) -> None:
    wanted = sum(len(client.acknowledged) for client in clients) + many
    until = time.monotonic() + 60
    while sum(len(client.acknowledged) for client in clients) < wanted:
        assert time.monotonic() < until, "the clients get no answers"
        assert all(client.is_alive() for client in clients)
        time.sleep(0.005)


def _check_the_journal(program: Program, acknowledged: dict[str, tuple[str, str]]) -> None:
    settings = load(program.home / FILE)
    journal = Journal(settings.database_url(program.home), settings.hall.id)
    try:
        rows = list(journal.rows())
        assert journal.verify() is None
    finally:
        journal.close()
    issued = {row.request_id: fact for row in rows if isinstance(fact := row.fact(), TicketIssued)}
    assert len(issued) == sum(row.kind == "TicketIssued" for row in rows), "one key issued two tickets"
    assert {key: (fact.ticket, fact.label) for key, fact in issued.items()} == acknowledged
    assert sorted(fact.number for fact in issued.values()) == list(range(1, len(issued) + 1))
    called = [fact.ticket for row in rows if isinstance(fact := row.fact(), TicketCalled)]
    assert (len(called), len(set(called))) == (ROUNDS, ROUNDS)
