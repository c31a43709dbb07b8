"""An ESC/POS printer that never claims more about a slip than it can prove."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from drivers.escpos import commands
from drivers.escpos.job import Job, JobState
from drivers.escpos.link import PrinterLink
from drivers.escpos.native import drawing, without_letters
from drivers.escpos.patience import USUAL, Patience
from drivers.escpos.probe import probe
from drivers.escpos.profile import Paper, Profile
from drivers.escpos.slip import slip_units, without_ink
from drivers.escpos.status import Kind, blocking
from drivers.health import Health, State
from drivers.ports import Clock, DeviceError, DeviceSpec, Printer, PrintResult, Slip, Verdict
from drivers.queues import SPOOLERS
from drivers.spool import open_spooled
from drivers.trace import HeardPrinter, Tap
from drivers.transport import Transport, open_transport

RELEASE_PATIENCE_S = 30.0  # an answer lost for so long never comes: ask on a new connection
SERIAL_BAUD = "9600"  # of a line whose speed nobody named; where it is faster, we only wait longer for a dead printer
USB_BAUD = 8_000_000  # bulk transfers at full speed; like a serial line, it lets a late answer meet the next question
IDLE_ID = b"idle"  # confirms that nothing is left; ids of slips begin with t, of their units with u


class EscposPrinter:
    """One printer behind one transport; for one thread. Implements ``drivers.ports.Printer``.

    After a verdict of UNKNOWN the printer may still hold the slip. It gets no other until it proves that its
    buffer is empty: a fence sent behind everything comes back (the rest was printed, lost or never there).
    """

    def __init__(
        self,
        transport: Transport,
        profile: Profile | None = None,
        baud: int | None = None,
        clock: Clock = time.monotonic,
        draw: Callable[[Slip, Paper], list[bytes]] = slip_units,
        patience: Patience = USUAL,
    ) -> None:
        self._profile, self._draw = profile or Profile(), draw
        self._patience, self._clock = patience, clock
        self._link = PrinterLink(transport, baud, clock)
        # A former run of this program may have died inside a slip, so the first job repairs as well.
        self._clean = False
        self._quarantined = False
        self._asked: tuple[int, float] | None = None  # on which connection it was asked for proof, and when
        self._jobs = 0

    def status(self) -> Health:
        """Ask the printer how it is; an idle link stays open through it."""
        try:
            faults, evidence = self._ask()
            if self._quarantined and not self._released(faults):
                return Health(State.FAILED, (*faults, "ticket_unconfirmed"), evidence)
        except DeviceError as error:
            self._link.close()
            return Health(State.FAILED, (error.code,), error.evidence)
        if not faults:
            return Health(State.OK, (), evidence)
        return Health(State.FAILED if blocking(faults) else State.DEGRADED, faults, evidence)

    def print_slip(self, slip: Slip) -> PrintResult:
        """Print one slip; the verdict is final. After a test slip the evidence also says what the printer can do."""
        result = self._print(slip)
        silent = (result.verdict, result.faults) == (Verdict.NOT_SENT, ("no_answer",))
        if slip.probing and (silent or self._clean):
            # Who could not be prepared may just not know the commands that it was asked to answer.
            with suppress(DeviceError):
                abilities = probe(self._link, self._patience, self._clock).told(self._profile)
                return replace(result, evidence="; ".join(filter(None, (result.evidence, abilities))))
        return result

    def _print(self, slip: Slip) -> PrintResult:
        units = self._draw(slip, self._profile.paper)
        try:
            faults, evidence = self._ask()
            if self._quarantined and not self._released(faults):
                faults = (*faults, "ticket_unconfirmed")
            if not blocking(faults):
                faults = self._prepare(faults)
        except DeviceError as error:
            self._link.close()
            return PrintResult(Verdict.NOT_SENT, (error.code,), error.evidence, len(units))
        if blocking(faults):
            return PrintResult(Verdict.NOT_SENT, faults, evidence, len(units))
        self._clean = False
        self._jobs += 1
        ident = b"t%03d" % (self._jobs % 1000)
        job = Job(self._link, self._profile, units, ident, self._patience, self._clock)
        result = job.run()
        self._clean = job.state is JobState.CLEAN
        self._quarantined = job.state is JobState.HELD
        return result

    def close(self) -> None:
        """Close the link; the next call opens it again."""
        self._link.close()

    def _ask(self) -> tuple[tuple[str, ...], str]:
        """Status over a live link: one that died while idle is made anew, once."""
        made_now = self._link.ready()
        try:
            return self._link.status(self._patience.status_s)
        except DeviceError as error:
            if made_now or error.code != "unreachable":
                raise
        self._link.ready()
        return self._link.status(self._patience.status_s)

    def _released(self, faults: Sequence[str]) -> bool:
        if blocking(tuple(faults)):
            return False
        now = self._clock()
        if self._asked is None or self._asked[0] != self._link.connections:
            self._send_fenced(commands.FILLER)
            self._asked = (self._link.connections, now)
        elif now - self._asked[1] > RELEASE_PATIENCE_S:
            self._link.close()
            self._asked = None
            return False
        if self._processed(now + self._patience.release_s):
            self._link.swallow_strangers(self._link.wire_s(len(commands.FILLER)))
            self._quarantined, self._asked = False, None
        return not self._quarantined

    def _send_fenced(self, data: bytes) -> None:
        self._link.last_confirmed = None
        if self._profile.fence == "gsr":
            self._link.fences_due += 1
            data += commands.FENCE
        elif self._profile.fence == "gsh":
            data += commands.confirmation(IDLE_ID)
        self._link.send(data)

    def _processed(self, deadline: float) -> bool:
        """Everything that was sent has been processed; a printer without fences is believed."""
        while not self._fence_is_back():
            answer = self._link.answer(deadline)
            if answer is None or (answer.kind is Kind.GROUP and blocking(self._link.reported or ())):
                return False
        return True

    def _fence_is_back(self) -> bool:
        if self._profile.fence == "gsr":
            return self._link.fences_due == 0
        return self._profile.fence == "none" or self._link.last_confirmed == IDLE_ID

    def _prepare(self, faults: tuple[str, ...]) -> tuple[str, ...]:
        """Free the parser, reset, ask for reports; nothing printable leaves. Returns the faults known then."""
        repair = b"" if self._clean else commands.FILLER
        stub = b"" if self._clean else commands.CUT
        self._link.reported = None
        self._send_fenced(repair + commands.INITIALISE + commands.ENABLE_ASB + stub)
        wire_s = self._link.wire_s(len(repair))
        heard = self._processed(self._clock() + self._patience.prepare_s + wire_s)
        if heard and not self._clean:
            self._link.swallow_strangers(wire_s)
        if self._profile.fence == "none" and self._profile.reports is not False:
            self._link.answer(self._clock() + self._patience.status_s)
        reported = self._link.reported
        if reported is not None and blocking(reported):
            return reported
        if not heard or (reported is None and self._profile.reports):
            self._link.close()
            raise DeviceError("no_answer", "initialised, no answer since")
        return faults


def open_printer(
    url: str, options: Mapping[str, str], patience: Patience = USUAL, tap: Tap | None = None
) -> EscposPrinter:
    """Build the printer of a device URL; the link is made by its first call. Raises ``ValueError``."""
    parts = urlsplit(url)
    transport = open_transport(url)
    named = int(parse_qs(parts.query).get("baud", [SERIAL_BAUD])[0])
    baud = {"tcp": None, "usb": USB_BAUD}.get(parts.scheme, named)
    return over(transport if tap is None else tap.on(transport), options, baud, patience)


def over(transport: Transport, options: Mapping[str, str], baud: int | None, patience: Patience) -> EscposPrinter:
    """Build the printer at the end of a wire. Raises ``ValueError`` for options that there are not."""
    profile = Profile.parse(options)
    return EscposPrinter(transport, profile, baud, draw=drawing(profile), patience=patience)


def hide(data: bytes) -> bytes:
    """For a printer's port: what is on the slips stays between the hall and its customers."""
    return without_letters(without_ink(data))


def open_heard(spec: DeviceSpec, tap: Tap) -> HeardPrinter:
    """Build the printer of a device whose wire and answers are noted while somebody listens at ``tap``."""
    options = dict(spec.options)
    made: Printer
    if urlsplit(spec.url).scheme in SPOOLERS:
        made = open_spooled(spec.url, options)
    else:
        made = open_printer(spec.url, options, tap=tap)
    return HeardPrinter(made, tap, spec.id)
