"""A thread that keeps one worker running, and what is done when the worker crashes or never comes back."""

import logging
import threading
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from drivers.fence import Fence
from drivers.health import Health, State
from drivers.ports import Clock, DeviceSpec, Listener, Press

LOG = logging.getLogger(__name__)
CRASHES = 5  # so many crashes within CRASH_WINDOW_S are no accident any more
CRASH_WINDOW_S = 60.0
RESTART_MIN_S = 0.1  # doubles with each crash of the window ...
RESTART_MAX_S = 5.0  # ... and after that the worker still tries: it never dies
GHOSTS = 5  # threads of one port that hang for ever; with so many no other is started until one of them ends
GHOST_POLL_S = 1.0


class Worker(Protocol):
    """What the supervisor runs: the only user of a port.

    ``due_at``: when (on the clock) its present step must have ended; None while it waits for work.
    """

    due_at: float | None

    def run(self) -> None: ...

    def stop(self) -> None: ...

    def recover(self) -> None: ...

    def probe(self, device: str) -> None: ...


class Announcer:
    """Stands between workers and the listener: lets only changes through, and nothing of devices that left."""

    def __init__(self, listener: Listener, clock: Clock) -> None:
        self.clock = clock
        self.listener = listener
        self._last: dict[str, tuple[State, tuple[str, ...]]] = {}
        self._lock = threading.Lock()

    def expect(self, devices: Iterable[str]) -> None:
        """Know exactly these devices; a new one is unknown until its worker says more."""
        with self._lock:
            self._last = {device: self._last.get(device, (State.UNKNOWN, ())) for device in devices}

    def health(self, device: str, health: Health) -> None:
        """Pass a change on. Evidence alone is no change: it differs with every reading."""
        told = (health.state, health.faults)
        with self._lock:
            if self._last.get(device, told) == told:
                return
            self._last[device] = told
        # Outside the lock: the listener has locks of its own. A device has one worker, so the order holds.
        self.listener.health(device, health)


class Messenger:
    """Carries what one worker tells. Cut off, it carries nothing: what a given-up worker does later is not credited.

    Outcomes pass: of a slip or an announcement a worker tells one only, and told it when it was given up.
    """

    def __init__(self, told: Announcer) -> None:
        self._told, self._listener = told, told.listener
        self.cut = False
        self.printed, self.spoken = self._listener.printed, self._listener.spoken

    def health(self, device: str, health: Health) -> None:
        if not self.cut:
            self._told.health(device, health)

    def may_print(self, device: str, slip_id: str) -> bool:
        return not self.cut and self._listener.may_print(device, slip_id)

    def may_say(self, device: str, announcement_id: str) -> bool:
        return not self.cut and self._listener.may_say(device, announcement_id)

    def shown(self, device: str, content_id: str, ms: float) -> None:
        if not self.cut:
            self._listener.shown(device, content_id, ms)

    def sent(self, device: str, content_id: str) -> None:
        if not self.cut:
            self._listener.sent(device, content_id)

    def pressed(self, device: str, press: Press) -> None:
        if not self.cut:
            self._listener.pressed(device, press)

    def rated(self, device: str, rating_id: str, level: int) -> None:
        if not self.cut:
            self._listener.rated(device, rating_id, level)


class Keeper:
    """The last line of defence against what nobody thought of: a worker that crashes, or hangs."""

    def __init__(
        self, key: str, worker: Worker, specs: tuple[DeviceSpec, ...], told: Messenger, fence: Fence,
        clock: Clock, before: "Keeper | None",
    ) -> None:  # fmt: skip
        self.worker, self.specs, self.fence = worker, specs, fence
        self._told, self._before, self._clock = told, before, clock
        self.given_up = False  # ... and, if so, whether a call of it was on the wire
        self._on_wire = False
        self._crashes: deque[float] = deque(before.crashes() if before is not None else (), maxlen=CRASHES)
        self._ghosts: list[threading.Thread] = before.ghosts() if before is not None else []
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"device {key}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def crashes(self) -> tuple[float, ...]:
        """For whoever takes over from one that was given up: they are the port's, not the worker's."""
        return tuple(self._crashes) if self.given_up else ()

    def ghosts(self) -> list[threading.Thread]:
        """Threads of this port that were given up and still hang."""
        return [one for one in (*self._ghosts, *([self._thread] if self.given_up else [])) if one.is_alive()]

    def ask_to_stop(self) -> None:
        self._stopping.set()
        self.worker.stop()

    def join(self, timeout_s: float | None) -> bool:
        self._thread.join(None if timeout_s is None else max(timeout_s, 0))
        return not self._thread.is_alive()

    def due_at(self) -> float | None:
        """When the worker should have come back from what it does; None when it waits for work, or was given up."""
        return None if self.given_up else self.worker.due_at

    def give_up(self) -> Health:
        """Its worker hangs: nothing it does from now on reaches the port or the hall. What is to be said of it."""
        self.given_up = self._told.cut = True
        self._on_wire = self.fence.cut()
        self._crashes.append(self._clock())
        self.ask_to_stop()
        self.worker.recover()  # its outcomes are told now, as after a crash
        code = "port_blocked" if self._on_wire else "no_answer"
        code = "unrecoverable" if self._beyond() else code
        return Health(State.FAILED, (code,), "its driver hangs" + (" in a call to the system" if self._on_wire else ""))

    def _recent(self) -> list[float]:
        return [at for at in self._crashes if self._crashes[-1] - at < CRASH_WINDOW_S]

    def _beyond(self) -> bool:
        return len(self._recent()) >= CRASHES

    def _pause_s(self) -> float:
        return min(RESTART_MIN_S * 2.0 ** (len(self._recent()) - 1), RESTART_MAX_S)

    def _take_over(self) -> None:
        """Two owners of one port mix their frames, so wait for the one before us; a slip in hand may take its time.

        One that hangs beside its wire is not waited for: the fence keeps it off for ever. One that hangs in a call on
        the wire is: the system may still carry that call out.
        """
        before, self._before = self._before, None
        if before is None:
            return
        if not before.given_up or before._on_wire:  # noqa: SLF001 - of the same class
            before.join(None)
        if before.given_up:
            before.fence.close()
            self._stopping.wait(self._pause_s())
        while len(self.ghosts()) >= GHOSTS and not self._stopping.is_set():
            self._stopping.wait(GHOST_POLL_S)

    def _keep(self) -> None:
        self._take_over()
        while not self._stopping.is_set():
            try:
                self.worker.recover()
                self.worker.run()
            except Exception as error:  # noqa: BLE001 - a device must not be lost to a mistake of ours
                if not self.given_up:
                    self._crashed(error)

    def _crashed(self, error: Exception) -> None:
        self._crashes.append(self._clock())
        self.worker.due_at = None
        LOG.error("worker of %s crashed", ", ".join(spec.id for spec in self.specs), exc_info=error)
        state, faults = (State.FAILED, ("unrecoverable",)) if self._beyond() else (State.UNKNOWN, ())
        for spec in self.specs:
            self._told.health(spec.id, Health(state, faults, f"crashed: {error}"))
        self._stopping.wait(self._pause_s())
