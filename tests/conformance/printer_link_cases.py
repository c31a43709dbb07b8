"""The printer rows about the way to the printer: knocks without an answer, dead peers, serial lines."""

import socket
from functools import partial

from drivers.escpos.patience import USUAL
from drivers.health import Health, State
from drivers.ports import Verdict
from tests.conformance.papers import COPY, until
from tests.conformance.printer_cases import case
from tests.conformance.printer_rig import Bench, told
from tests.conformance.relay import ScriptedPort, relay, when
from tests.conformance.rows import Row


def knock_unanswered(table: Bench) -> str:
    full = table.stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
    for _ in range(3):  # a full backlog drops further knocks, as a printer without power does
        knock = table.stack.enter_context(socket.socket())
        knock.setblocking(False)
        knock.connect_ex(full.getsockname())
    printer = table.driver(full.getsockname()[1])
    assert printer.status() == Health(State.FAILED, ("unreachable",), "timed out")
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "NOT_SENT unreachable", result
    return told(result.verdict, result.faults)


def power_cut_in_the_ticket(table: Bench) -> str:
    sim = table.sim()
    wire = relay(sim.port)
    table.stack.callback(wire.stop)
    printer = table.driver(wire.port)
    wire.cut_at = 6000
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "UNKNOWN unreachable", result
    assert "Errno 110" in result.evidence, f"found by {result.evidence}, not by the system's time-out"
    sim.set_fault("power_cycle", True)
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    return f"{told(result.verdict, result.faults)}: timed out unacknowledged; {table.check(valid=0, copies=1)}"


def power_cut_while_idle(table: Bench) -> str:
    sim = table.sim()
    wire = relay(sim.port)
    table.stack.callback(wire.stop)
    printer = table.driver(wire.port, patience=USUAL)
    until(lambda: printer.status().state is State.OK)
    wire.cut_power()
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "NOT_SENT no_answer", result
    patient = table.driver(wire.port)
    printer.close()
    again = table.print(patient)
    assert again.verdict is Verdict.PRINTED, again
    return f"{told(result.verdict, result.faults)}; {table.check(valid=1, copies=0)}"


def late_on_a_serial_line(table: Bench) -> str:
    """Four questions go unanswered; with the fifth all the old answers come at once, and the paper has ended."""
    unanswered: list[bytes] = []
    paper_end = {1: b"\x1a", 2: b"\x32", 3: b"\x12", 4: b"\x7e"}

    def script(heard: bytes) -> bytes:
        said = b""
        for question in heard.split(b"\x10\x04")[1:]:
            if len(unanswered) < 4:
                unanswered.append(question)
                continue
            said += b"\x12" * 4 if unanswered[4:] == [] else b""
            unanswered.append(question)
            said += paper_end[question[0]]
        return said

    port = ScriptedPort(script)
    table.stack.callback(port.stop)
    printer = table.driver(port.url, patience=USUAL)
    seen = [printer.status() for _ in range(6)]
    assert {health.state for health in seen} == {State.FAILED}, f"old answers met new questions: {seen}"
    assert seen[-1].faults == ("paper_end",), seen[-1]
    printer.close()
    return "no_answer, then paper_end; never OK"


def unplugged_while_idle(table: Bench) -> str:
    cable = table.cable(table.sim())
    printer = table.driver(cable.url)
    assert printer.status().state is State.OK
    cable.set_fault("unplugged", True)
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "NOT_SENT port_missing", result
    cable.set_fault("unplugged", False)
    assert table.print(printer).verdict is Verdict.PRINTED
    return f"{told(result.verdict, result.faults)}; {table.check(valid=1, copies=0)} when plugged in again"


def unplugged_in_the_ticket(table: Bench) -> str:
    sim = table.sim(mm_s=100.0)
    cable = table.cable(sim)
    printer = table.driver(cable.url)
    when(lambda: any(not piece.complete for piece in sim.slips()), partial(cable.set_fault, "unplugged", True))
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "UNKNOWN port_missing", result
    assert printer.status().faults[0] == "port_missing"
    cable.set_fault("unplugged", False)
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    return f"{told(result.verdict, result.faults)}; {table.check(valid=0, copies=1)} when plugged in again"


def off_behind_a_serial_line(table: Bench) -> str:
    sim = table.sim()
    cable = table.cable(sim)
    sim.set_fault("unplugged", True)
    printer = table.driver(cable.url, patience=USUAL)
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "NOT_SENT no_answer", result
    table.after(result)
    return f"{told(result.verdict, result.faults)}; {table.check(valid=1, copies=0)}"


LINK_CASES: tuple[Row, ...] = (
    case("23", "knock unanswered", "NOT_SENT unreachable, after 2 s", knock_unanswered),
    case("26", "half-open after a power cut in the ticket", "UNKNOWN unreachable; 1 copy", power_cut_in_the_ticket),
    case("26a", "half-open after a power cut while idle", "NOT_SENT no_answer; 1 valid", power_cut_while_idle),
    case("30b", "late answers on a serial line", "never OK without paper", late_on_a_serial_line),
    case("44", "serial adapter unplugged", "NOT_SENT port_missing; 1 valid", unplugged_while_idle),
    case("44a", "serial adapter unplugged in the ticket", "UNKNOWN port_missing; 1 copy", unplugged_in_the_ticket),
    case("44b", "printer off behind its serial line", "NOT_SENT no_answer; 1 valid", off_behind_a_serial_line),
)
