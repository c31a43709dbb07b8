"""Sees to it that an owed slip is started at most once here and that its outcome is never lost.

The order is: *claiming* on disk, claim granted by the hall, *sending* on disk, bytes, outcome on disk, report.
Stopped before *sending*, nothing is on paper; stopped after it, the outcome is unconfirmed. What a kiosk gave out
while nobody answers needs no claim until the hall is told of it: nobody else can have heard of it.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, get_args

from drivers.ports import PrintResult, Slip, Verdict
from hall_server.contract import Report, SlipOrder, SlipReport
from hall_server.contract.messages import EVIDENCE_CHARS
from hall_server.station.client import HallClient, Refused, Unreachable
from hall_server.station.log import CLAIMING, REFUSED, SENDING, Outcome, SlipLog

# Six verdicts of the driver, three facts of the hall: only paper that surely does not exist may be printed again.
OUTCOMES: Final[dict[Verdict, Outcome]] = {
    Verdict.PRINTED: "printed",
    Verdict.NOT_SENT: "failed",
    Verdict.CLEARED: "failed",
    Verdict.PROBABLY_PRINTED: "unconfirmed",
    Verdict.UNKNOWN: "unconfirmed",
    Verdict.SPOOLED: "unconfirmed",
}
MAY_START = (None, CLAIMING)
DONE = get_args(Outcome)
CONFLICT = 409  # a rule said no, and says so again for the same key


@dataclass(frozen=True, slots=True)
class Job:
    """A slip for the supervisor."""

    printer: str
    slip: Slip


@dataclass(slots=True)
class Prints:
    """The slips of one station; called by its own threads and by the devices' workers."""

    station: str
    client: HallClient
    log: SlipLog
    to_slip: Callable[[SlipOrder], Slip]
    tell: Callable[[], None]
    decided: Callable[[SlipReport], None] | None = None
    _orders: dict[str, SlipOrder] = field(default_factory=dict)
    _active: set[str] = field(default_factory=set)
    _told: set[tuple[str, int]] = field(default_factory=set)
    _alone: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def due(self, owed: tuple[SlipOrder, ...], fresh: bool) -> list[Job]:
        """The slips to hand to the printers now. ``fresh`` means that ``owed`` has just come from the hall."""
        with self._lock:
            jobs = [self._start(order) for order in owed if self._may_start(order, fresh)]
            if fresh:
                self._give_up_lost_claims({job_id(order) for order in owed})
        return jobs

    def may_print(self, device: str, slip_id: str) -> bool:
        """The last question before the first byte; True only when claim and log both say so."""
        with self._lock:
            order = self._orders.get(slip_id)
        if order is None or order.printer != device:
            return False
        if self.log.stage(order.slip, order.attempt) not in MAY_START:
            return False
        if self._begins_alone(order):
            return True
        self.log.step(order.slip, order.attempt, device, CLAIMING)
        granted = self._claim(order)
        if granted is False:
            self.log.step(order.slip, order.attempt, device, REFUSED)
        if not granted:
            with self._lock:
                self._active.discard(slip_id)
            return False
        self.log.step(order.slip, order.attempt, device, SENDING)
        return True

    def printed(self, device: str, slip_id: str, result: PrintResult) -> None:
        """The verdict of the driver; a job that was dropped by ``may_print`` has none."""
        with self._lock:
            order = self._orders.get(slip_id)
            was_active = slip_id in self._active
            self._active.discard(slip_id)
        if order is None or not was_active:
            return
        report = SlipReport(
            slip=order.slip,
            printer=device,
            attempt=order.attempt,
            outcome=OUTCOMES[result.verdict],
            verdict=result.verdict.value,
            faults=result.faults,
            evidence=result.evidence[:EVIDENCE_CHARS],
        )
        self.log.outcome(report)
        if self.decided is not None:
            self.decided(report)
        self.tell()

    def alone(self, order: SlipOrder) -> Job | None:
        """The job of a slip that the hall has not heard of; None when it was begun before."""
        with self._lock:
            if job_id(order) in self._active or self.log.stage(order.slip, order.attempt) not in MAY_START:
                return None
            self._alone.add(job_id(order))
            return self._start(order)

    def settle(self, slip: str) -> tuple[str | None, str]:
        """What became of such a slip, and its first fault; from now on it is begun only with the hall's leave."""
        with self._lock:
            self._alone.discard(f"{slip}.1")
            return self.log.paper(slip)

    def _begins_alone(self, order: SlipOrder) -> bool:
        with self._lock:
            if job_id(order) not in self._alone:
                return False
            self.log.step(order.slip, order.attempt, order.printer, SENDING)
        return True

    def _may_start(self, order: SlipOrder, fresh: bool) -> bool:
        if job_id(order) in self._active:
            return False
        stage = self.log.stage(order.slip, order.attempt)
        if stage in DONE and fresh and (order.slip, order.attempt) not in self._told:
            # The hall may have lost the report (a restored database): say it again, once per run.
            self._told.add((order.slip, order.attempt))
            self.log.tell_again(order.slip, order.attempt)
            self.tell()
        return stage in MAY_START

    def _start(self, order: SlipOrder) -> Job:
        self._orders[job_id(order)] = order
        self._active.add(job_id(order))
        return Job(order.printer, self.to_slip(order))

    def _claim(self, order: SlipOrder) -> bool | None:
        """True granted, False refused, None no answer. The key is the claim itself: asking twice is one claim."""
        claim = SlipReport(slip=order.slip, printer=order.printer, attempt=order.attempt, outcome="claim")
        try:
            answer = self.client.report(self.station, Report(slips=(claim,)), f"claim-{job_id(order)}")
        except Refused as refusal:
            return False if refusal.status == CONFLICT else None
        except Unreachable:
            return None
        return order.slip in answer.granted

    def _give_up_lost_claims(self, owed: set[str]) -> None:
        """A claim whose answer was lost and that is owed no more may hold the slip: let it go, nothing was sent."""
        for claim in self.log.claims():
            slip_id = f"{claim.slip}.{claim.attempt}"
            if slip_id in owed or slip_id in self._active:
                continue
            self.log.outcome(
                claim.model_copy(
                    update={
                        "outcome": "failed",
                        "verdict": Verdict.NOT_SENT.value,
                        "evidence": "the answer to the claim was lost; nothing was sent",
                    }
                )
            )
            self.tell()


def job_id(order: SlipOrder) -> str:
    """The identity of one try to print: slip and attempt."""
    return f"{order.slip}.{order.attempt}"
