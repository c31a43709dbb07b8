"""Printer rows behind a spooler: a program called ``lp`` that takes slips, refuses them, hangs or dies."""

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from drivers.escpos.profile import Paper
from drivers.escpos.slip import slip_units
from drivers.health import State
from drivers.ports import Slip, Verdict
from drivers.queues import command
from drivers.spool import SpoolPrinter
from tests.conformance.papers import COPY, SLIP
from tests.conformance.printer_cases import case
from tests.conformance.printer_rig import Bench, told
from tests.conformance.rows import Row

# What CUPS does with a job: carry it to the printer, and hear nothing of what came of it.
TAKES = """#!{python} -IS
import socket, sys
with socket.create_connection(("127.0.0.1", {port})) as printer:
    printer.sendall(sys.stdin.buffer.read())
    printer.shutdown(socket.SHUT_WR)
    while printer.recv(4096):
        continue
print("request id is", sys.argv[2] + "-7 (0 file(s))")
"""
REFUSES = "#!/bin/sh\necho 'lp: The printer or class does not exist.' >&2\nexit 1\n"
HANGS = "#!/bin/sh\nexec sleep 600\n"
HANGS_LATER = "#!/bin/sh\nhead -c 100 >/dev/null\nexec sleep 600\n"
DIES = "#!/bin/sh\nhead -c 100 >/dev/null\nkill -9 $$\n"
PATIENT_S, HASTY_S = 60.0, 3.0


def drawn(slip: Slip) -> list[bytes]:
    return slip_units(slip, Paper())


def behind(table: Bench, program: str | None, within_s: float = PATIENT_S) -> SpoolPrinter:
    """The driver of ``cups://desk``, whose ``lp`` is this program."""
    lp = table.folder / "lp"
    if program is not None:
        lp.write_text(program)
        lp.chmod(0o755)
    return SpoolPrinter([str(lp), *command("cups://desk")[1:]], drawn, within_s)


def taken(table: Bench) -> str:
    sim = table.sim()
    printer = behind(table, TAKES.format(python=sys.executable, port=sim.port))
    assert printer.status().faults == ("unmonitored",)
    result = printer.print_slip(SLIP)
    assert (result.verdict, result.evidence) == (Verdict.SPOOLED, "request id is desk-7 (0 file(s))"), result
    health = printer.status()
    assert (health.state, health.faults) == (State.UNKNOWN, ("unmonitored",)), "a queue was called healthy"
    return f"{told(result.verdict, result.faults)}, unmonitored; {table.check(valid=1, copies=0)}"


def taken_without_paper(table: Bench) -> str:
    """The queue says yes, and no paper comes: whoever stands there is asked, and a copy comes from the backup."""
    sim = table.sim()
    sim.set_fault("paper_end", True)
    result = behind(table, TAKES.format(python=sys.executable, port=sim.port), HASTY_S).print_slip(SLIP)
    assert result.verdict in (Verdict.SPOOLED, Verdict.UNKNOWN), result
    assert table.print(table.driver(table.sim().port), COPY).verdict is Verdict.PRINTED
    return f"not PRINTED; {table.check(valid=0, copies=1)}"


def not_taken(program: str | None, within_s: float, table: Bench) -> str:
    printer = behind(table, program, within_s)
    result = printer.print_slip(SLIP)
    assert told(result.verdict, result.faults) == "NOT_SENT refused", result
    assert printer.status().faults == ("refused",)
    table.after(result)
    return f"{told(result.verdict, result.faults)}; {table.check(valid=1, copies=0)}"


def doubtful(program: str, within_s: float, table: Bench) -> str:
    result = behind(table, program, within_s).print_slip(SLIP)
    assert told(result.verdict, result.faults) == "UNKNOWN refused", result
    table.after(result)
    return f"{told(result.verdict, result.faults)}; {table.check(valid=0, copies=1)}"


def row(number: str, scenario: str, expected: str, act: Callable[[Bench], str]) -> Row:
    return replace(case(number, scenario, expected, act), device="printer behind CUPS")


NOT, DOUBT = "NOT_SENT refused; 1 valid", "UNKNOWN refused; 1 copy"
SPOOL_ROWS: tuple[Row, ...] = (
    row("Q1", "the queue takes it", "SPOOLED, unmonitored; 1 valid", taken),
    row("Q2", "the queue takes it, the printer has no paper", "not PRINTED; 1 copy", taken_without_paper),
    row("Q3", "there is no such queue", NOT, partial(not_taken, REFUSES, PATIENT_S)),
    row("Q4", "there is no lp", NOT, partial(not_taken, None, PATIENT_S)),
    row("Q5", "lp hangs before it reads", NOT, partial(not_taken, HANGS, 0.3)),
    row("Q6", "lp hangs after it has read", DOUBT, partial(doubtful, HANGS_LATER, HASTY_S)),
    row("Q7", "lp is killed after it has read", DOUBT, partial(doubtful, DIES, PATIENT_S)),
)
