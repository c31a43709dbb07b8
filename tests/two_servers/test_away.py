"""Both servers are away while a kiosk goes on alone: it tells what it gave out once, whichever of them comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.sim.printer import SimPrinter
from tests.e2e.alone import HONEST_WITHIN_S, Screen, check_what_was_told, journal, settings, told
from tests.server.program import Program
from tests.soak import rounds
from tests.two_servers.pair import Servers, servers, until

pytestmark = pytest.mark.needs("postgres")

TICKETS = rounds(6, 50)


@pytest.fixture
def sim() -> Iterator[SimPrinter]:
    started = SimPrinter(mm_s=5000).start()
    yield started
    started.stop()


@pytest.fixture
def hall(tmp_path: Path, database: str, sim: SimPrinter) -> Iterator[Servers]:
    text = settings(sim)
    both = servers(tmp_path, [database, database], lambda url: f'{text}\n[server]\ndatabase = "{url}"\n')
    both[0].start()
    both[0].post("/day/open")
    both[1].start()
    yield both
    both.stop()


@pytest.fixture
def kiosk(hall: Servers, tmp_path: Path) -> Iterator[Screen]:
    screen = Screen(hall.programs, tmp_path / "K1")
    screen.start()
    yield screen
    screen.kill()
    screen.web.close()


def test_both_servers_away_and_told_once_when_they_are_back(hall: Servers, kiosk: Screen, sim: SimPrinter) -> None:
    left, right = hall
    before = kiosk.take()
    until(lambda: any(row["kind"] == "BlockLeased" for row in journal(left)) or None, "numbers are leased")
    kiosk.until(lambda now: now["face"] in ("printed", "home"), "its slip is there")
    left.kill()
    assert kiosk.take() != before, "one server is enough, and nobody goes on alone"
    kiosk.until(lambda now: now["face"] in ("printed", "home") and "away" not in now["slots"], "its slip is there")
    right.kill()
    kiosk.until(lambda now: "away" in now["slots"] and now["face"] == "home", "it goes on alone", HONEST_WITHIN_S)
    labels = [kiosk.take() for _ in range(TICKETS)]
    right.start()
    until(lambda: told(right) or None, "the first are told")
    right.kill()  # in the middle of telling, or just after it
    left.start()
    until(lambda: len(told(left)) >= TICKETS or None, "all are told, to the other server")
    right.start()
    for server in (left, right):
        assert [one["label"] for one in told(server)] == labels
    check_what_was_told(left, sim, labels)
    called = [_next(server) for server in (left, right, left)]
    assert called[0] == before
    assert called[2] == labels[0]


def _next(server: Program) -> str:
    return str(server.post("/windows/1/next", {"previous": "served"})["label"])
