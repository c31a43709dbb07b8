"""The one owner of a voice module: announcements one after another, and between them the question whether it lives."""

import random
import threading
import time
from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from drivers.health import Health, State
from drivers.ports import Announcement, Clock, DeviceError, DeviceSpec, SpeechResult
from drivers.print_queue import RECOVER_S, Seen, seen
from drivers.speech.frames import DEFAULT_MODULE, MODULES
from drivers.speech.queue import MAX_AGE_S, Waiting, expired, joined, texts
from drivers.speech.voice import USUAL, Patience, Voice
from drivers.trace import Tap
from drivers.transport import Transport, open_transport

REOPEN_S = 0.05  # a link that died while idle is made anew at once; that is no fault yet
STEP_S = 12.0  # no question takes half of it, opening a link included: who is not back by then hangs
JITTER = 0.2  # fixed periods march in step with slow devices
REFUSALS_TO_FAIL = 2  # announcements in a row that it did not say: one may be noise
DEFAULT_BAUD = "9600"
STOPPED = SpeechResult(False, "the worker has been stopped")
CRASHED = SpeechResult(False, "the worker crashed")


class SpeechTold(Protocol):
    """Whom the worker tells and asks; see ``drivers.ports.Listener``."""

    def health(self, device: str, health: Health) -> None: ...

    def may_say(self, device: str, announcement_id: str) -> bool: ...

    def spoken(self, device: str, announcement_id: str, result: SpeechResult) -> None: ...


class SpeechWorker:
    """One voice module on one line; ``say`` may be called from any thread, ``run`` is the port's only user."""

    def __init__(
        self,
        spec: DeviceSpec,
        told: SpeechTold,
        *,
        clock: Clock = time.monotonic,
        recover_s: float = RECOVER_S,
        patience: Patience = USUAL,
        open_line: Callable[[str], Transport] = open_transport,
        tap: Tap | None = None,
    ) -> None:
        options = dict(spec.options)
        module = MODULES[options.get("family", DEFAULT_MODULE)]
        url = spec.url.partition("#")[0]
        baud = int(dict(parse_qsl(urlsplit(url).query)).get("baud", DEFAULT_BAUD))
        command = f"[v{options['volume']}]".encode() if "volume" in options else b""
        self._device, self._told, self._clock, self._recover_s = spec.id, told, clock, recover_s
        self._patience = patience
        self._english = options.get("english", "yes" if module.english else "no") == "yes"
        self._tap = tap or Tap()
        self._transport = self._tap.on(open_line(url))
        self._voice = Voice(self._transport, module, baud, command, clock, patience, self._go_on)
        self._awake = threading.Condition()
        self._waiting: list[Waiting] = []
        self._current: Waiting | None = None
        self._stopping = False
        self.due_at: float | None = None
        self._random = random.Random()  # noqa: S311 - jitter, no secret
        self._seen, self._failures, self._refusals, self._refused = Seen(), 0, 0, ""
        self._poll_at = clock()

    def say(self, announcement: Announcement) -> None:
        """Say it once, in its turn, unless it is too old by then."""
        with self._awake:
            if not self._stopping:
                joined(self._waiting, self._current, announcement, self._clock())
                self._awake.notify()
                return
        self._told.spoken(self._device, announcement.announcement_id, STOPPED)

    def probe(self, _device: str) -> None:
        """Ask the module how it is, now."""
        with self._awake:
            self._poll_at = self._clock()
            self._awake.notify()

    def stop(self) -> None:
        """Let ``run`` end after the sentence in hand; what waits is told as not spoken."""
        with self._awake:
            self._stopping = True
            self._awake.notify()

    def recover(self) -> None:
        """After a crash in the middle of a sentence nobody knows how much of it was heard."""
        self._finish(CRASHED)
        if self._stopping:  # it was given up, and will never say what waits
            self._drop_all()

    def run(self) -> None:
        """Speak and ask until ``stop``; port trouble is reported and waited out, never raised."""
        try:
            while not self._stopping:
                try:
                    self._go_on()
                    self._transport.open()
                    self._serve()
                except DeviceError as error:
                    self._lost(error)
            self._drop_all()
        finally:
            self._transport.close()
            self.due_at = None

    def _serve(self) -> None:
        while not self._stopping:
            self.due_at = None
            with self._awake:
                self._awake.wait_for(self._busy, max(self._poll_at - self._clock(), 0))
            self._go_on()
            with self._awake:
                self._current = self._waiting.pop(0) if self._waiting and not self._stopping else None
            if self._current is not None:
                self._announce(self._current)
            elif self._clock() >= self._poll_at and not self._stopping:
                self._tap.ask("status", self._device)
                self._voice.alive()
                self._tap.answer("status", self._device)
                self._good()

    def _busy(self) -> bool:
        return self._stopping or bool(self._waiting) or self._clock() >= self._poll_at

    def _go_on(self) -> None:
        """Between two steps: each ends in time, or this worker hangs."""
        self.due_at = self._clock() + STEP_S
        self._drop_old()

    def _drop_all(self) -> None:
        with self._awake:
            left, self._waiting = self._waiting, []
        for one in left:
            self._tell(one, STOPPED)

    def _drop_old(self) -> None:
        with self._awake:
            late = expired(self._waiting, self._clock())
        for one in late:
            self._tell(one, self._too_old())

    def _too_old(self) -> SpeechResult:
        return SpeechResult(False, ": ".join([f"not begun within {MAX_AGE_S:.0f} s", *self._seen.health.faults[:1]]))

    def _announce(self, job: Waiting) -> None:
        """While it is not known to be idle nothing is begun: a call keeps its place until it is too old."""
        try:
            free = self._voice.is_free()
        except DeviceError:
            with self._awake:
                self._waiting.insert(0, job)
                self._current = None
            raise
        if not free:
            self._finish(self._refusal("it is busy with something else"))
        elif self._clock() >= job.until:
            self._finish(self._too_old())
        elif any([self._told.may_say(self._device, name) for name in tuple(job.ids)]):  # all of them are asked
            self._begin(job)
        else:
            with self._awake:
                self._current = None

    def _begin(self, job: Waiting) -> None:
        self._tap.ask("say", self._device)
        result = SpeechResult(False)
        try:
            result = self._first(job)
            if result.spoken:
                self._more(job)
        except DeviceError as error:
            result = result if result.spoken else SpeechResult(False, str(error))
            if error.code != "text_unsupported":
                raise
        finally:
            self._tap.answer("say", self._device, spoken=result.spoken)
            self._finish(result)

    def _first(self, job: Waiting) -> SpeechResult:
        """The sentence once: that is what counts."""
        began = self._clock()
        if why := self._voice.say(job.announcement.zh):
            return self._refusal(why)
        self._refusals = 0
        self._good()
        return SpeechResult(True, f"taken, busy, idle after {self._clock() - began:.1f} s")

    def _refusal(self, why: str) -> SpeechResult:
        self._refusals += 1
        self._refused = why if why == "nak" else "unspoken"
        self._good()
        return SpeechResult(False, why)

    def _more(self, job: Waiting) -> None:
        """What there is time for: in English, and once more; whoever is called meanwhile goes first."""
        number = 1
        while not self._stopping:
            with self._awake:
                told = texts(job.announcement, len(self._waiting), self._english)
            if number >= len(told) or self._voice.say(told[number]):
                return
            number += 1

    def _good(self) -> None:
        self._failures = 0
        self._learn(Health(State.OK), self._patience.poll_s)

    def _lost(self, error: DeviceError) -> None:
        """Make the link anew; only what a second link has not cured is a fault."""
        self._transport.close()
        self._failures += 1
        wait_s = REOPEN_S
        if self._failures > 1:
            wait_s = self._patience.missed_s * (1 + JITTER * (2 * self._random.random() - 1))
            self._learn(Health(State.FAILED, (error.code,), error.evidence), 0.0)
        self._poll_at = self._clock()
        self.due_at = None
        with self._awake:
            self._awake.wait_for(lambda: self._stopping, wait_s)
        self._drop_old()

    def _learn(self, reading: Health, poll_s: float) -> None:
        now = self._clock()
        self._seen = seen(self._seen, reading, now, self._recover_s)
        self._poll_at = now + poll_s
        health = self._seen.health
        if self._refusals and health.state is State.OK:
            state = State.FAILED if self._refusals >= REFUSALS_TO_FAIL else State.DEGRADED
            health = Health(state, (self._refused,), "it did not say a text to its end")
        self._told.health(self._device, health)

    def _finish(self, result: SpeechResult) -> None:
        with self._awake:
            job, self._current = self._current, None
        if job is not None:
            self._tell(job, result)

    def _tell(self, job: Waiting, result: SpeechResult) -> None:
        for name in job.ids:
            self._told.spoken(self._device, name, result)
