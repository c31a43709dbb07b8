"""Devices that the station plays itself: what their addresses may say, and that they are driven as real ones are."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers import simulated
from drivers.catalog import check, check_all
from drivers.ports import DeviceSpec, SignContent, Slip, Verdict
from drivers.sim import bus, signs
from drivers.sim.printer import FAULTS
from drivers.supervisor import Supervisor
from tests.drivers.test_supervisor import Hall

DOC = Path(__file__).parents[3] / "docs" / "devices.md"
LINE = "sim://bus/a0_90?fault=off@2"


@pytest.fixture
def hall() -> Iterator[Hall]:
    hall = Hall()
    specs = [
        DeviceSpec("bus", "bus", LINE),
        *(DeviceSpec(f"w{at}", "sign", f"{LINE}#{at}") for at in (1, 2)),
        DeviceSpec("p1", "printer", "sim://printer"),
        DeviceSpec("p2", "printer", "sim://printer/2?fault=paper_end"),
    ]
    supervisor = Supervisor(specs, hall, recover_s=1.0)
    supervisor.start()
    supervisor.show("w1", SignContent("c1", ("A012",), urgent=True))
    supervisor.print("p1", Slip("s1", "Hall", "A012"))
    yield hall
    supervisor.stop(10)


def test_simulated_devices_work_and_fail_as_their_addresses_say(hall: Hall) -> None:
    with hall.lock:
        assert hall.lock.wait_for(lambda: hall.acks == [("w1", "c1")], 20)
        assert hall.lock.wait_for(lambda: hall.verdicts == [("p1", "s1", Verdict.PRINTED)], 20)
        assert hall.lock.wait_for(lambda: ("p2", "failed", ("paper_end",)) in hall.healths, 20)
        assert hall.lock.wait_for(lambda: ("w2", "failed", ("no_ack",)) in hall.healths, 20)


@pytest.mark.parametrize(
    ("kind", "url", "words"),
    [
        ("printer", "sim://printer?fault=paper_endd", "no fault 'paper_endd' of a printer"),
        ("printer", "sim://printer?fault=off@2", "no fault 'off@2' of a printer"),
        ("printer", "sim://bus/a0_90", "simulates a sign, and this is a printer"),
        ("sign", "sim://printer#1", "simulates a printer, and this is a sign"),
        ("sign", "sim://bus/a090#1", "no signs of a family 'a090'"),
        ("sign", "sim://bus/ruize#1", "the signs of this line are ruize"),
        ("sign", "sim://bus/a0_90#17", "signs 1 to 16, none at 17"),
        ("sign", "sim://bus/a0_90", "a sign needs its unit address"),
        ("sign", "sim://bus/a0_90?fault=off@17#1", "'off@17': signs of this line have the addresses 1 to 16"),
        ("sign", "sim://bus/a0_90?fault=off#1", "no fault 'off' of a line"),
        ("sign", "sim://bus/a0_90?baud=19200#1", "unknown setting 'baud'"),
        ("pad", "sim://bus/a0_90#1", "simulates a sign, and this is a pad"),
        ("sign", "sim://moon#1", "names nothing that can be simulated"),
    ],
)
def test_nonsense_is_refused_in_words(kind: str, url: str, words: str) -> None:
    (problem,) = check(DeviceSpec("d1", kind, url))
    assert words in problem


def test_a_line_has_one_list_of_faults_and_a_printer_one_user() -> None:
    line = [DeviceSpec("w1", "sign", "sim://bus/a0_90#1"), DeviceSpec("w2", "sign", "sim://bus/a0_90?fault=dead#2")]
    assert check_all(line) == ["w1, w2: different line settings for sim:bus/a0_90"]
    printers = [DeviceSpec("p1", "printer", "sim://printer"), DeviceSpec("p2", "printer", "sim://printer")]
    assert check_all(printers) == ["p1, p2: all claim sim:printer"]


def test_settings_know_the_simulators_faults_and_the_page_names_them() -> None:
    known = {"a printer": set(FAULTS) - {"power_cycle"}, "a line": set(bus.BUS_FAULTS), "a sign": set(signs.FAULTS)}
    assert known == {
        "a printer": set(simulated.PRINTER_FAULTS),
        "a line": set(simulated.LINE_FAULTS),
        "a sign": set(simulated.SIGN_FAULTS),
    }
    text = DOC.read_text("utf-8")
    for of, faults in known.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| {of} | `"))
        assert re.findall(r"`(\w+)`", row) == sorted(faults)
