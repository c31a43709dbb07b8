"""A simulated printer, its backup and real drivers, for one row; and what must hold whatever the row is about."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from drivers.escpos import commands
from drivers.escpos.patience import USUAL, Patience
from drivers.escpos.printer import EscposPrinter, open_printer
from drivers.escpos.profile import Paper
from drivers.escpos.slip import slip_units
from drivers.health import State
from drivers.ports import PrintResult, Slip, Verdict
from drivers.sim.printer import SimPrinter
from drivers.sim.serial_cable import SimSerialCable
from tests.conformance.papers import COPY, SLIP, papers, until

UNITS = len(slip_units(SLIP, Paper()))
ALL_PRINTED = PrintResult(Verdict.PRINTED, units=UNITS, fences=UNITS)
FREE_TO_REDIRECT = frozenset((Verdict.NOT_SENT, Verdict.CLEARED))
NEEDS_A_PERSON = frozenset(("cutter", "mechanical", "unrecoverable"))
FAST_BAUD = 921_600  # where the row is about the cable, not about its speed
# A slow machine must not cause a silence that nobody arranged.
PATIENT = Patience(status_s=20, prepare_s=20, release_s=2, fence_s=20, clear_s=20, job_s=60)
# The printer will fall silent after a good beginning: four seconds instead of six for a fence.
SILENT_LATER = replace(PATIENT, fence_s=4, clear_s=USUAL.clear_s)
SILENT_FOR_GOOD = replace(SILENT_LATER, status_s=4)
SILENT_AT_ONCE = USUAL


@dataclass(slots=True)
class Bench:
    """What one row has on its table; all of it is switched off at the end."""

    folder: Path
    stack: ExitStack
    sims: list[SimPrinter] = field(default_factory=list)

    def sim(self, **hardware: float) -> SimPrinter:
        """One more simulated printer; endlessly fast unless said."""
        made = SimPrinter(**({"mm_s": 0.0} | hardware)).start()  # type: ignore[arg-type]
        self.stack.callback(made.stop)
        self.sims.append(made)
        return made

    def driver(
        self, url: str | int, options: dict[str, str] | None = None, patience: Patience = PATIENT
    ) -> EscposPrinter:
        """The product's driver for a URL or a port of this machine."""
        url = f"tcp://127.0.0.1:{url}" if isinstance(url, int) else url
        return self.stack.enter_context(closing(open_printer(url, options or {}, patience)))

    def cable(self, sim: SimPrinter, baud: int = FAST_BAUD) -> SimSerialCable:
        """A serial cable to the printer."""
        made = SimSerialCable(sim.port, self.folder / f"port-{len(self.sims)}", baud).start()
        self.stack.callback(made.stop)
        return made

    def papers(self, slip: Slip) -> int:
        """Papers over all printers that carry exactly this slip."""
        return papers(self.sims, slip)

    def check(self, valid: int, copies: int) -> str:
        """When all has come to rest: so many papers, so many marked copies, and no dangerous command was sent."""
        for sim in self.sims:
            until(lambda sim=sim: sim.idle() or sim.state() != "ready")  # type: ignore[misc]
        until(lambda: self.papers(SLIP) >= valid and self.papers(COPY) >= copies)
        found = (self.papers(SLIP), self.papers(COPY))
        assert found == (valid, copies), f"{found[0]} papers and {found[1]} copies, not {valid} and {copies}"
        seen = {command for sim in self.sims for command in sim.realtime_seen()}
        dangerous = [command.hex(" ") for command in seen if command[1] == 0x05 or command[:3] == b"\x10\x14\x02"]
        assert dangerous == [], f"dangerous commands were sent: {dangerous}"
        return f"{valid} paper{'s' * (valid != 1)}" + (f", {copies} cop{'ies' if copies > 1 else 'y'}" * bool(copies))

    def print(self, printer: EscposPrinter, slip: Slip = SLIP) -> PrintResult:
        """Print; whatever the row is about, *printed* is only said of a paper that exists at that moment."""
        before = self.papers(slip)
        result = printer.print_slip(slip)
        if result.verdict is Verdict.PRINTED:
            assert self.papers(slip) == before + 1, "FALSE SUCCESS: printed was said and no paper is there"
        return result

    def after(self, result: PrintResult) -> None:
        """What the hall does next: a slip surely not on paper goes to another printer, a doubtful one as a copy."""
        if result.verdict in FREE_TO_REDIRECT:
            assert self.print(self.driver(self.sim().port)) == ALL_PRINTED
        elif result.verdict is Verdict.UNKNOWN:
            assert self.print(self.driver(self.sim().port), COPY).verdict is Verdict.PRINTED

    def next_slip(self, printer: EscposPrinter, slip: Slip) -> PrintResult:
        """Print as soon as the printer has proven that it holds nothing."""
        until(lambda: "ticket_unconfirmed" not in printer.status().faults)
        return self.print(printer, slip)


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A fresh table."""
    with ExitStack() as stack:
        yield Bench(folder, stack)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble that the simulated printer can have: what is arranged, the only true verdict, the papers in the end.

    ``valid`` counts papers without, ``copies`` papers with a copy mark, over the printer and its backup.
    """

    number: str
    scenario: str
    verdict: Verdict
    faults: tuple[str, ...] = ()
    valid: int = 1
    copies: int = 0
    begin: tuple[str, ...] = ()
    arrange: Callable[[SimPrinter], object] = lambda sim: None
    aftermath: Callable[[SimPrinter], object] = lambda sim: None
    options: dict[str, str] = field(default_factory=dict)
    hardware: dict[str, float] = field(default_factory=dict)
    idle_before: bool = False
    patience: Patience = PATIENT

    @property
    def expected(self) -> str:
        """The verdict and the papers, in words."""
        copies = f" + {self.copies} copy" if self.copies else ""
        return f"{told(self.verdict, self.faults)}; {self.valid} valid{copies}"

    def run(self, folder: Path) -> str:
        """Let it happen."""
        with bench(folder) as table:
            sim = table.sim(**self.hardware)
            printer = table.driver(sim.port, self.options, self.patience)
            if self.idle_before:
                assert printer.status().state is State.OK
            for fault in self.begin:
                sim.set_fault(fault, True)
            self.arrange(sim)
            result = table.print(printer)
            seen, wanted = told(result.verdict, result.faults), told(self.verdict, self.faults)
            assert seen == wanted, f"{seen} ({result.evidence}), not {wanted}"
            table.after(result)
            self.aftermath(sim)
            counted = table.check(self.valid, self.copies)
            if NEEDS_A_PERSON & set(result.faults):
                assert commands.CLEAR not in sim.realtime_seen(), "cleared over a standing error"
            if result.verdict is Verdict.NOT_SENT and self.begin:
                for fault in self.begin:
                    sim.set_fault(fault, False)
                until(lambda: printer.status().state is State.OK)
            return f"{seen}; {counted}"


def told(verdict: Verdict, faults: tuple[str, ...]) -> str:
    """A verdict as the table prints it."""
    return " ".join((verdict.value.upper(), *faults))
