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
        ("sign", "sim://bus/profile#1", "the signs of this line are of their own profile, and the options name none"),
        ("sign", "sim://bus/a0_90?fault=off@x#1", "'off@x': behind @ stands the address of a sign"),
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


OURS = """
title = "Ours"
source = "its sheet"
[port]
baud = [9600]
[sign]
addresses = [5, 40]
[tx]
show = "AA {addr:u8} {data:gbk} FF"
call = "AB {addr:u8} {number:base100} {window:u8} {prefix:ascii(1)}"
[rx]
ack = "AC {addr:u8}"
nak = "AD {addr:u8}"
"""


def test_a_profile_of_ones_own_is_played_with_all_that_it_says() -> None:
    hall, line = Hall(), "sim://bus/profile?fault=nak@6"
    given = (("profile", OURS), ("window", "3"))
    specs = [DeviceSpec("bus", "bus", line), *(DeviceSpec(f"w{at}", "sign", f"{line}#{at}", given) for at in (5, 6))]
    supervisor = Supervisor(specs, hall, recover_s=1.0)
    supervisor.start()
    try:
        for text in ("请A012号", "A012"):
            supervisor.show("w5", SignContent(text, (text,), urgent=True))
            with hall.lock:
                assert hall.lock.wait_for(lambda: hall.acks[-1:] == [("w5", text)], 20)  # noqa: B023 - waited for here
        with hall.lock:
            assert hall.lock.wait_for(lambda: ("w6", "failed", ("nak",)) in hall.healths, 20)
    finally:
        supervisor.stop(10)


@pytest.mark.parametrize(
    ("url", "profile", "words"),
    [
        ("sim://bus/a0_90#5", OURS, "another: a profile of one's own is played by sim://bus/profile"),
        ("sim://bus/profile#4", OURS, "a simulated line has signs 5 to 20, none at 4"),
        ("sim://bus/profile?fault=off@4#5", OURS, "'off@4': signs of this line have the addresses 5 to 20"),
        ("sim://bus/profile#5", OURS.replace("[9600]", "9600"), "profile, line 5: port.baud must be"),
    ],
)
def test_nonsense_about_a_profile_is_refused_in_words(url: str, profile: str, words: str) -> None:
    (problem,) = check(DeviceSpec("d1", "sign", url, (("profile", profile),)))
    assert words in problem


def test_the_signs_of_a_simulated_line_have_one_profile() -> None:
    both = [("w1", 5, OURS), ("w2", 6, OURS + "# changed")]
    specs = [DeviceSpec(name, "sign", f"sim://bus/profile#{at}", (("profile", text),)) for name, at, text in both]
    (problem,) = check_all(specs)
    assert problem.startswith("w1, w2: the signs of one simulated line have one profile")


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
