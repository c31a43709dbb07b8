"""Row 6, the server's part: killed again and again while clients issue, it loses nothing and doubles nothing."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.durability.clients import Client, call_next, tickets_of, wait_for_answers
from tests.durability.ledger import issued, sound
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port
from tests.soak import rounds

ROUNDS = rounds(5, 200)
CLIENTS = 6
ACKNOWLEDGED_PER_ROUND = 8  # by then every client is in the middle of something


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    write_settings(tmp_path / "home")
    fresh_database(tmp_path / "home" / "hall.sqlite3")
    running = Program(tmp_path / "home", free_port())
    running.start()
    yield running
    running.stop()


def test_kills_lose_nothing_and_double_nothing(
    program: Program, record_testsuite_property: Callable[[str, object], None], tally: Counter[str]
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
            calls.append(caller.submit(call_next, program, number, program.admin))
            wait_for_answers(clients, ACKNOWLEDGED_PER_ROUND)
            program.kill()
            starts_s.append(program.start())
            tally["kills of the server"] += 1
        stop.set()
        for call in calls:
            call.result()
    for client in clients:
        client.join()
    assert program.stop() == 0
    assert sum(client.repeated for client in clients) >= ROUNDS, "the kills hit nobody"
    _check_the_journal(program, tickets_of(clients))
    record_testsuite_property("kill to ready again, seconds", [round(s, 2) for s in sorted(starts_s)])


def _check_the_journal(program: Program, acknowledged: dict[str, tuple[str, str]]) -> None:
    rows = sound(program.home)
    assert {key: (fact.ticket, fact.label) for key, fact in issued(rows).items()} == acknowledged
    assert sum(row.kind == "TicketCalled" for row in rows) == ROUNDS
