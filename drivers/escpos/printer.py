"""An ESC/POS printer that never claims more about a slip than it can prove."""

import time
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from drivers.escpos import commands
from drivers.escpos.job import PRINTED_ID, Job, JobState
from drivers.escpos.link import PrinterLink
from drivers.escpos.profile import Profile
from drivers.escpos.slip import slip_units
from drivers.escpos.status import Kind, blocking
from drivers.health import Health, State
from drivers.ports import Clock, DeviceError, PrintResult, Slip, Verdict
from drivers.transport import Transport, open_transport

STATUS_TIMEOUT_S = 0.8  # four questions; a healthy printer needs milliseconds, a serial one 20
RELEASE_TIMEOUT_S = 1.2  # leaves a status call within 2.5 s
PREPARE_TIMEOUT_S = 2.0  # the repair may have to cut a stub off first
RELEASE_PATIENCE_S = 30.0  # an answer lost for so long never comes: ask on a new connection
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
    ) -> None:
        self._profile = profile or Profile()
        self._baud, self._clock = baud, clock
        self._link = PrinterLink(transport, clock)
        # A former run of this program may have died inside a slip, so the first job repairs as well.
        self._clean = False
        self._quarantined = False
        self._asked_at: float | None = None
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
        """Print one slip; the verdict is final."""
        units = slip_units(slip, self._profile.paper)
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
        job = Job(self._link, self._profile, units, ident, self._baud, self._clock)
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
            return self._link.status(STATUS_TIMEOUT_S)
        except DeviceError as error:
            if made_now or error.code != "unreachable":
                raise
        self._link.ready()
        return self._link.status(STATUS_TIMEOUT_S)

    def _released(self, faults: Sequence[str]) -> bool:
        if blocking(tuple(faults)):
            return False
        now = self._clock()
        if self._asked_at is None or self._link.fences_due == 0:
            self._link.send(commands.FILLER + self._fence(), self._wire_s(len(commands.FILLER)))
            self._asked_at = now
        elif now - self._asked_at > RELEASE_PATIENCE_S:
            self._link.close()
            self._asked_at = None
            return False
        if self._heard_fence(now + RELEASE_TIMEOUT_S):
            self._quarantined, self._asked_at = False, None
        return not self._quarantined

    def _fence(self) -> bytes:
        if self._profile.fence == "gsr":
            self._link.fences_due += 1
            return commands.FENCE
        return commands.confirmation(IDLE_ID) if self._profile.fence == "gsh" else b""

    def _heard_fence(self, deadline: float) -> bool:
        """Everything that was sent has been processed; a printer without fences is believed."""
        if self._profile.fence == "none":
            return True
        while (answer := self._link.answer(deadline)) is not None:
            if answer.kind is Kind.QUEUED and self._link.fences_due == 0:
                return True
            if answer.kind is Kind.BLOCK and answer.data == PRINTED_ID + IDLE_ID:
                return True
            if answer.kind is Kind.GROUP and blocking(self._link.reported or ()):
                return False
        return False

    def _prepare(self, faults: tuple[str, ...]) -> tuple[str, ...]:
        """Free the parser, reset, ask for reports; nothing printable leaves. Returns the faults known then."""
        repair = b"" if self._clean else commands.FILLER
        stub = b"" if self._clean else commands.CUT
        wire_s = self._wire_s(len(repair))
        self._link.reported = None
        self._link.send(repair + commands.INITIALISE + commands.ENABLE_ASB + stub + self._fence(), wire_s)
        deadline = self._clock() + PREPARE_TIMEOUT_S + wire_s
        heard = self._heard_fence(deadline)
        if self._profile.fence == "none" and self._profile.reports is not False:
            self._link.answer(self._clock() + STATUS_TIMEOUT_S)
        reported = self._link.reported
        if reported is not None and blocking(reported):
            return reported
        if not heard or (reported is None and self._profile.reports):
            self._link.close()
            raise DeviceError("no_answer", "initialised, no answer since")
        return faults

    def _wire_s(self, count: int) -> float:
        return count * 10 / self._baud if self._baud else 0.0


def open_printer(url: str, options: Mapping[str, str]) -> EscposPrinter:
    """Build the printer of a device URL; the link is made by its first call. Raises ``ValueError``."""
    parts = urlsplit(url)
    baud = int(parse_qs(parts.query).get("baud", ["9600"])[0]) if parts.scheme in ("serial", "rfc2217") else None
    return EscposPrinter(open_transport(url), Profile.parse(options), baud)
