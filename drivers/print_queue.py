"""The one owner of a printer: slips one after another, and between them the question how the printer is."""

import random
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from drivers.health import Health, State
from drivers.ports import Clock, Printer, PrintResult, Slip, Verdict

POLL_S = 5.0  # with 2.5 s for one status and one repetition a fault is named within 10 s
STATED_POLL_S = 2.0  # somebody stands at the printer with a new roll and looks at the screen
MISSED_POLL_S = 1.0  # after a first silence; doubles up to POLL_S
MISSES_TO_FAIL = 2  # one lost packet is no fault
JITTER = 0.2  # fixed periods march in step with slow devices
RECOVER_S = 30.0  # a loose cable holds for seconds, a mended one for half a minute
LINK_FAULTS = frozenset(
    "no_answer unreachable refused in_use garbled port_missing port_busy port_permission port_blocked".split()
)
QUARANTINE = "ticket_unconfirmed"
STEP_S = 10.0  # for one status: 2.5 s and a bridge's opening
JOB_S = 120.0  # for one slip: 15 s, the hall's word before it, and a picture's two minutes at 2400 Bd
STOPPED = PrintResult(Verdict.NOT_SENT, (), "the worker has been stopped")


@dataclass(frozen=True, slots=True)
class Seen:
    """What status readings have proven so far: the health to announce, silences in a row, good since when."""

    health: Health = Health(State.UNKNOWN)
    misses: int = 0
    good_since: float | None = None
    watched: Health | None = None


def seen(before: Seen, reading: Health, now: float, recover_s: float) -> Seen:
    """Fold one reading in. What a printer says of itself counts at once, its silence only when repeated."""
    if reading.state is State.FAILED and LINK_FAULTS.intersection(reading.faults[:1]):
        return _silent(before, reading)
    since = before.good_since if before.good_since is not None else now
    if before.watched is None or now - since >= recover_s:
        return Seen(reading, 0, since)
    # It answers again after a silence: usable, but watched, so that a loose plug is announced only once.
    told = before.watched if reading.state is State.OK else reading
    return Seen(told, 0, since, before.watched)


def _silent(before: Seen, reading: Health) -> Seen:
    misses = before.misses + 1
    watched = replace(reading, state=State.DEGRADED)
    if misses >= MISSES_TO_FAIL:
        told = reading
    elif before.health.state in (State.OK, State.DEGRADED):
        told = watched
    else:
        told = before.health
    return Seen(told, misses, None, watched)


def poll_wait_s(state: Seen, chance: float) -> float:
    """Seconds until the printer is asked again; ``chance`` is between 0 and 1."""
    if state.misses:
        wait_s = min(MISSED_POLL_S * 2.0 ** min(state.misses - 1, 8), POLL_S)
        return wait_s * (1 + JITTER * (2 * chance - 1))
    return STATED_POLL_S if state.health.state is State.FAILED else POLL_S


class PrintTold(Protocol):
    """Whom the queue tells and asks; see ``drivers.ports.Listener``."""

    def health(self, device: str, health: Health) -> None: ...

    def may_print(self, device: str, slip_id: str) -> bool: ...

    def printed(self, device: str, slip_id: str, result: PrintResult) -> None: ...


class PrintWorker:
    """Prints in order, and asks between the slips.

    The printer itself holds back after a verdict of *unknown*; a crash in a slip is the worker's own *unknown*.
    ``release`` ends both: ``make`` builds a driver that knows nothing of the past and repairs before it prints.
    """

    def __init__(
        self,
        device: str,
        make: Callable[[], Printer],
        told: PrintTold,
        *,
        clock: Clock = time.monotonic,
        recover_s: float = RECOVER_S,
        seen: Seen = Seen(),
        step_s: float = STEP_S,
        job_s: float = JOB_S,
    ) -> None:
        self.due_at: float | None = None
        self._step_s, self._job_s = step_s, job_s
        self._device, self._make, self._told = device, make, told
        self._printer = make()
        self._clock, self._recover_s = clock, recover_s
        self._queue: deque[Slip] = deque()
        self._current: Slip | None = None
        self._crashed = False
        self._released = False
        self._seen = seen
        self._poll_at = clock()
        self._awake = threading.Condition()
        self._stopping = False
        self._random = random.Random()

    def print(self, slip: Slip) -> None:
        """Queue a slip; one that waits or is being printed already is not queued again."""
        with self._awake:
            waiting = [*self._queue, *([self._current] if self._current else [])]
            if any(slip.slip_id == other.slip_id for other in waiting):
                return
            if not self._stopping:
                self._queue.append(slip)
                self._awake.notify()
                return
        self._told.printed(self._device, slip.slip_id, STOPPED)

    def release(self) -> None:
        """A person has looked: no half-printed ticket is left in the printer."""
        with self._awake:
            self._crashed, self._released = False, True
            self._ask_now()

    def probe(self, _device: str) -> None:
        """Ask the printer how it is, now."""
        with self._awake:
            self._ask_now()

    def stop(self) -> None:
        """Let ``run`` end after the slip in hand; slips that wait are told as not sent."""
        with self._awake:
            self._stopping = True
            self._awake.notify()

    def run(self) -> None:
        """Print and poll until ``stop``."""
        try:
            while True:
                with self._awake:
                    self.due_at = None
                    self._awake.wait_for(self._busy, max(self._poll_at - self._clock(), 0))
                    if self._stopping:
                        break
                    self._current = self._queue.popleft() if self._queue else None
                    self.due_at = self._clock() + (self._job_s if self._current else self._step_s)
                if self._current is not None:
                    self._print(self._current)
                elif self._clock() >= self._poll_at:
                    self._renew()
                    self._poll()
            while self._queue:
                self._told.printed(self._device, self._queue.popleft().slip_id, STOPPED)
        finally:
            self._printer.close()

    def recover(self) -> None:
        """After a crash in the middle of a slip nobody knows what is on the paper."""
        if self._current is not None:
            self._crashed = True
            self._finish(self._current, PrintResult(Verdict.UNKNOWN, (QUARANTINE,), "the worker crashed"))

    def left(self) -> tuple[bool, tuple[Slip, ...]]:
        """What a worker that was given up leaves: whether a slip may be half printed, and the slips that waited."""
        with self._awake:
            waiting = tuple(self._queue)
            self._queue.clear()
            return self._crashed, waiting

    def inherit(self, crashed: bool, waiting: tuple[Slip, ...]) -> None:
        """Go on where another one was given up."""
        self._crashed = crashed
        self._queue.extend(waiting)

    def _busy(self) -> bool:
        return self._stopping or bool(self._queue) or self._clock() >= self._poll_at

    def _ask_now(self) -> None:
        self._poll_at = self._clock()
        self._awake.notify()

    def _print(self, slip: Slip) -> None:
        self._renew()
        if self._crashed:
            self._finish(slip, PrintResult(Verdict.NOT_SENT, (QUARANTINE,), "not released yet"))
        elif self._told.may_print(self._device, slip.slip_id) and self._current is slip:
            self._finish(slip, self._printer.print_slip(slip))
        else:
            self._current = None

    def _finish(self, slip: Slip, result: PrintResult) -> None:
        with self._awake:
            if self._current is not slip:
                return  # whoever gave us up has told its verdict
            self._current = None
            self._poll_at = self._clock()  # what the slip met is told by the printer's own words
        self._told.printed(self._device, slip.slip_id, result)

    def _renew(self) -> None:
        with self._awake:
            released, self._released = self._released, False
        if released:
            self._printer.close()
            self._printer = self._make()

    def _poll(self) -> None:
        reading = self._printer.status()
        now = self._clock()
        self._seen = seen(self._seen, reading, now, self._recover_s)
        with self._awake:
            self._poll_at = now + poll_wait_s(self._seen, self._random.random())
        health = self._seen.health
        if self._crashed:
            faults = (*(fault for fault in health.faults if fault != QUARANTINE), QUARANTINE)
            health = Health(State.FAILED, faults, health.evidence)
        self._told.health(self._device, health)
