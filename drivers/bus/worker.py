"""The one owner of a port with signs: a loop that asks the plan, speaks, and tells what the answers prove."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from drivers.bus import health as evidence
from drivers.bus.ear import Ear
from drivers.bus.exchange import Line
from drivers.bus.health import BY_CHANCE, FAIL_AFTER_S, RECOVER_S, Miss, Record
from drivers.bus.hearing import Answer, Spoken
from drivers.bus.pads import Pads, PadTold
from drivers.bus.plan import BLANK, Job, Kind, Want, asked, choose, tried, turned
from drivers.health import Health, State
from drivers.helper.words import sign_family
from drivers.led.families import Proof
from drivers.ports import Clock, DeviceError, DeviceSpec, SignContent
from drivers.trace import Tap
from drivers.transport import Transport, open_transport

REOPEN_MIN_S = 0.05  # an adapter that was re-plugged is back in a fraction of a second
REOPEN_MAX_S = 1.0  # and one that is missing must not load the machine
JITTER = 0.2  # fixed periods march in step with slow devices
RENEW_AFTER_S = 10.0  # a bridge that lost its power has forgotten us without a word; only a new link finds it again
BLINKS = frozenset({"unreachable", "in_use", "port_missing"})  # a link that is back at the first reopening lost nothing
STAYS_S = 2.0  # a bridge whose serial port is gone lets us in and hangs up at once
REPAINT_S = 30.0  # between them a sign that can be asked whether it lives is only asked: a lost picture lasts no longer
UNMONITORED = Health(State.UNKNOWN, ("unmonitored",))
DEFAULT_BAUD = 9600
STEP_S = 10.0  # for one transaction: two tries with the quiet before them take eight at most, an opening six


class BusTold(PadTold, Protocol):
    """Whom the worker tells; see ``drivers.ports.Listener``."""

    def health(self, device: str, health: Health) -> None: ...

    def shown(self, device: str, content_id: str, ms: float) -> None: ...

    def sent(self, device: str, content_id: str) -> None: ...


def sign_of(spec: DeviceSpec) -> Spoken:
    """The address and language of a sign's specification, which ``drivers.catalog.check`` has passed."""
    family = sign_family(spec)
    return Spoken(int(urlsplit(spec.url).fragment), family, family.codec_of(dict(spec.options)))


def _miss(answer: Answer, *, wanted: bool = False) -> Miss:
    assert answer.fault is not None
    return Miss(answer.fault, answer.evidence(), answer.tries, wanted, bool(answer.words))


def reopen_wait_s(failures: int, chance: float) -> float:
    """How long to wait before the port is opened again; ``chance`` is between 0 and 1."""
    doubled = REOPEN_MIN_S * 2.0 ** min(failures - 1, 10)
    return min(doubled, REOPEN_MAX_S) * (1 + JITTER * (2 * chance - 1))


class BusWorker:
    """All signs of one port. ``show`` may be called from any thread, ``run`` is the port's only user."""

    def __init__(
        self,
        specs: tuple[DeviceSpec, ...],
        told: BusTold,
        *,
        clock: Clock = time.monotonic,
        recover_s: float = RECOVER_S,
        fail_after_s: float = FAIL_AFTER_S,
        renew_after_s: float = RENEW_AFTER_S,
        by_chance: float = BY_CHANCE,
        open_line: Callable[[str], Transport] = open_transport,
        speak: Callable[..., Line] = Line,
        tap: Tap | None = None,
        known: Record | None = None,
        step_s: float = STEP_S,
        sleep: Callable[[float], object] = time.sleep,
        awake: threading.Condition | None = None,
        dice: random.Random | None = None,
    ) -> None:
        self._told, self._clock, self._renew_after_s = told, clock, renew_after_s
        self._tap = tap or Tap()
        self._bus = next((spec.id for spec in specs if spec.kind == "bus"), None)
        self._signs = {spec.id: sign_of(spec) for spec in specs if spec.kind == "sign"}
        self._url = specs[0].url.partition("#")[0]
        self._transport = self._tap.on(open_line(self._url))
        baud = int(dict(parse_qsl(urlsplit(self._url).query)).get("baud", DEFAULT_BAUD))
        self._awake = awake or threading.Condition()
        self.pads = Pads(specs, told, clock, self._awake, self._wake)
        self._line = speak(self._transport, baud, clock, sleep, Ear(clock, self.pads.ear))
        answering = [sign for sign, spoken in self._signs.items() if spoken.family.proof is not Proof.NONE]
        self._proof = evidence.Line(
            {device: known or Record() for device in (*answering, *self.pads.judged)},
            known or Record(),
            recover_s=recover_s,
            fail_after_s=fail_after_s,
            by_chance=by_chance,
        )
        self._painted: dict[str, tuple[bytes, float]] = {}
        self._wants = dict.fromkeys(self._signs, Want())
        self._refused: dict[str, Health | None] = dict.fromkeys(self._signs)
        self._stopping = False
        self.due_at: float | None = None
        self._step_s = step_s
        self._random = dice or random.Random()  # noqa: S311 - jitter, no secret
        self._failures = 0
        self._heard_at = self._opened_at = clock()
        self._proven = False

    @property
    def signs(self) -> frozenset[str]:
        """The ids of the signs on this line."""
        return frozenset(self._signs)

    def show(self, sign: str, content: SignContent) -> None:
        """Let ``sign`` show ``content``; what its font lacks is not sent: the sign goes blank and says why."""
        spoken = self._signs[sign]
        refused = None
        try:
            for page in content.pages:
                spoken.codec.show(spoken.address, page, content.colour)
        except DeviceError as error:
            # The text before it is no longer true, so it must not stay.
            content, refused = BLANK, Health(State.DEGRADED, (error.code,), error.evidence)
        with self._awake:
            self._refused[sign] = refused
            if content != self._wants[sign].content:
                self._wants[sign] = asked(self._wants[sign], content, self._clock())
        self._wake()

    def probe(self, device: str) -> None:
        """Check a sign, or with the line's own id all signs, now; pads are asked and painted with any of them."""
        with self._awake:
            for sign in self._signs if device == self._bus else self._signs.keys() & {device}:
                self._wants[sign] = replace(self._wants[sign], tried_at=None)
        self.pads.again()
        self._wake()

    def recover(self) -> None:
        """Nothing is lost in a crash: what signs shall show is kept, and is painted again."""
        with self._awake:
            self._wants = {sign: replace(want, tried_at=None) for sign, want in self._wants.items()}

    def wanted(self) -> Mapping[str, SignContent]:
        """What each sign shall show, for the worker that takes over."""
        with self._awake:
            return {sign: want.content for sign, want in self._wants.items() if want.content.content_id}

    def stop(self) -> None:
        """Let ``run`` end after the transaction in flight."""
        with self._awake:
            self._stopping = True
        self._wake()

    def _wake(self) -> None:
        with self._awake:
            self._awake.notify()
        if self.pads:
            self._transport.wake()

    def run(self) -> None:
        """Serve the line until ``stop``; port trouble is reported and waited out, never raised."""
        try:
            while not self._stopping:
                try:
                    self.due_at = self._clock() + self._step_s
                    self._transport.open()
                    self._heard_at = self._opened_at = self._clock()
                    self._proven = False
                    self.pads.again()
                    self._serve()
                    self._line.finish()
                    self._transport.close()
                except DeviceError as error:
                    self._port_failed(error)
        finally:
            self._transport.close()

    def _serve(self) -> None:
        """Speak until ``stop``, or until nobody has answered for so long that the link itself is in doubt."""
        # Where nobody ever answers, silence says nothing about the link.
        while not self._stopping and (self._clock() - self._heard_at < self._renew_after_s or not self._proof.signs):
            self._heed()
            with self._awake:
                now = self._clock()
                self.due_at = now + self._step_s
                self._wants = {sign: turned(want, now) for sign, want in self._wants.items()}
                choice = choose(self._wants, self._proof.signs, now, self.pads.jobs(self._proof.signs, now))
                if not isinstance(choice, Job) and not self.pads:
                    self.due_at = None
                    self._awake.wait(choice if self._proof.signs else min(choice, STAYS_S))
                    continue
                want = self._wants.get(choice.sign) if isinstance(choice, Job) else None
            if not isinstance(choice, Job):
                self._tap.begin()
                self._line.listen(min(choice, STAYS_S))
            elif want is None:
                self._speak_to_pad(choice.sign)
            else:
                self._speak(choice, want)

    def _heed(self) -> None:
        """A pad that was heard proves the line; so does, where nobody has to answer, a link that stays."""
        if not self._proof.signs and not self.pads:
            self._transport.drain()  # nobody speaks here: only looking tells that the link has gone
        now = self._clock()
        if self.pads.heard:
            self.pads.heard, self._heard_at, self._failures = False, now, 0
            self._learn(evidence.spoke(self._proof, now))
        if self.pads and not self._proven and now - self._opened_at >= STAYS_S:
            self._proven, self._failures = True, 0
            self._learn(evidence.written(self._proof))

    def _speak_to_pad(self, device: str) -> None:
        frames, polled = self.pads.frames(device), self.pads.polled.get(device)
        if frames:
            self._tap.ask("tell", device)
            for frame in frames:
                self._line.tell(frame)
            self._tap.answer("tell", device)
        elif polled is not None:
            self._poll(device, polled)

    def _poll(self, device: str, polled: Spoken) -> None:
        record = self._proof.signs.get(device)
        tries = 1 if record is None else self._proof.tries(device)
        self._tap.ask("poll", device, tries=tries)
        answer = self._line.alive(polled, tries)
        self._tap.answer("poll", device, fault=answer.fault, tries=answer.tries)
        now = self._clock()
        if answer.fault is None:
            self._heard_at, self._failures = now, 0
            self.pads.answered(device)
        if record is not None and answer.fault is not None:
            self._learn(evidence.sign_missed(self._proof, device, _miss(answer), now))
        elif record is not None:
            self._learn(evidence.sign_good(self._proof, device, now, answer.tries))

    def _speak(self, job: Job, want: Want) -> None:
        sign, spoken = job.sign, self._signs[job.sign]
        frame = spoken.codec.show(spoken.address, want.text, want.content.colour)
        answer = self._exchanged(job, frame)
        now = self._clock()
        self._failures = 0
        wobble = 1 + JITTER * (2 * self._random.random() - 1)
        with self._awake:
            current = self._wants[sign]
            # Newer content that came while this frame was on the line keeps its place in the queue.
            if (current.content, current.asked_at) == (want.content, want.asked_at):
                told = want.told or answer.fault is None
                self._wants[sign] = replace(tried(current, now, wobble), told=told)
        if answer.fault in evidence.ANSWERED or answer.words:
            self._heard_at = now
        if answer.fault is not None:
            self._learn(evidence.sign_missed(self._proof, sign, _miss(answer, wanted=not want.told), now))
            return
        if sign in self._proof.signs:
            self._heard_at = now
            self._learn(evidence.sign_good(self._proof, sign, now, answer.tries))
        else:
            self._learn(evidence.written(self._proof))
        if not want.told and want.content.content_id:
            self._tell(sign, want, now)

    def _exchanged(self, job: Job, frame: bytes) -> Answer:
        """Paint a sign, or only ask it whether it lives when it can be asked and was painted a moment ago."""
        spoken, tries = self._signs[job.sign], self._proof.tries(job.sign)
        patience_ms = round(self._line.pace.timeout_s(spoken.address) * 1000)
        self._tap.ask("show", job.sign, tries=tries, patience_ms=patience_ms)
        painted, at = self._painted.get(job.sign, (b"", 0.0))
        fresh = painted == frame and self._clock() - at < REPAINT_S
        if fresh and job.kind is Kind.REFRESH and spoken.family.heartbeat is not None:
            answer = self._line.alive(spoken, tries)
        elif painted == frame and spoken.family.proof is Proof.READBACK:
            answer = self._line.holds(spoken, frame, tries)
        else:
            answer = self._line.ask(spoken, frame, tries)
            self._painted[job.sign] = (frame, self._clock())
        if answer.fault is not None:
            self._painted.pop(job.sign, None)
        self._tap.answer("show", job.sign, fault=answer.fault, tries=answer.tries)
        return answer

    def _tell(self, sign: str, want: Want, now: float) -> None:
        """Only an acknowledgement proves that a text arrived; of all others it was sent, and that is all."""
        if self._signs[sign].family.proof in (Proof.ACK, Proof.READBACK):
            self._told.shown(sign, want.content.content_id, (now - want.asked_at) * 1000)
        else:
            self._told.sent(sign, want.content.content_id)

    def _port_failed(self, error: DeviceError) -> None:
        # Part of a frame may have left, or the device may be gone: only a new start is sure.
        self._transport.close()
        self._failures += 1
        if self._failures > 1 or error.code not in BLINKS:
            missed = evidence.port_missed(self._proof, error.code, error.evidence, self._clock())
            self._learn(missed)
        self.due_at = None
        with self._awake:
            if not self._stopping:
                self._awake.wait_for(lambda: self._stopping, reopen_wait_s(self._failures, self._random.random()))

    def _learn(self, proof: evidence.Line) -> None:
        self._proof = proof
        port, signs = evidence.announced(proof, self._bus is not None)
        if self._bus is not None:
            self._told.health(self._bus, port)
        for sign in self._signs:
            health = signs.get(sign) or self._unmonitored(sign, port)
            refused = self._refused[sign] if health.state is State.OK else None
            self._told.health(sign, refused or health)
        lost = replace(port, state=State.UNKNOWN if self._bus is not None else State.FAILED)
        silent = {pad: lost if port.state is State.FAILED else health for pad, health in self.pads.health().items()}
        for pad, health in silent.items() | {(pad, signs[pad]) for pad in self.pads.judged}:
            self._told.health(pad, health)

    def _unmonitored(self, sign: str, port: Health) -> Health:
        """Of a sign that never answers nothing is known, but that its port is gone or that it was given no text."""
        if port.state is State.FAILED:
            return replace(port, state=State.UNKNOWN)
        refused = self._refused[sign]
        return UNMONITORED if refused is None else replace(refused, state=State.UNKNOWN)
