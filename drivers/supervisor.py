"""Runs one worker thread for each port or printer, keeps it alive, and tells the hall what changes."""

import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from drivers.bus import BusWorker
from drivers.bus.health import RECOVER_S
from drivers.bus.pads import Pads
from drivers.bus.worker import STEP_S
from drivers.catalog import owner_key
from drivers.health import Health, State
from drivers.keeper import Announcer, Keeper, Messenger, Worker
from drivers.overdue import Overdue
from drivers.ports import (
    Announcement,
    Clock,
    DeviceSpec,
    Listener,
    PadContent,
    PrintResult,
    SignContent,
    Slip,
    SpeechResult,
    Verdict,
)
from drivers.print_queue import PrintWorker
from drivers.speech import SpeechWorker
from drivers.trace import Recording, head
from drivers.workers import Factory, Helpers, Workshop

LOG = logging.getLogger(__name__)
WATCH_S = 1.0  # a worker that hangs is seen at the second look after its time is over


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
        helpers: Helpers | None = None,
        step_s: float = STEP_S,
    ) -> None:
        self._told = Announcer(listener, clock)
        self._clock = clock
        self._workshop = Workshop(clock, recover_s, make_printer, helpers or {}, step_s)
        self._devices = tuple(devices)
        self._keepers: dict[str, Keeper] = {}
        self._owner: dict[str, Worker] = {}
        self._lock = threading.RLock()
        self._running = False
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="devices watched", daemon=True)

    def start(self) -> None:
        """Start a worker for each port and printer."""
        with self._lock:
            self._running = True
            self.replace(self._devices)
        self._watcher.start()

    def stop(self, timeout_s: float) -> None:
        """Let every worker finish what is in its hands, at most so long."""
        self._stopping.set()
        with self._lock:
            self._running = False
            keepers, self._keepers, self._owner = list(self._keepers.values()), {}, {}
        give_up_at = self._clock() + timeout_s
        for keeper in keepers:
            keeper.ask_to_stop()
        for keeper in keepers:
            if not keeper.join(give_up_at - self._clock()):
                LOG.warning("worker of %s is still busy", ", ".join(spec.id for spec in keeper.specs))
        self._workshop.simulators.stop()

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
            nobody = PrintResult(Verdict.NOT_SENT, (), "no such printer here")
            self._told.listener.printed(device_id, slip.slip_id, nobody)

    def say(self, device_id: str, announcement: Announcement) -> None:
        """Say something once; what became of it comes through ``Listener.spoken``."""
        worker = self._owner.get(device_id)
        if isinstance(worker, SpeechWorker):
            worker.say(announcement)
        else:
            nobody = SpeechResult(False, "no such voice module here")
            self._told.listener.spoken(device_id, announcement.announcement_id, nobody)

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
                    keeper.fence.record(recording)
                    return recording
        return None

    def _begin(
        self, key: str, specs: tuple[DeviceSpec, ...], before: Keeper | None, known: Health | None = None
    ) -> None:
        problems = self._workshop.problems(specs)
        if problems:
            for spec in specs:
                self._told.health(spec.id, Health(State.FAILED, ("unreachable",), "; ".join(problems)))
            return
        told, fence = Messenger(self._told), self._workshop.fence(specs)
        worker = self._workshop.worker(specs, told, fence, before, known)
        keeper = Keeper(key, worker, specs, told, fence, self._clock, before)
        self._keepers[key] = keeper
        keeper.start()

    def _watch(self) -> None:
        overdue = Overdue(self._clock(), WATCH_S)
        while not self._stopping.wait(WATCH_S):
            with self._lock:
                keepers = dict(self._keepers)
            for key in overdue.look(self._clock(), {key: keeper.due_at() for key, keeper in keepers.items()}):
                self._give_up(key, keepers[key])

    def _give_up(self, key: str, keeper: Keeper) -> None:
        LOG.error("the driver of %s hangs; it is given up", ", ".join(spec.id for spec in keeper.specs))
        known = keeper.give_up()
        for spec in keeper.specs:
            self._told.health(spec.id, known)
        with self._lock:
            # Still the owner of its key, so that nobody else has begun there meanwhile without waiting for it.
            if self._running and self._keepers.get(key) is keeper:
                self._begin(key, keeper.specs, keeper, known)
                self._owner |= {spec.id: self._keepers[key].worker for spec in keeper.specs}
