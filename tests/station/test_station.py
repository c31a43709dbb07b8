"""One station, a hall and a simulated printer: papers, outcomes, health, and a hall that comes and goes."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from drivers.sim.printer import SimPrinter
from drivers.supervisor import Supervisor
from hall_server.contract import HealthReport, TicketRequest
from hall_server.station import LinkState, Station, new_key
from tests.station.fake_hall import TOKEN, FakeHall


@contextmanager
def running(
    hall: FakeHall, folder: Path, token: str = f"{TOKEN}:K1", helpers: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[tuple[Station, "States"]]:
    states = States()
    station = Station("K1", hall.url, token, folder, recover_s=0.1, helpers=helpers, on_link=states.add)
    station.start()
    try:
        yield station, states
    finally:
        station.stop()


class States:
    """The states of the line, in order; can be waited for."""

    def __init__(self) -> None:
        self.seen: list[LinkState] = []
        self._changed = threading.Condition()

    def add(self, state: LinkState) -> None:
        with self._changed:
            self.seen.append(state)
            self._changed.notify_all()

    def wait(self, condition: Callable[[list[LinkState]], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self.seen), 20), self.seen


def issue(station: Station) -> str:
    return station.client.issue(TicketRequest(service="tax"), new_key()).id


def health_of(hall: FakeHall, device: str) -> list[HealthReport]:
    return [health for _, report in hall.reports for health in report.health if health.device == device]


def test_an_owed_slip_is_claimed_printed_once_and_reported(hall: FakeHall, sim: SimPrinter, tmp_path: Path) -> None:
    with running(hall, tmp_path) as (station, _):
        ticket = issue(station)
        hall.wait(lambda: hall.papers[ticket].state == "printed")
    assert (hall.papers[ticket].claims, hall.outcomes(), len(sim.slips())) == (1, [[(1, "P1", "printed")]], 1)


def test_without_paper_nothing_is_sent_and_the_hall_is_told_failed(
    hall: FakeHall, sim: SimPrinter, tmp_path: Path
) -> None:
    sim.set_fault("paper_end", True)
    with running(hall, tmp_path) as (station, _):
        ticket = issue(station)
        hall.wait(lambda: hall.papers[ticket].state == "failed")
        hall.wait(lambda: any(h.state == "failed" and h.faults[0] == "paper_end" for h in health_of(hall, "P1")))
    assert (hall.outcomes(), sim.slips()) == ([[(1, "P1", "failed")]], [])


def test_the_whole_health_is_reported_after_every_connection(hall: FakeHall, tmp_path: Path) -> None:
    with running(hall, tmp_path) as (_, states):
        hall.wait(lambda: any(h.state == "ok" for h in health_of(hall, "P1")))
        hall.kill()
        states.wait(lambda seen: LinkState.LOST in seen)
        hall.reports.clear()
        hall.start()
        hall.wait(lambda: any(h.state == "ok" for h in health_of(hall, "P1")))
        hall.wait(lambda: hall.alive > 0)


def test_a_ticket_issued_just_before_the_hall_died_is_printed_once_it_is_back(
    hall: FakeHall, sim: SimPrinter, tmp_path: Path
) -> None:
    with running(hall, tmp_path) as (station, states):
        states.wait(lambda seen: LinkState.UP in seen)
        hall.refuse_reports = True
        ticket = issue(station)
        hall.kill()
        states.wait(lambda seen: LinkState.LOST in seen)
        hall.refuse_reports = False
        hall.start()
        hall.wait(lambda: hall.papers[ticket].state == "printed")
    assert len(sim.slips()) == 1


def test_a_hall_that_hangs_is_noticed_although_the_line_is_up(hall: FakeHall, tmp_path: Path) -> None:
    with running(hall, tmp_path) as (_, states):
        states.wait(lambda seen: seen == [LinkState.UP])
        hall.beating = False
        states.wait(lambda seen: seen[:2] == [LinkState.UP, LinkState.LOST])


def test_a_hall_that_does_not_know_the_token_is_told_from_a_dead_one(hall: FakeHall, tmp_path: Path) -> None:
    with running(hall, tmp_path, token="stranger") as (_, states):
        states.wait(lambda seen: seen == [LinkState.REFUSED])


def test_a_lost_answer_to_a_claim_still_prints_exactly_once(hall: FakeHall, sim: SimPrinter, tmp_path: Path) -> None:
    """The claim was granted, but the station never heard it: the same claim again gets the same answer."""
    lost: list[int] = []

    def lose_claims(path: str) -> None:
        claimed = any(paper.claims for paper in hall.papers.values())
        if path.endswith("/reports") and claimed and len(lost) < 2 and hall.server is not None:
            lost.append(1)
            hall.server.cut()

    hall.before_answer = lose_claims
    with running(hall, tmp_path) as (station, _):
        ticket = issue(station)
        hall.wait(lambda: hall.papers[ticket].state == "printed")
    assert (hall.papers[ticket].claims, hall.outcomes(), len(sim.slips())) == (1, [[(1, "P1", "printed")]], 1)
    assert len(lost) == 2


def test_a_repair_verified_by_a_person_releases_its_printer_once_and_history_releases_nothing(
    hall: FakeHall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    released: list[str] = []
    monkeypatch.setattr(Supervisor, "release", lambda _self, device: released.append(device))
    hall.released = {"P1": "repair-1"}
    with running(hall, tmp_path) as (station, states):
        states.wait(lambda seen: LinkState.UP in seen)
        ticket = issue(station)
        hall.wait(lambda: hall.papers[ticket].state == "printed")
        assert released == []
        hall.released = {"P1": "repair-2"}
        ticket = issue(station)
        hall.wait(lambda: hall.papers[ticket].state == "printed")
    assert released == ["P1"]


def test_after_a_cut_link_the_customer_is_in_doubt_and_the_next_slip_is_whole(
    hall: FakeHall, sim: SimPrinter, tmp_path: Path
) -> None:
    with running(hall, tmp_path) as (station, _):
        hall.wait(lambda: any(h.state == "ok" for h in health_of(hall, "P1")))
        sim.set_fault("no_clear", True)
        sim.cut_link_after(8000, "rst")
        doubtful = issue(station)
        hall.wait(lambda: hall.papers[doubtful].state == "unconfirmed")
        later = issue(station)
        hall.wait(lambda: hall.papers[later].state == "printed")
    assert hall.outcomes() == [[(1, "P1", "unconfirmed")], [(1, "P1", "printed")]]
