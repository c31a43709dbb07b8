"""A unit is tried beside the devices of the hall: it proves itself at its own address, and nothing else notices."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from display.board import Name
from drivers.sim.bus import SimBus
from drivers.sim.printer import SimPrinter
from hall_server.contract import DeviceOrder, SignOrder, TrialOrder, TrialReport
from tests.server.program import free_port
from tests.station.fake_hall import AT, FakeHall
from tests.station.test_station import health_of, issue, running


def order(number: int, device: str, kind: str, url: str, **more: Any) -> TrialOrder:
    values = {"trial": f"t{number}", "device": device, "kind": kind, "url": url, "at": AT, "timezone": "Asia/Shanghai"}
    names = {"hall": Name("市民中心", "Citizen Centre"), "name": Name("打印机", "Printer")}
    return TrialOrder.model_validate({**values, **names, **more})


def reports(hall: FakeHall) -> list[TrialReport]:
    return [trial for _, report in hall.reports for trial in report.trials]


def verdict(hall: FakeHall, asked: TrialOrder) -> TrialReport:
    """What the station says about a trial; it is said once."""
    hall.trials = (asked,)
    hall.push()
    hall.wait(lambda: any(one.trial == asked.trial for one in reports(hall)))
    said = [one for one in reports(hall) if one.trial == asked.trial]
    assert len(said) == 1
    return said[0]


@pytest.fixture
def fresh() -> Iterator[SimPrinter]:
    printer = SimPrinter().start()
    yield printer
    printer.stop()


@pytest.fixture
def bus() -> Iterator[SimBus]:
    line = SimBus(count=2)
    line.start()
    yield line
    line.stop()


def test_a_printer_proves_itself_by_a_test_slip_while_the_old_one_prints_on(
    hall: FakeHall, sim: SimPrinter, fresh: SimPrinter, tmp_path: Path
) -> None:
    with running(hall, tmp_path) as (station, _):
        hall.wait(lambda: any(h.state == "ok" for h in health_of(hall, "P1")))
        said = verdict(hall, order(1, "P1", "printer", f"tcp://127.0.0.1:{fresh.port}", options={"width": "512"}))
        assert (said.outcome, said.evidence.startswith("printed"), "calls itself" in said.evidence) == (
            "printed", True, True,
        )  # fmt: skip
        ticket = issue(station)
        hall.wait(lambda: hall.papers[ticket].state == "printed")
        assert {health.device for _, report in hall.reports for health in report.health} == {"P1"}
    assert (len(fresh.slips()), len(sim.slips())) == (1, 1)


def test_what_is_not_there_or_has_no_paper_says_why(hall: FakeHall, fresh: SimPrinter, tmp_path: Path) -> None:
    fresh.set_fault("paper_end", True)
    with running(hall, tmp_path):
        away = verdict(hall, order(1, "P1", "printer", f"tcp://127.0.0.1:{free_port()}"))
        empty = verdict(hall, order(2, "P1", "printer", f"tcp://127.0.0.1:{fresh.port}"))
    assert (away.outcome, away.faults) == ("failed", ("refused",))
    assert (empty.outcome, empty.faults[0]) == ("failed", "paper_end")


def test_the_same_printer_with_other_settings_is_closed_for_its_trial_only(
    hall: FakeHall, sim: SimPrinter, tmp_path: Path
) -> None:
    with running(hall, tmp_path) as (station, _):
        said = verdict(hall, order(1, "P1", "printer", f"tcp://127.0.0.1:{sim.port}", options={"width": "384"}))
        ticket = issue(station)
        hall.wait(lambda: hall.papers[ticket].state == "printed")
    assert (said.outcome, len(sim.slips())) == ("printed", 2)


def test_a_sign_on_the_same_line_takes_a_pattern_and_the_line_goes_on(
    hall: FakeHall, bus: SimBus, tmp_path: Path
) -> None:
    line = f"socket://127.0.0.1:{bus.port}"
    hall.more = tuple(DeviceOrder(id=f"S{n}", kind="sign", url=f"{line}#{n}") for n in (1, 9))
    hall.signs = {"S1": SignOrder(content_id="c", pages=("A001",)), "S9": SignOrder(content_id="d", pages=("A009",))}
    with running(hall, tmp_path):
        hall.wait(lambda: any(h.state == "ok" for h in health_of(hall, "S1")))
        taken = verdict(hall, order(1, "S9", "sign", f"{line}#2", pages=("88888888",)))
        assert (taken.outcome, taken.evidence.endswith(" ms")) == ("shown", True)
        nobody = verdict(hall, order(2, "S9", "sign", f"{line}#7", pages=("88888888",)))
        assert (nobody.outcome, nobody.faults) == ("failed", ("no_ack",))
        clash = verdict(hall, order(3, "S9", "sign", f"{line}#1", pages=("88888888",)))
        assert (clash.outcome, "S1" in clash.evidence) == ("failed", True)
        assert [h.state for h in health_of(hall, "S1")][-1] == "ok"


def test_without_an_address_it_only_looks_and_leaves_known_devices_alone(
    hall: FakeHall, fresh: SimPrinter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hall_server.station.trials.finding.serial_ports", list)
    monkeypatch.setattr("hall_server.station.trials.PRINTER_PORT", fresh.port)
    here = f"127.0.0.1:{fresh.port}"
    with running(hall, tmp_path):
        ours = verdict(hall, order(1, "P1", "printer", "", network="127.0.0.0/30", known=(here,)))
        assert (ours.outcome, ours.found) == ("found", ())
        found = verdict(hall, order(2, "P1", "printer", "", network="127.0.0.0/30"))
        assert found.found == (f"tcp://{here} answered 12",)
    assert fresh.slips() == []
