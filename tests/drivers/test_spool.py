"""Queues: which names they may have, what the program is told, and the steps of the spooler of Windows."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

from drivers.catalog import check
from drivers.escpos import commands
from drivers.escpos.printer import open_heard
from drivers.escpos.profile import Paper
from drivers.escpos.slip import slip_units
from drivers.health import Health, State
from drivers.ports import DeviceSpec, PrintResult, Verdict
from drivers.queues import command
from drivers.spool import open_spooled
from drivers.trace import Tap
from drivers.winspool import hand_over
from tests.conformance.papers import SLIP

SHOWS = '#!/bin/sh\nprintf "%s " "$@" "$LC_ALL"\ncat > {paper}\n'


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("cups://", "names no queue"),
        ("cups://-o", "names no queue"),
        ("cups://%2Dh", "names no queue"),
        ("cups://a%0Ab", "names no queue"),
        ("cups://desk?width=384", "names no queue"),
        ("cups://desk#1", "a printer has no unit address"),
        ("cup://desk", "did you mean 'cups'?"),
    ],
)
def test_a_name_that_no_queue_can_have_is_refused(url: str, said: str) -> None:
    [problem] = check(DeviceSpec("p", "printer", url))
    assert said in problem


def test_a_queue_takes_the_options_of_its_paper_only_and_signs_have_none() -> None:
    def problems(kind: str, **options: str) -> list[str]:
        return check(DeviceSpec("p", kind, "cups://desk", tuple(options.items())))

    assert problems("printer", width="384", mode="native") == []
    assert problems("printer", confirm="no") == ["p: printer option 'confirm' is about answers, and a queue gives none"]
    assert problems("bus") == ["p: cups:// is for printers, and this is a bus"]


def test_lp_gets_the_queue_by_name_and_the_bytes_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paper, lp = tmp_path / "paper", tmp_path / "lp"
    lp.write_text(SHOWS.format(paper=paper))
    lp.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    printer = open_heard(DeviceSpec("p", "printer", "cups://front%20desk", (("width", "384"),)), Tap())
    assert printer.status() == Health(State.UNKNOWN, ("unmonitored",), "")
    units = slip_units(SLIP, Paper(384))
    said = "-d front desk -o raw -t ticket C.UTF-8"
    assert printer.print_slip(SLIP) == PrintResult(Verdict.SPOOLED, (), said, len(units))
    assert paper.read_bytes() == commands.INITIALISE + b"".join(units)
    assert printer.status() == Health(State.UNKNOWN, ("unmonitored",), said)
    printer.close()


def test_what_a_queue_did_not_take_is_a_fault_until_the_next_slip_may_try(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    printer = open_spooled("cups://desk", {})
    assert printer.print_slip(SLIP).verdict is Verdict.NOT_SENT
    health = printer.status()
    assert (health.state, health.faults) == (State.FAILED, ("refused",))
    assert "No such file" in health.evidence


class Spooler:
    """The calls of Windows in their order; ``refuses`` names the one that says no."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses, self.calls, self.paper = refuses, list[str](), b""

    def __getattr__(self, name: str) -> object:
        def call(*args: object) -> int:
            self.calls.append(name)
            if name == "StartDocPrinterW":
                document = args[2].contents  # type: ignore[attr-defined]
                assert (args[1], document.type) == (1, "RAW")
            if name == "WritePrinter":
                self.paper, args[3].contents.value = bytes(args[1]), args[2]  # type: ignore[attr-defined,call-overload]
            return int(name != self.refuses)

        return call


def test_a_queue_of_windows_gets_one_raw_document() -> None:
    spooler = Spooler()
    assert hand_over(spooler, "desk", lambda: b"slip") == ""
    assert spooler.paper == b"slip"
    opened = ["OpenPrinterW", "StartDocPrinterW", "StartPagePrinter", "WritePrinter"]
    assert spooler.calls == [*opened, "EndPagePrinter", "EndDocPrinter", "ClosePrinter"]


@pytest.mark.parametrize(
    ("refuses", "said", "read"),
    [
        ("OpenPrinterW", "OpenPrinter", 0),
        ("StartDocPrinterW", "StartDocPrinter", 0),
        ("WritePrinter", "WritePrinter", 1),
    ],
)
def test_what_windows_refuses_is_named_and_nothing_is_read_before_it_said_yes(
    refuses: str, said: str, read: int
) -> None:
    spooler, asked = Spooler(refuses), list[int]()

    def paper() -> bytes:
        asked.append(1)
        return b"slip"

    assert hand_over(spooler, "desk", paper) == said
    assert len(asked) == read
    assert spooler.calls[-1] == ("ClosePrinter" if refuses != "OpenPrinterW" else "OpenPrinterW")


@pytest.mark.skipif(hasattr(ctypes, "WinDLL"), reason="this is Windows")
def test_the_program_for_windows_says_elsewhere_that_it_is_for_windows() -> None:
    assert command("win32://POS%2080") == [sys.executable, "-m", "drivers.winspool", "POS 80"]
    done = subprocess.run(command("win32://desk"), capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (2, "python -m drivers.winspool QUEUE: on Windows\n")
