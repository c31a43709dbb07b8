"""The one owner of a port with signs: a loop that asks the plan, speaks, and tells what the answers prove."""

import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from drivers.bus import health as evidence
from drivers.bus.exchange import Line, Spoken
from drivers.bus.health import FAIL_AFTER_S, RECOVER_S, Record
from drivers.bus.plan import BLANK, Job, Want, asked, choose, tried, turned
from drivers.health import Health, State
from drivers.led.families import DEFAULT_FAMILY, FAMILIES
from drivers.ports import Clock, DeviceError, DeviceSpec, SignContent
from drivers.trace import Tap
from drivers.transport import Transport, open_transport

REOPEN_MIN_S = 0.05  # an adapter that was re-plugged is back in a fraction of a second
REOPEN_MAX_S = 1.0  # and one that is missing must not load the machine
JITTER = 0.2  # fixed periods march in step with slow devices
RENEW_AFTER_S = 10.0  # a bridge that lost its power has forgotten us without a word; only a new link finds it again
BLINKS = frozenset({"unreachable", "port_missing"})  # a link that is back at the first reopening lost nothing
HEALTHY_TRIES = 2  # the second repairs noise; a third would only delay the neighbours
SUSPECT_TRIES = 1
DEFAULT_BAUD = 9600


class BusTold(Protocol):
    """Whom the worker tells; see ``drivers.ports.Listener``."""

    def health(self, device: str, health: Health) -> None: ...

    def shown(self, device: str, content_id: str, ms: float) -> None: ...


def sign_of(spec: DeviceSpec) -> Spoken:
    """The address and language of a sign's specification, which ``drivers.catalog.check`` has passed."""
    options = dict(spec.options)
    family = FAMILIES[options.get("family", DEFAULT_FAMILY)]
    columns = int(options.get("columns", family.columns))
    return Spoken(int(urlsplit(spec.url).fragment), family, family.codec(columns))


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
        open_line: Callable[[str], Transport] = open_transport,
        tap: Tap | None = None,
    ) -> None:
        self._told, self._clock, self._renew_after_s = told, clock, renew_after_s
        self._tap = tap or Tap()
        self._bus = next((spec.id for spec in specs if spec.kind == "bus"), None)
        self._signs = {spec.id: sign_of(spec) for spec in specs if spec.kind == "sign"}
        self._url = specs[0].url.partition("#")[0]
        self._transport = self._tap.on(open_line(self._url))
        baud = int(dict(parse_qsl(urlsplit(self._url).query)).get("baud", DEFAULT_BAUD))
        self._line = Line(self._transport, baud, clock, time.sleep)
        self._proof = evidence.Line(
            {sign: Record() for sign in self._signs}, recover_s=recover_s, fail_after_s=fail_after_s
        )
        self._wants = dict.fromkeys(self._signs, Want())
        self._refused: dict[str, Health | None] = dict.fromkeys(self._signs)
        self._awake = threading.Condition()
        self._stopping = False
        self._random = random.Random()  # noqa: S311 - jitter, no secret
        self._failures = 0
        self._heard_at = clock()

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
                self._awake.notify()

    def probe(self, device: str) -> None:
        """Check a sign, or with the line's own id all signs, now."""
        with self._awake:
            for sign in self._signs if device == self._bus else (device,):
                self._wants[sign] = replace(self._wants[sign], tried_at=None)
            self._awake.notify()

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
            self._awake.notify()

    def run(self) -> None:
        """Serve the line until ``stop``; port trouble is reported and waited out, never raised."""
        try:
            while not self._stopping:
                try:
                    self._transport.open()
                    self._heard_at = self._clock()
                    self._serve()
                    self._transport.close()
                except DeviceError as error:
                    self._port_failed(error)
        finally:
            self._transport.close()

    def _serve(self) -> None:
        """Speak until ``stop``, or until nobody has answered for so long that the link itself is in doubt."""
        while not self._stopping and self._clock() - self._heard_at < self._renew_after_s:
            with self._awake:
                now = self._clock()
                self._wants = {sign: turned(want, now) for sign, want in self._wants.items()}
                choice = choose(self._wants, self._proof.signs, now)
                if not isinstance(choice, Job):
                    self._awake.wait(choice)
                    continue
                want = self._wants[choice.sign]
            self._speak(choice.sign, want)

    def _speak(self, sign: str, want: Want) -> None:
        spoken, record = self._signs[sign], self._proof.signs[sign]
        frame = spoken.codec.show(spoken.address, want.text, want.content.colour)
        tries = SUSPECT_TRIES if record.suspect else HEALTHY_TRIES
        patience_ms = round(self._line.pace.timeout_s(spoken.address) * 1000)
        self._tap.ask("show", sign, tries=tries, patience_ms=patience_ms)
        answer = self._line.ask(spoken, frame, tries)
        self._tap.answer("show", sign, fault=answer.fault, tries=answer.tries)
        now = self._clock()
        self._failures = 0
        wobble = 1 + JITTER * (2 * self._random.random() - 1)
        with self._awake:
            current = self._wants[sign]
            # Newer content that came while this frame was on the line keeps its place in the queue.
            if (current.content, current.asked_at) == (want.content, want.asked_at):
                told = want.told or answer.fault is None
                self._wants[sign] = replace(tried(current, now, wobble), told=told)
        if answer.fault is not None:
            self._learn(evidence.sign_missed(self._proof, sign, answer.fault, answer.evidence(), now))
            return
        self._heard_at = now
        self._learn(evidence.sign_good(self._proof, sign, now))
        if not want.told and want.content.content_id:
            self._told.shown(sign, want.content.content_id, (now - want.asked_at) * 1000)

    def _port_failed(self, error: DeviceError) -> None:
        # Part of a frame may have left, or the device may be gone: only a new start is sure.
        self._transport.close()
        self._failures += 1
        if self._failures > 1 or error.code not in BLINKS:
            missed = evidence.port_missed(self._proof, error.code, error.evidence, self._clock())
            self._learn(missed)
        with self._awake:
            if not self._stopping:
                self._awake.wait_for(lambda: self._stopping, reopen_wait_s(self._failures, self._random.random()))

    def _learn(self, proof: evidence.Line) -> None:
        self._proof = proof
        port, signs = evidence.announced(proof, self._bus is not None)
        if self._bus is not None:
            self._told.health(self._bus, port)
        for sign, health in signs.items():
            refused = self._refused[sign] if health.state is State.OK else None
            self._told.health(sign, refused or health)
