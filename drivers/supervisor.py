"""Runs one worker thread for each port or printer, keeps it alive, and tells the hall what changes."""

import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Protocol

from drivers.bus import BusWorker
from drivers.bus.health import RECOVER_S
from drivers.bus.pads import Pads
from drivers.catalog import check_all, not_here, owner_key
from drivers.escpos.printer import open_heard, silent_tap
from drivers.health import Health, State
from drivers.ports import Clock, DeviceSpec, Listener, PadContent, Printer, PrintResult, SignContent, Slip, Verdict
from drivers.print_queue import PrintWorker
from drivers.trace import Recording, Tap, head

LOG = logging.getLogger(__name__)
CRASHES = 5  # so many crashes within CRASH_WINDOW_S are no accident any more
CRASH_WINDOW_S = 60.0
RESTART_MIN_S = 0.1  # doubles with each crash of the window ...
RESTART_MAX_S = 5.0  # ... and after that the worker still tries: it never dies

Factory = Callable[[DeviceSpec], Printer]


class Worker(Protocol):
    """What the supervisor runs: the only user of a port."""

    def run(self) -> None: ...

    def stop(self) -> None: ...

    def recover(self) -> None: ...

    def probe(self, device: str) -> None: ...


class _Keeper:
    """A thread that keeps one worker running: the last line of defence against what nobody thought of."""

    def __init__(
        self,
        key: str,
        worker: Worker,
        specs: tuple[DeviceSpec, ...],
        told: "_Announcer",
        tap: Tap,
        before: "_Keeper | None",
    ) -> None:
        self.worker, self.specs, self.tap = worker, specs, tap
        self._told, self._before = told, before
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"device {key}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        self._stopping.set()
        self.worker.stop()

    def join(self, timeout_s: float | None) -> bool:
        self._thread.join(None if timeout_s is None else max(timeout_s, 0))
        return not self._thread.is_alive()

    def _keep(self) -> None:
        if self._before is not None:
            # Two owners of one port mix their frames; a slip in hand may take its time.
            self._before.join(None)
            self._before = None
        crashes: deque[float] = deque(maxlen=CRASHES)
        while not self._stopping.is_set():
            try:
                self.worker.recover()
                self.worker.run()
            except Exception as error:  # noqa: BLE001 - a device must not be lost to a mistake of ours
                crashes.append(self._told.clock())
                self._crashed(error, crashes)

    def _crashed(self, error: Exception, crashes: deque[float]) -> None:
        recent = [at for at in crashes if crashes[-1] - at < CRASH_WINDOW_S]
        LOG.error("worker of %s crashed", ", ".join(spec.id for spec in self.specs), exc_info=error)
        beyond = len(recent) >= CRASHES
        state, faults = (State.FAILED, ("unrecoverable",)) if beyond else (State.UNKNOWN, ())
        for spec in self.specs:
            self._told.health(spec.id, Health(state, faults, f"crashed: {error}"))
        self._stopping.wait(min(RESTART_MIN_S * 2.0 ** (len(recent) - 1), RESTART_MAX_S))


class _Announcer:
    """Stands between workers and the listener: lets only changes through, and nothing of devices that left."""

    def __init__(self, listener: Listener, clock: Clock) -> None:
        self.clock = clock
        self.may_print, self.printed = listener.may_print, listener.printed
        self.shown, self.sent = listener.shown, listener.sent
        self.pressed, self.rated = listener.pressed, listener.rated
        self._listener = listener
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
        self._listener.health(device, health)


class Supervisor:
    """All devices of one station. Methods may be called from any thread; none waits for a device but ``stop``."""

    def __init__(
        self,
        devices: Iterable[DeviceSpec],
        listener: Listener,
        *,
        clock: Clock = time.monotonic,
        recover_s: float = RECOVER_S,
        make_printer: Factory | None = None,
    ) -> None:
        self._told = _Announcer(listener, clock)
        self._clock, self._recover_s = clock, recover_s
        self._make_printer = make_printer
        self._devices = tuple(devices)
        self._keepers: dict[str, _Keeper] = {}
        self._owner: dict[str, Worker] = {}
        self._lock = threading.RLock()
        self._running = False

    def start(self) -> None:
        """Start a worker for each port and printer."""
        with self._lock:
            self._running = True
            self.replace(self._devices)

    def stop(self, timeout_s: float) -> None:
        """Let every worker finish what is in its hands, at most so long."""
        with self._lock:
            self._running = False
            keepers, self._keepers, self._owner = list(self._keepers.values()), {}, {}
        give_up_at = self._clock() + timeout_s
        for keeper in keepers:
            keeper.ask_to_stop()
        for keeper in keepers:
            if not keeper.join(give_up_at - self._clock()):
                LOG.warning("worker of %s is still busy", ", ".join(spec.id for spec in keeper.specs))

    def replace(self, devices: Iterable[DeviceSpec]) -> None:
        """Take a new list of devices: only workers whose devices differ are stopped or started."""
        with self._lock:
            before, self._devices = set(self._devices), tuple(devices)
            if not self._running:
                return
            groups: dict[str, list[DeviceSpec]] = defaultdict(list)
            for spec in self._devices:
                groups[owner_key(spec.url)].append(spec)
            wanted = {key: tuple(specs) for key, specs in groups.items()}
            gone = {key: keeper for key, keeper in self._keepers.items() if wanted.get(key) != keeper.specs}
            for keeper in gone.values():
                keeper.ask_to_stop()
            self._told.expect(spec.id for spec in self._devices)
            for spec in set(self._devices) - before:
                self._told.health(spec.id, Health(State.UNKNOWN))
            for key in gone:
                del self._keepers[key]
            for key, specs in wanted.items():
                if key not in self._keepers:
                    self._begin(key, specs, gone.get(key))
            self._owner = {spec.id: keeper.worker for keeper in self._keepers.values() for spec in keeper.specs}

    def show(self, device_id: str, content: SignContent) -> None:
        """Let a sign show ``content`` until something newer comes."""
        worker = self._owner.get(device_id)
        if isinstance(worker, BusWorker):
            worker.show(device_id, content)
        else:
            LOG.warning("no sign %s here: %s is not shown", device_id, content.content_id)

    def show_pad(self, device_id: str, content: PadContent) -> None:
        """Let a pad show ``content`` until something newer comes."""
        if (pads := self._pads(device_id)) is not None:
            pads.show(device_id, content)

    def pad_result(self, device_id: str, press_id: str, ok: bool) -> None:
        """Tell the clerk at a pad whether a press did something."""
        if (pads := self._pads(device_id)) is not None:
            pads.result(device_id, press_id, ok)

    def rate(self, device_id: str, rating_id: str) -> None:
        """Begin a rating; the answer, if any, comes through ``Listener.rated``."""
        if (pads := self._pads(device_id)) is not None:
            pads.rate(device_id, rating_id)

    def stop_rating(self, device_id: str) -> None:
        """End a rating: whatever comes later is not told."""
        if (pads := self._pads(device_id)) is not None:
            pads.stop_rating(device_id)

    def _pads(self, device_id: str) -> Pads | None:
        worker = self._owner.get(device_id)
        if isinstance(worker, BusWorker) and device_id in worker.pads:
            return worker.pads
        LOG.warning("no pad and no rating unit %s here", device_id)
        return None

    def print(self, device_id: str, slip: Slip) -> None:
        """Print a slip once; the verdict comes through ``Listener.printed``."""
        worker = self._owner.get(device_id)
        if isinstance(worker, PrintWorker):
            worker.print(slip)
        else:
            self._told.printed(device_id, slip.slip_id, PrintResult(Verdict.NOT_SENT, (), "no such printer here"))

    def release(self, device_id: str) -> None:
        """A person confirms that a quarantined printer holds no ticket any more."""
        worker = self._owner.get(device_id)
        if isinstance(worker, PrintWorker):
            worker.release()

    def probe(self, device_id: str) -> None:
        """Check a device now instead of at its next turn."""
        worker = self._owner.get(device_id)
        if worker is not None:
            worker.probe(device_id)

    def trace(self, device_id: str, path: Path, product: str) -> Recording | None:
        """Write down what is said on a device's port, from its next exchange on; None: no such device at work."""
        with self._lock:
            for keeper in self._keepers.values():
                if device_id in {spec.id for spec in keeper.specs}:
                    recording = Recording(path, head(device_id, keeper.specs, product))
                    keeper.tap.record(recording)
                    return recording
        return None

    def _begin(self, key: str, specs: tuple[DeviceSpec, ...], before: _Keeper | None) -> None:
        elsewhere = not_here(specs[0].url)
        problems = check_all(specs) or ([elsewhere] if elsewhere else [])
        if problems:
            for spec in specs:
                self._told.health(spec.id, Health(State.FAILED, ("unreachable",), "; ".join(problems)))
            return
        tap = silent_tap() if specs[0].kind == "printer" else Tap()
        keeper = _Keeper(key, self._worker(specs, tap, before), specs, self._told, tap, before)
        self._keepers[key] = keeper
        keeper.start()

    def _worker(self, specs: tuple[DeviceSpec, ...], tap: Tap, before: _Keeper | None) -> Worker:
        if specs[0].kind == "printer":
            made = self._make_printer
            make: Callable[[], Printer] = partial(made, specs[0]) if made else partial(open_heard, specs[0], tap)
            return PrintWorker(specs[0].id, make, self._told, clock=self._clock, recover_s=self._recover_s)
        worker = BusWorker(specs, self._told, clock=self._clock, recover_s=self._recover_s, tap=tap)
        if before is not None and isinstance(before.worker, BusWorker):
            for sign, content in before.worker.wanted().items():
                if sign in worker.signs:
                    worker.show(sign, content)
            for pad, shown in before.worker.pads.wanted().items():
                if pad in worker.pads:
                    worker.pads.show(pad, shown)
        return worker
