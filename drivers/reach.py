"""Watches things that nobody drives, a camera or a router: asks each now and then whether it is there."""

import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from drivers.health import Health, State
from drivers.ports import Clock, DeviceError, DeviceSpec
from drivers.reach_ask import PROBES, Lookup, ask, target

# What may be asked in this way; everything else has a driver that knows more than whether something is there.
ASSETS = ("asset", "camera", "copier", "facility", "network", "pc", "phone", "scanner", "ups")
PERIOD_S = 10.0  # a hall hears of a dead router soon enough, and no device is kept awake by us
MISSED_PERIOD_S = 3.0  # after a silence, until it is clear what it was
JITTER = 0.2  # many devices asked in step are a burst each time
TRIES = 2  # one lost packet is no silence
TRY_S = 1.0  # in a hall's network an answer takes milliseconds; a sleeping device wakes up within a second
LOOKUP_S = 2.0
STEP_S = 10.0  # both tries with their look-ups; longer is no question any more
MISSES_TO_FAIL = 3
SILENT_S = 10.0  # a device that restarts its network card is back by then
RECOVER_S = 30.0  # a loose plug holds for seconds, a mended one for half a minute


def wrong(spec: DeviceSpec) -> list[str]:
    """What is wrong with the address of an asset, or with anything else that is to be asked in this way."""
    scheme = spec.url.partition("://")[0]
    if scheme not in PROBES:
        return [f"a {spec.kind} is only asked whether it is there: write ping://HOST or connect://HOST:PORT"]
    if spec.kind not in ASSETS:
        return [f"{scheme}:// is for what nobody drives, and this is a {spec.kind}"]
    try:
        target(spec.url)
    except ValueError as error:
        return [str(error)]
    return [f"unknown option {name!r}: an address that is only asked has none" for name, _ in spec.options]


@dataclass(frozen=True, slots=True)
class Seen:
    """What asking has shown so far: the health to announce, misses in a row and since when, good since when."""

    health: Health = Health(State.UNKNOWN)
    misses: int = 0
    missing_since: float | None = None
    good_since: float | None = None
    watched: Health | None = None


def seen(before: Seen, reading: Health, now: float, recover_s: float) -> Seen:
    """Fold one reading in: silence counts when it lasts, an answer after silence when it lasts too."""
    if reading.state is State.UNKNOWN:
        return Seen(reading, watched=before.watched)  # nobody could ask: what was true a while ago is not claimed
    if reading.state is State.FAILED:
        return _missed(before, reading, now)
    since = before.good_since if before.good_since is not None else now
    if before.watched is None or now - since >= recover_s:
        return Seen(reading, good_since=since)
    return Seen(before.watched, good_since=since, watched=before.watched)


def _missed(before: Seen, reading: Health, now: float) -> Seen:
    misses = before.misses + 1
    since = before.missing_since if before.missing_since is not None else now
    watched = replace(reading, state=State.DEGRADED)
    if misses >= MISSES_TO_FAIL and now - since >= SILENT_S:
        told = reading
    elif before.health.state in (State.OK, State.DEGRADED):
        told = watched
    else:
        told = before.health
    return Seen(told, misses, since, None, watched)


class Told(Protocol):
    """Whom the worker tells; see ``drivers.ports.Listener``."""

    def health(self, device: str, health: Health) -> None: ...


class ReachWorker:
    """Asks one address; each has a worker of its own, so that one that hangs delays nobody else."""

    def __init__(
        self, spec: DeviceSpec, told: Told, *, clock: Clock = time.monotonic, recover_s: float = RECOVER_S,
        once: Callable[[], str] | None = None,
    ) -> None:  # fmt: skip
        self._device, self._told = spec.id, told
        self._whom = target(spec.url)
        self._lookup = Lookup(self._whom.host)
        self._once = once or self._ask
        self._clock, self._recover_s = clock, recover_s
        self._seen = Seen()
        self._ask_at = clock()
        self._awake = threading.Condition()
        self._stopping = False
        self.due_at: float | None = None
        self._random = random.Random()

    def run(self) -> None:
        """Ask until ``stop``."""
        while True:
            with self._awake:
                self.due_at = None
                self._awake.wait_for(self._due, max(self._ask_at - self._clock(), 0))
                if self._stopping:
                    return
                if not self._due():
                    continue
                self.due_at = self._clock() + STEP_S
                self._ask_at = math.inf  # whoever asks meanwhile is not forgotten
            self._seen = seen(self._seen, self.reading(), self._clock(), self._recover_s)
            self._told.health(self._device, self._seen.health)
            with self._awake:
                self._ask_at = min(self._ask_at, self._clock() + wait_s(self._seen, self._random.random()))

    def reading(self) -> Health:
        """One question, asked again when nothing comes."""
        trouble = DeviceError("not_probed")
        for _ in range(TRIES):
            try:
                return Health(State.OK, (), self._once())
            except DeviceError as error:
                trouble = error
                if error.code == "not_probed":
                    break
        state = State.UNKNOWN if trouble.code == "not_probed" else State.FAILED
        return Health(state, (trouble.code,), trouble.evidence)

    def _ask(self) -> str:
        return ask(self._whom, self._lookup.address(LOOKUP_S), TRY_S)

    def stop(self) -> None:
        """Let ``run`` end after the question in hand."""
        with self._awake:
            self._stopping = True
            self._awake.notify()

    def probe(self, _device: str) -> None:
        """Ask now."""
        with self._awake:
            self._ask_at = self._clock()
            self._awake.notify()

    def recover(self) -> None:
        """Nothing is left half done by a crash."""

    def _due(self) -> bool:
        return self._stopping or self._clock() >= self._ask_at


def wait_s(state: Seen, chance: float) -> float:
    """Seconds until it is asked again; ``chance`` is between 0 and 1."""
    period_s = MISSED_PERIOD_S if state.watched is not None else PERIOD_S
    return period_s * (1 + JITTER * (2 * chance - 1))
