"""Printer rows over USB: pseudo-terminals stand for the nodes of usblp, links and files for what the system knows."""

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from drivers.escpos.patience import Patience
from drivers.escpos.printer import USB_BAUD, EscposPrinter, over
from drivers.health import Health, State
from drivers.ports import Verdict
from drivers.sim.printer import SimPrinter
from drivers.sim.serial_cable import SimSerialCable
from drivers.usb import Roots, UsbTransport
from tests.conformance.papers import COPY, SLIP, papers
from tests.conformance.printer_cases import case
from tests.conformance.printer_rig import FAST_BAUD, PATIENT, Bench, told
from tests.conformance.relay import when
from tests.conformance.rows import Row

OURS, OTHERS = "1-1.2", "1-1.3"  # sockets, as the kernel names them


@dataclass(slots=True)
class UsbBus:
    """The sockets of a computer: what is plugged in gets the number it is given, and is known by socket and serial."""

    table: Bench
    cables: dict[int, SimSerialCable] = field(default_factory=dict)

    @property
    def roots(self) -> Roots:
        return Roots(self.table.folder / "dev", self.table.folder / "class")

    def plug(self, sim: SimPrinter, number: int, socket: str, serial: str = "") -> None:
        """Plug a printer in; it is there when the call returns."""
        device = self.table.folder / "devices" / socket
        (device / f"{socket}:1.0").mkdir(parents=True, exist_ok=True)
        (device / "serial").write_text(f"{serial}\n")
        entry = self.roots.classes / f"lp{number}"
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(device / f"{socket}:1.0")
        self.roots.devices.mkdir(exist_ok=True)
        self.cables[number] = SimSerialCable(sim.port, self.node(number), FAST_BAUD).start()

    def unplug(self, number: int) -> None:
        """Pull it out; whoever had it open gets an error from now on."""
        shutil.rmtree(self.roots.classes / f"lp{number}")
        self.cables.pop(number).stop()

    def clear(self) -> None:
        """Pull everything out."""
        for number in list(self.cables):
            self.unplug(number)

    def node(self, number: int) -> Path:
        return self.roots.devices / f"lp{number}"

    def driver(self, url: str, patience: Patience = PATIENT) -> EscposPrinter:
        """The product's driver, told where this computer's sockets are."""
        return self.table.stack.enter_context(closing(over(UsbTransport(url, self.roots), {}, USB_BAUD, patience)))


def bus(table: Bench) -> UsbBus:
    made = UsbBus(table)
    table.stack.callback(made.clear)
    return made


def number_moves(address: str, table: Bench) -> str:
    """Everything is plugged out and in: another printer gets our number."""
    ours, others, usb = table.sim(), table.sim(), bus(table)
    usb.plug(ours, 0, OURS, "X2K4")
    printer = usb.driver(address.format(node=usb.node(0)))
    assert printer.status().state is State.OK
    usb.unplug(0)
    usb.plug(others, 0, OTHERS, "Z9Z9")
    usb.plug(ours, 1, OURS, "X2K4")
    result = table.print(printer)
    if told(result.verdict, result.faults) == "NOT_SENT port_missing":  # the first write met the printer that had gone
        result = table.print(printer)
    assert told(result.verdict, result.faults) == "PRINTED", result
    assert (papers([ours], SLIP), papers([others], SLIP)) == (1, 0), "another printer got the slip"
    return f"PRINTED by lp1; {table.check(valid=1, copies=0)}"


def pulled_while_idle(table: Bench) -> str:
    sim, usb = table.sim(), bus(table)
    usb.plug(sim, 0, OURS)
    printer = usb.driver(f"usb://by-path/{OURS}")
    assert printer.status().state is State.OK
    usb.unplug(0)
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "NOT_SENT port_missing", result
    usb.plug(sim, 2, OURS)
    assert table.print(printer).verdict is Verdict.PRINTED
    return f"{told(result.verdict, result.faults)}; {table.check(valid=1, copies=0)} when plugged in again"


def pulled_in_the_ticket(table: Bench) -> str:
    sim, usb = table.sim(mm_s=100.0), bus(table)
    usb.plug(sim, 0, OURS)
    printer = usb.driver(f"usb://by-path/{OURS}")
    when(lambda: any(not piece.complete for piece in sim.slips()), partial(usb.unplug, 0))
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "UNKNOWN port_missing", result
    assert printer.status().faults[0] == "port_missing"
    usb.plug(sim, 1, OURS)
    assert table.next_slip(printer, COPY).verdict is Verdict.PRINTED
    return f"{told(result.verdict, result.faults)}; {table.check(valid=0, copies=1)} when plugged in again"


def paper_out(table: Bench) -> str:
    sim, usb = table.sim(mm_s=200.0), bus(table)
    usb.plug(sim, 0, OURS)
    printer = usb.driver(f"usb://by-path/{OURS}")
    sim.paper_out_after(300)
    result = table.print(printer)
    assert told(result.verdict, result.faults) == "CLEARED paper_end", result
    table.after(result)
    return f"{told(result.verdict, result.faults)}; {table.check(valid=1, copies=0)}"


def two_alike(table: Bench) -> str:
    first, second, usb = table.sim(), table.sim(), bus(table)
    usb.plug(first, 0, OURS, "0123456789")
    usb.plug(second, 1, OTHERS, "0123456789")
    seen = usb.driver("usb://by-serial/0123456789").status()
    assert seen == Health(State.FAILED, ("address_clash",), "usb://by-serial/0123456789 is lp0 and lp1"), seen
    return f"address_clash; {table.check(valid=0, copies=0)}"


def nobody_there(table: Bench) -> str:
    usb = bus(table)
    seen = [usb.driver(url).status().faults for url in (f"usb://by-path/{OURS}", f"usb://{usb.node(0)}")]
    assert seen == [("port_missing",)] * 2, seen
    return "port_missing"


def row(number: str, scenario: str, expected: str, act: Callable[[Bench], str]) -> Row:
    return replace(case(number, scenario, expected, act), device="printer on USB")


MOVES = "lp0 becomes lp1, another printer becomes lp0"
FOUND = "PRINTED by lp1; 1 valid"
USB_ROWS: tuple[Row, ...] = (
    row("45", f"{MOVES} (named by its socket)", FOUND, partial(number_moves, f"usb://by-path/{OURS}")),
    row("45a", f"{MOVES} (named by its serial number)", FOUND, partial(number_moves, "usb://by-serial/X2K4")),
    row("45b", f"{MOVES} (named by its node)", FOUND, partial(number_moves, "usb://{node}")),
    row("45c", "pulled out while idle", "NOT_SENT port_missing; 1 valid", pulled_while_idle),
    row("45d", "pulled out in the ticket", "UNKNOWN port_missing; 1 copy", pulled_in_the_ticket),
    row("45e", "paper out in the ticket", "CLEARED paper_end; 1 valid", paper_out),
    row("45f", "two printers with one serial number", "address_clash", two_alike),
    row("45g", "nobody there", "port_missing", nobody_there),
)
