"""The server is away while a kiosk goes on: every number is there afterwards, in order, once, and so is its paper."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.sim.printer import SimPrinter
from tests.e2e.alone import HONEST_WITHIN_S, Screen, check_what_was_told, journal, settings, told
from tests.e2e.hall import until
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port
from tests.soak import rounds

TICKETS = 50
AWAY_S = rounds(0, 300)  # at least; the customers take some seconds anyway


@pytest.fixture
def sim() -> Iterator[SimPrinter]:
    started = SimPrinter(mm_s=5000).start()
    yield started
    started.stop()


@pytest.fixture
def server(tmp_path: Path, sim: SimPrinter) -> Iterator[Program]:
    write_settings(tmp_path / "home", settings(sim))
    fresh_database(tmp_path / "home" / "hall.sqlite3")
    running = Program(tmp_path / "home", free_port())
    running.start()
    running.post("/day/open")
    yield running
    running.stop()


@pytest.fixture
def kiosk(server: Program, tmp_path: Path) -> Iterator[Screen]:
    screen = Screen([server], tmp_path / "K1")
    screen.start()
    yield screen
    screen.kill()
    screen.web.close()


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
    check_what_was_told(server, sim, labels)
    called = [server.post("/windows/1/next", {"previous": "served"})["label"] for _ in range(3)]
    assert called == [before, *labels[:2]]
