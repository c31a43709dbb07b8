"""Printer rows over real serial lines: pseudo-terminals at a line's speed, alone and behind a real port server."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from drivers.escpos import commands
from drivers.escpos.patience import USUAL
from drivers.escpos.profile import Paper
from drivers.escpos.slip import slip_units
from drivers.health import State
from drivers.ports import PrintResult, Slip, Verdict
from drivers.print_queue import PrintWorker
from drivers.sim.printer import SimPrinter
from tests.conformance.bus_rig import Bridge, Ear
from tests.conformance.papers import COPY, until
from tests.conformance.printer_cases import case
from tests.conformance.printer_rig import FAST_BAUD, SILENT_LATER, Bench, told
from tests.conformance.relay import ScriptedPort, when
from tests.conformance.rows import NotHereError, Row
from tests.found import missing

SHORT = Slip("s", "", "K7", closing="end")
NARROW = {"width": "200", "feed_units": "2"}  # little on the wire: 9600 Bd take four seconds for it
SHORT_UNITS = slip_units(SHORT, Paper(200, 2))
HASTY = replace(SILENT_LATER, status_s=USUAL.status_s, fence_s=2)
ACCEPTERS = {"socket": "tcp", "rfc2217": "telnet(rfc2217),tcp"}
GONE = {"serial": "port_missing", "socket": "unreachable", "rfc2217": "unreachable"}


def seen(result: PrintResult, *wanted: str) -> str:
    """The verdict in words, when it is one of those that are true."""
    words = told(result.verdict, result.faults)
    assert words in wanted, f"{words} ({result.evidence}), not {' or '.join(wanted)}"
    return words


def new_ink(sim: SimPrinter) -> Callable[[], bool]:
    """Whether more paper looks out of the printer than now."""
    before = len(sim.slips())
    return lambda: len(sim.slips()) > before


@contextmanager
def reached(wire: str, url: str, link: Path, folder: Path) -> Iterator[str]:
    """The URL of a port, as it is or behind a serial port server."""
    if wire == "serial":
        yield url
        return
    if reason := missing("ser2net"):
        raise NotHereError(reason)
    bridge = Bridge(folder, link, ACCEPTERS[wire])
    bridge.start()
    try:
        yield f"{wire}://127.0.0.1:{bridge.port}?baud={FAST_BAUD}"
    finally:
        bridge.stop()


def day_on_the_wire(wire: str, table: Bench) -> str:
    """Healthy, out of paper in a slip, pulled out in a slip, back again."""
    sim = table.sim(mm_s=200.0)
    cable = table.cable(sim)
    with reached(wire, cable.url, cable.link, table.folder) as url:
        printer = table.driver(url)
        assert printer.status().state is State.OK
        words = [seen(table.print(printer), "PRINTED")]
        sim.paper_out_after(300)
        words.append(seen(table.print(printer), "CLEARED paper_end"))
        assert printer.status().faults == ("paper_end",)
        sim.set_fault("paper_end", False)
        assert printer.status().state is State.OK
        when(new_ink(sim), partial(cable.set_fault, "unplugged", True))
        words.append(seen(table.print(printer), f"UNKNOWN {GONE[wire]}"))
        assert printer.status().state is State.FAILED
        cable.set_fault("unplugged", False)
        assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
        printer.close()
    return f"{', '.join(words)}; {table.check(valid=1, copies=1)}"


def at_9600_baud(table: Bench) -> str:
    """With the product's own patience: the time on the wire is reckoned with, not taken for silence."""
    sim = table.sim(width=200)
    printer = table.driver(table.cable(sim, 9600).url, NARROW, USUAL)
    began = time.monotonic()
    words = seen(printer.print_slip(SHORT), "PRINTED")
    assert time.monotonic() - began >= sum(map(len, SHORT_UNITS)) * 10 / 9600, "faster than the line"
    assert [piece.complete for piece in sim.slips()] == [True]
    return words


def proof_outlasts_a_question(table: Bench) -> str:
    sim = table.sim(width=200)
    printer = table.driver(table.cable(sim, 19_200).url, NARROW, replace(SILENT_LATER, release_s=0.5))
    sim.set_fault("no_clear", True)
    sim.paper_out_after(100)
    words = seen(printer.print_slip(SHORT), "UNKNOWN paper_end")
    sim.set_fault("paper_end", False)
    assert printer.status().faults == ("ticket_unconfirmed",)
    until(lambda: printer.status().state is State.OK)
    return f"{words}, then OK"


def blocked_before(table: Bench) -> str:
    cable = table.cable(table.sim())
    printer = table.driver(cable.url, patience=HASTY)
    until(lambda: printer.status().state is State.OK)
    cable.set_fault("blocked", True)
    words = seen(table.print(printer), "NOT_SENT no_answer", "NOT_SENT port_blocked")
    cable.set_fault("blocked", False)
    until(lambda: table.print(printer).verdict is Verdict.PRINTED)
    return f"{words}; {table.check(valid=1, copies=0)} when it drains again"


def blocked_within(table: Bench) -> str:
    sim = table.sim(mm_s=200.0)
    cable = table.cable(sim)
    printer = table.driver(cable.url, patience=HASTY)
    until(lambda: printer.status().state is State.OK)
    when(new_ink(sim), partial(cable.set_fault, "blocked", True))
    words = seen(table.print(printer), "UNKNOWN no_answer", "UNKNOWN port_blocked")
    cable.set_fault("blocked", False)
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    return f"{words}; {table.check(valid=0, copies=1)} when it drains again"


def in_other_hands(table: Bench) -> str:
    cable = table.cable(table.sim())
    owner, rival = table.driver(cable.url), table.driver(cable.url)
    assert owner.status().state is State.OK
    words = seen(table.print(rival), "NOT_SENT port_busy")
    assert table.print(owner).verdict is Verdict.PRINTED
    return f"{words}; {table.check(valid=1, copies=0)}"


def answer_owed_to_another(table: Bench) -> str:
    """A program died in a slip; the printer answers it when the next one speaks, and never cuts the next slip."""
    heard, answered = bytearray(), [0]

    def script(data: bytes) -> bytes:
        heard.extend(data)
        fences = heard.count(commands.FENCE)
        said = b"\x12" * data.count(b"\x10\x04")
        said += b"\x00" * (fences > 0 and answered[0] == 0)  # to the one who died
        if fences <= len(SHORT_UNITS):  # those of the preparation and of all units but the last
            said += b"\x00" * (fences - answered[0])
        answered[0] = fences
        return said

    port = ScriptedPort(script)
    table.stack.callback(port.stop)
    printer = table.driver(port.url, NARROW | {"confirm": "no", "asb": "no", "clear": "no"}, HASTY)
    result = printer.print_slip(SHORT)
    words = seen(result, "UNKNOWN no_answer")
    assert result.fences == len(SHORT_UNITS) - 1, f"{result.fences} fences of {len(SHORT_UNITS)} counted"
    printer.close()
    return words


class PrinterEar(Ear):
    """Hears a printer's health; nothing is printed."""

    def may_print(self, device: str, slip_id: str) -> bool:
        return False

    def printed(self, device: str, slip_id: str, result: PrintResult) -> None:
        raise AssertionError("a verdict about a slip that nobody printed")


def watched(table: Bench) -> str:
    """The health that a station tells: what the printer says counts at once, its silence when repeated."""
    sim = table.sim()
    cable = table.cable(sim)
    ear = PrinterEar()
    worker = PrintWorker("p", lambda: table.driver(cable.url), ear, recover_s=0.3)
    thread = threading.Thread(target=worker.run)
    thread.start()

    def asked_until(*said: str) -> None:
        while ear.said("p")[-1:] != [said]:
            worker.probe("p")
            time.sleep(0.05)

    try:
        asked_until("ok")
        sim.set_fault("paper_end", True)
        asked_until("failed", "paper_end")
        sim.set_fault("paper_end", False)
        asked_until("ok")
        cable.set_fault("unplugged", True)
        asked_until("failed", "port_missing")
        cable.set_fault("unplugged", False)
        asked_until("degraded", "port_missing")
        asked_until("ok")
    finally:
        worker.stop()
        thread.join()
    words = [" ".join(said) for said in ear.said("p")]
    lost = ["degraded port_missing", "failed port_missing", "degraded port_missing"]
    assert words == ["ok", "failed paper_end", "ok", *lost, "ok"], words
    return ", ".join(words)


def row(number: str, scenario: str, expected: str, act: Callable[[Bench], str]) -> Row:
    return replace(case(number, scenario, expected, act), device="printer on a serial line")


DAY = "paper out, adapter pulled out and back"
SERIAL_ROWS: tuple[Row, ...] = (
    *(
        row(
            number,
            f"{DAY} ({name})",
            f"PRINTED, CLEARED paper_end, UNKNOWN {GONE[wire]}; 1 valid + 1 copy",
            partial(day_on_the_wire, wire),
        )
        for number, wire, name in (
            ("S1", "serial", "serial://"),
            ("S2", "socket", "socket:// through ser2net"),
            ("S3", "rfc2217", "rfc2217:// through ser2net"),
        )
    ),
    row("S4", "9600 Bd", "PRINTED, not faster than the line", at_9600_baud),
    row(
        "S5",
        "the proof of an empty buffer outlasts a question",
        "UNKNOWN paper_end, then OK",
        proof_outlasts_a_question,
    ),
    row("S6", "the line takes nothing", "NOT_SENT; 1 valid when it drains again", blocked_before),
    row("S7", "the line takes nothing any more in the ticket", "UNKNOWN; 1 copy", blocked_within),
    row("S8", "somebody else has the port", "NOT_SENT port_busy; 1 valid", in_other_hands),
    row("S9", "an answer owed to a program that died", "not counted: UNKNOWN no_answer", answer_owed_to_another),
    row("S10", "health, told by a station", "paper_end at once, port_missing after two misses, ok again", watched),
)
