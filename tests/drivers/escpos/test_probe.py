"""A test slip says what a printer can do and which options would fit; what it calls itself is only a label."""

from dataclasses import replace
from pathlib import Path

import pytest

from drivers.escpos.patience import USUAL
from drivers.ports import Verdict
from tests.conformance.papers import SLIP, until
from tests.conformance.printer_rig import bench

TEST = replace(SLIP, probing=True)
# Long enough for a machine that stands still for a moment, short enough for what never answers.
PATIENCE = replace(USUAL, status_s=1.5, prepare_s=1.5, fence_s=1.5)
NAME = "calls itself TM-T88V TM-T88V TM-T88V"

CASES = [
    ((), {}, Verdict.PRINTED, f"asb yes, gsr yes, gsh yes; {NAME}"),
    (
        ("no_gsh",),
        {},
        Verdict.PROBABLY_PRINTED,
        f'no confirmation; asb yes, gsr yes, gsh no; {NAME}; set options = {{ confirm = "no" }}',
    ),
    (
        ("no_gsr",),
        {},
        Verdict.NOT_SENT,
        f'initialised, no answer since; asb yes, gsr no, gsh yes; {NAME}; set options = {{ fence = "gsh" }}',
    ),
    (
        ("no_gsr", "no_gsh", "no_asb"),
        {"asb": "yes"},
        Verdict.NOT_SENT,
        f"initialised, no answer since; asb no, gsr no, gsh no; {NAME}; "
        'set options = { fence = "none", confirm = "no", asb = "no" }',
    ),
    (
        ("no_gsr",),
        {"fence": "none", "confirm": "no"},
        Verdict.SPOOLED,
        f'asb yes, gsr no, gsh yes; {NAME}; set options = {{ confirm = "yes" }}',
    ),
]


@pytest.mark.parametrize(("faults", "options", "verdict", "evidence"), CASES)
def test_a_test_slip_says_what_the_printer_can_do(
    faults: tuple[str, ...], options: dict[str, str], verdict: Verdict, evidence: str, tmp_path: Path
) -> None:
    with bench(tmp_path) as table:
        sim = table.sim()
        for fault in faults:
            sim.set_fault(fault, True)
        printer = table.driver(sim.port, options, PATIENCE)
        result = printer.print_slip(TEST)
        assert result.verdict is verdict
        assert result.evidence == evidence
        assert {command[1] for command in sim.realtime_seen()} == {0x04}, "more was sent than questions"
        until(lambda: printer.status().state == "ok")
        papers = 0 if verdict is Verdict.NOT_SENT else 1
        table.check(valid=papers, copies=0)


def test_a_printer_that_cannot_print_or_is_not_there_is_asked_nothing_more(tmp_path: Path) -> None:
    with bench(tmp_path) as table:
        sim = table.sim()
        printer = table.driver(sim.port, patience=PATIENCE)
        sim.set_fault("cover_open", True)
        assert printer.print_slip(TEST).evidence == "1a 16 12 12"
        sim.set_fault("cover_open", False)
        sim.set_fault("unplugged", True)
        assert printer.print_slip(TEST).faults == ("refused",)
        sim.set_fault("unplugged", False)
        assert printer.print_slip(SLIP).evidence == ""
