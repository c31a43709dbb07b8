"""One slip on its way: unit, fence, unit, fence, confirmation, and the verdict that the evidence allows."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import StrEnum

from drivers.escpos import commands
from drivers.escpos.link import PrinterLink
from drivers.escpos.patience import Patience
from drivers.escpos.profile import Profile
from drivers.escpos.status import (
    NEEDS_A_PERSON_AT_THE_BLADE,
    Answer,
    Kind,
    blocking,
    paper_faults,
    worst_first,
)
from drivers.ports import Clock, DeviceError, PrintResult, Verdict

CLEAR_TRIES = 2  # a printer may overlook the command while it is busy: one repeat
PACE_S = 0.05  # between units of a printer that confirms nothing: twice what a slow head needs
SAFE_MARGIN_UNITS = 3  # with two fences missing a slip may be readable: the last of them may be on paper already

PRINTED_ID = b"\x37\x22"  # GS ( H: all before it is on paper
UNPRINTED_ID = b"\x37\x33"  # some firmware: it is not, the paper ended
CLEARED = b"\x37\x25"  # DLE DC4 8: both buffers are empty


class JobState(StrEnum):
    """What the printer holds after a job."""

    CLEAN = "clean"  # nothing
    STUB = "stub"  # no data, but perhaps half a slip on the paper or half a command in the parser
    HELD = "held"  # perhaps the rest of the slip


class _StoppedError(Exception):
    """The printer stopped: its faults, empty when it just fell silent."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__(" ".join(faults) or "silence")
        self.faults = faults


class Job:
    """Used once: ``run()`` prints the units and judges. ``state`` says what the printer holds afterwards."""

    def __init__(
        self,
        link: PrinterLink,
        profile: Profile,
        units: Sequence[bytes],
        ident: bytes,
        patience: Patience,
        clock: Clock,
    ) -> None:
        self.state = JobState.HELD
        self._link, self._profile, self._units, self._ident = link, profile, units, ident
        self._patience, self._clock = patience, clock
        self._deadline = clock() + patience.job_s + link.wire_s(sum(map(len, units)))
        self._sent = 0
        self._fences_before = link.fences_heard
        link.last_confirmed = None
        self._paper_low = False

    def run(self) -> PrintResult:
        """Send, wait, judge."""
        try:
            for unit in self._units:
                self._send(unit)
            if self._profile.confirms:
                self._link.send(commands.confirmation(self._ident))
                self._await(lambda answer: answer.data == PRINTED_ID + self._ident, self._patience.fence_s)
        except _StoppedError as stop:
            return self._judge_stop(stop.faults)
        except DeviceError as error:
            return self._judge_loss(error)
        self.state = JobState.CLEAN
        return self._result(Verdict.SPOOLED if self._profile.fence == "none" else Verdict.PRINTED, ())

    def _send(self, unit: bytes) -> None:
        wire_s = self._link.wire_s(len(unit))
        fence = {
            "gsr": commands.FENCE,
            "gsh": commands.confirmation(b"u%03d" % self._sent),
            "none": b"",
        }[self._profile.fence]
        self._sent += 1
        self._link.fences_due += self._profile.fence == "gsr"
        self._link.send(unit + fence)  # in one call, so that they travel together
        if self._profile.fence == "none":
            self._pause(PACE_S + wire_s)
        else:
            self._await(self._is_fence, self._patience.fence_s + wire_s)

    def _pause(self, pause_s: float) -> None:
        until = self._clock() + pause_s
        while (answer := self._link.answer(until)) is not None:
            self._notice(answer)

    def _await(self, wanted: Callable[[Answer], bool], timeout_s: float) -> None:
        deadline = min(self._clock() + timeout_s, self._deadline)
        while (answer := self._link.answer(deadline)) is not None:
            self._notice(answer)
            if wanted(answer):
                return
        raise _StoppedError(())

    def _is_fence(self, answer: Answer) -> bool:
        return self._returned() == self._sent and answer.kind in (Kind.QUEUED, Kind.BLOCK)

    def _notice(self, answer: Answer) -> None:
        faults: tuple[str, ...] = ()
        if answer.kind is Kind.GROUP:
            faults = self._link.reported or ()
        elif answer.kind is Kind.QUEUED:
            faults = paper_faults(answer.data)
        elif answer.kind is Kind.BLOCK and answer.data.startswith(UNPRINTED_ID):
            faults = ("paper_end",)
        self._paper_low = self._paper_low or "paper_low" in faults
        if blocking(faults):
            raise _StoppedError(faults)

    def _returned(self) -> int:
        """How many units the printer has processed for certain."""
        if self._profile.fence == "gsr":
            return self._link.fences_heard - self._fences_before
        if self._profile.fence == "gsh":
            last = self._link.last_confirmed or b""
            return int(last[1:]) + 1 if last.startswith(b"u") else len(self._units) if last else 0
        return 0

    def _judge_stop(self, faults: tuple[str, ...]) -> PrintResult:
        """Look closely, clear what can be cleared safely, say what is then known."""
        safe = len(self._units) - SAFE_MARGIN_UNITS
        try:
            faults = worst_first((*faults, *self._link.status(self._patience.status_s)[0]))
            may_clear = self._profile.clears and not NEEDS_A_PERSON_AT_THE_BLADE & set(faults)
            cleared = may_clear and self._returned() <= safe and self._clear()
        except DeviceError as error:
            return self._result(Verdict.UNKNOWN, faults or (error.code,), error.evidence)
        # Counted again: a fence may have come back while the printer was being asked to clear.
        if cleared and self._returned() <= safe:
            self.state = JobState.STUB
            return self._result(Verdict.CLEARED, faults)
        if not blocking(faults) and self._returned() == len(self._units):
            self.state = JobState.CLEAN
            return self._result(Verdict.PROBABLY_PRINTED, faults, "no confirmation")
        return self._result(Verdict.UNKNOWN, faults or ("no_answer",))

    def _judge_loss(self, error: DeviceError) -> PrintResult:
        """The link is gone or jammed; what the printer said before may explain it."""
        with suppress(DeviceError):
            while self._link.answer(self._clock()) is not None:
                continue  # the link keeps the last status group
        faults = blocking(self._link.reported or ()) or (error.code,)
        evidence = self._returned()
        self._link.close()
        return self._result(Verdict.UNKNOWN, faults, f"{error.evidence}, {evidence} fences")

    def _clear(self) -> bool:
        for _ in range(CLEAR_TRIES):
            self._link.send(commands.CLEAR)
            deadline = self._clock() + self._patience.clear_s
            while (answer := self._link.answer(deadline)) is not None:
                if answer.kind is Kind.BLOCK and answer.data == CLEARED:
                    self._link.fences_due = 0  # the questions were cleared with the rest
                    return True
        return False

    def _result(self, verdict: Verdict, faults: tuple[str, ...], evidence: str = "") -> PrintResult:
        warned = self._paper_low and "paper_end" not in faults
        seen = worst_first((*faults, "paper_low") if warned else faults)
        return PrintResult(verdict, seen, evidence, len(self._units), self._returned())
