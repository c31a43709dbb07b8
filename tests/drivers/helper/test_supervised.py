"""Devices behind a program, under a supervisor: what is told of them, who is restarted, what waits for a person."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from drivers.health import Health, State
from drivers.helper import example
from drivers.helper.printer import HelperPrinter
from drivers.helper.talk import Talk
from drivers.helper.words import line
from drivers.ports import DeviceSpec, PrintResult, SignContent, Slip, Verdict
from drivers.supervisor import Supervisor
from tests.drivers.helper import misbehaving
from tests.drivers.helper.test_talk import eventually
from tests.drivers.test_supervisor import PATIENCE_S, Hall

SLIP = Slip("s1", "hall", "A001")


@contextmanager
def supervised(devices: list[DeviceSpec], program: str, *words: str) -> Iterator[tuple[Supervisor, Hall]]:
    hall = Hall()
    supervisor = Supervisor(devices, hall, helpers={"odd": (sys.executable, "-IS", program, *words)}, recover_s=0.1)
    supervisor.start()
    try:
        yield supervisor, hall
    finally:
        supervisor.stop(PATIENCE_S)


def test_a_printer_whose_program_died_with_a_slip_prints_nothing_until_a_person_has_looked(tmp_path: Path) -> None:
    (tmp_path / "printer").touch()
    printer = DeviceSpec("p", "printer", "helper://odd")
    with supervised([printer], str(misbehaving.__file__), "segfault", str(tmp_path)) as (supervisor, hall):
        hall.wait_for(lambda: hall.said("p") == [("ok", ())])
        (tmp_path / "now").touch()
        supervisor.print("p", SLIP)
        hall.wait_for(lambda: bool(hall.verdicts))
        (tmp_path / "now").unlink()
        assert hall.verdicts == [("p", "s1", Verdict.UNKNOWN)]
        hall.wait_for(lambda: hall.said("p")[-1] == ("failed", ("ticket_unconfirmed",)))
        supervisor.print("p", Slip("s2", "hall", "A002"))
        hall.wait_for(lambda: hall.verdicts[1:] == [("p", "s2", Verdict.NOT_SENT)])
        supervisor.release("p")
        hall.wait_for(lambda: hall.said("p")[-1] == ("ok", ()))
        supervisor.print("p", Slip("s3", "hall", "A003"))
        hall.wait_for(lambda: hall.verdicts[2:] == [("p", "s3", Verdict.PRINTED)])


def test_a_helper_that_nobody_declared_is_not_run_and_is_named() -> None:
    sign = DeviceSpec("w1", "sign", "helper://reboot#1")
    with supervised([sign], "unused") as (supervisor, hall):
        hall.wait_for(lambda: hall.said("w1") == [("failed", ("unreachable",))])
        supervisor.show("w1", SignContent("c1", ("A001",)))
    assert hall.acks == []


def test_pages_take_turns_and_a_program_that_is_started_anew_is_told_what_its_signs_show(tmp_path: Path) -> None:
    signs = [DeviceSpec(f"w{number}", "sign", f"helper://odd#{number}") for number in (1, 2)]
    seen: set[str] = set()

    def text(number: int) -> str:
        place = tmp_path / f"{number}.txt"
        return place.read_text("utf-8") if place.exists() else ""

    def turned() -> bool:
        seen.add(text(1))
        return {"A001", "to window 2"} <= seen

    with supervised(signs, str(example.__file__), "sign", str(tmp_path)) as (supervisor, hall):
        supervisor.show("w1", SignContent("c1", ("A001", "to window 2"), page_s=0.1))
        supervisor.show("w2", SignContent("c2", ("A002",)))
        hall.wait_for(lambda: set(hall.acks) == {("w1", "c1"), ("w2", "c2")})
        eventually(turned)
        (tmp_path / "2.txt").unlink()
        [program] = [one for one in psutil.Process().children() if str(tmp_path) in one.cmdline()]
        program.kill()
        eventually(lambda: text(2) == "A002")
        hall.wait_for(lambda: [hall.said(name)[-1] for name in ("w1", "w2")] == [("ok", ())] * 2)


class Scripted:
    """A wire to a program that says these lines, whatever it is asked."""

    def __init__(self, *answers: dict[str, object]) -> None:
        self._said = [line({"hello": 1, "kind": "printer"}), *(line(one) for one in answers)]

    def open(self) -> None:
        """It is open."""

    def write(self, data: bytes, timeout_s: float) -> None:
        """It is read."""

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        return self._said.pop(0)

    def wake(self) -> None:
        """Nobody waits."""

    def drain(self) -> bytes:
        return b""

    def close(self) -> None:
        """It is closed."""

    def describe(self) -> str:
        return "scripted"


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        ({"ok": True, "new": [1]}, Health(State.OK)),
        ({"ok": True, "faults": ["paper_low"]}, Health(State.DEGRADED, ("paper_low",))),
        ({"ok": True, "faults": ["paper_end"]}, Health(State.FAILED, ("paper_end",))),
        ({"ok": False, "detail": "a\x1bb"}, Health(State.FAILED, ("nak",), "ab")),
        ({"ok": 1, "faults": "cutter"}, Health(State.FAILED, ("nak",))),
        ({}, Health(State.FAILED, ("nak",))),
    ],
)
def test_a_printer_is_as_well_as_its_program_says_and_no_better(answer: dict[str, object], health: Health) -> None:
    assert HelperPrinter(Talk(Scripted({"id": 1, **answer}), "printer")).status() == health


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ({"verdict": "printed"}, PrintResult(Verdict.PRINTED)),
        ({"verdict": "spooled", "detail": "job 7"}, PrintResult(Verdict.SPOOLED, (), "job 7")),
        ({"verdict": "not_sent", "faults": ["cutter"]}, PrintResult(Verdict.NOT_SENT, ("cutter",))),
        ({"verdict": "done"}, PrintResult(Verdict.UNKNOWN, ("garbled",), "'done' is not a valid Verdict")),
        ({"ok": True}, PrintResult(Verdict.UNKNOWN, ("garbled",), "'None' is not a valid Verdict")),
    ],
)
def test_a_verdict_is_taken_by_its_word_and_no_other_word_is_success(
    answer: dict[str, object], result: PrintResult
) -> None:
    assert HelperPrinter(Talk(Scripted({"id": 1, **answer}), "printer")).print_slip(SLIP) == result
