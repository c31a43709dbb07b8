"""A line in virtual time: worker, cable and simulated devices in one thread; time passes only while somebody waits.

What is seen so is the same on every machine: an hour of a hall takes seconds, and nothing depends on their load.
"""

import heapq
import itertools
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from drivers.bus import BusWorker
from drivers.bus.health import BY_CHANCE
from drivers.health import Health, State
from drivers.ports import DeviceSpec, Press
from drivers.sim.bus import SimBus
from drivers.sim.pads import SimPads
from drivers.sim.signs import Board

URL = "socket://a-line-in-virtual-time:1"
T = TypeVar("T")
Losing = Callable[[float, bytes], bytes]  # the moment and what is sent: what of it arrives


def whole(_: float, data: bytes) -> bytes:
    """A cable that loses nothing."""
    return data


class Moments:
    """The clock, and what is to happen at which moment."""

    def __init__(self) -> None:
        self.now = 0.0
        self.line: Callable[[], object] = lambda: None
        self.next_at: Callable[[], float] = lambda: float("inf")
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()

    def clock(self) -> float:
        return self.now

    def at(self, when: float, action: Callable[[], object]) -> None:
        heapq.heappush(self._due, (when, next(self._order), action))

    def wait(self, seconds: float, over: Callable[[], bool]) -> None:
        """Let things happen until the time has passed, or until it is over."""
        until = self.now + max(seconds, 0)
        while not over() and self.now < until:
            first = self._due[0][0] if self._due else until
            self.now = max(self.now, min(until, first, self.next_at()))
            while self._due and self._due[0][0] <= self.now:
                heapq.heappop(self._due)[2]()
            self.line()

    def sleep(self, seconds: float) -> None:
        self.wait(seconds, lambda: False)


class Awake(threading.Condition):
    """The worker's condition, in virtual time."""

    def __init__(self, moments: Moments) -> None:
        super().__init__()
        self._moments, self._told = moments, False

    def wait(self, timeout: float | None = None) -> bool:
        self._told = False
        self._moments.wait(float("inf") if timeout is None else timeout, lambda: self._told)
        return self._told

    def wait_for(self, predicate: Callable[[], T], timeout: float | None = None) -> T:
        self._moments.wait(float("inf") if timeout is None else timeout, lambda: bool(predicate()))
        return predicate()

    def notify(self, n: int = 1) -> None:
        self._told = True


class Cable:
    """Both ends of a cable: the station's transport and the simulator's wire; ``losing`` says what arrives."""

    def __init__(self, moments: Moments, losing: Losing) -> None:
        self.losing = losing
        self._moments, self._down, self._up, self._woken = moments, b"", b"", False

    # The line's end (drivers.sim.wire.Wire).

    def plug(self) -> None:
        """Always there."""

    def unplug(self) -> None:
        """Always there."""

    def receive(self, timeout_s: float) -> bytes:
        data, self._down = self._down, b""
        return data

    def send(self, data: bytes) -> None:
        self._up += self.losing(self._moments.now, data)

    # The station's end (drivers.transport.Transport).

    def open(self) -> None:
        """Always open."""

    def close(self) -> None:
        """Always open."""

    def describe(self) -> str:
        return URL

    def write(self, data: bytes, timeout_s: float) -> None:
        self._down += self.losing(self._moments.now, data)
        self._moments.line()

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        self._moments.wait(timeout_s, lambda: bool(self._up) or self._woken)
        self._woken = False
        return self.drain()

    def wake(self) -> None:
        self._woken = True

    def drain(self) -> bytes:
        data, self._up = self._up, b""
        return data


@dataclass(slots=True)
class Diary:
    """Everything that a worker told, with its moment; whoever listens hears it at once."""

    moments: Moments
    told: list[tuple[float, str, tuple[str, ...]]] = field(default_factory=list)
    acks: list[tuple[float, str, str, float]] = field(default_factory=list)
    presses: list[tuple[float, str, Press]] = field(default_factory=list)
    on_health: Callable[[str, Health], object] = lambda *_: None
    on_shown: Callable[[str, str], object] = lambda *_: None
    _latest: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def health(self, device: str, health: Health) -> None:
        said = (health.state.value, *health.faults)
        if self._latest.get(device, (State.UNKNOWN.value,)) != said:
            self._latest[device] = said
            self.told.append((self.moments.now, device, said))
            self.on_health(device, health)

    def shown(self, device: str, content_id: str, ms: float) -> None:
        self.acks.append((self.moments.now, device, content_id, ms))
        self.on_shown(device, content_id)

    def sent(self, device: str, content_id: str) -> None:
        """Nobody here is silent."""

    def pressed(self, device: str, press: Press) -> None:
        self.presses.append((self.moments.now, device, press))

    def rated(self, device: str, rating_id: str, level: int) -> None:
        """Nobody here is rated."""

    def said(self, device: str) -> list[tuple[str, ...]]:
        return [said for _, name, said in self.told if name == device]


class VirtualLine:
    """A worker on a simulated line. ``run`` lets so many seconds pass; what happens meanwhile is arranged before."""

    def __init__(
        self,
        specs: tuple[DeviceSpec, ...],
        boards: Mapping[int, Board],
        pads: SimPads | None = None,
        losing: Losing = whole,
        seed: int = 1,
    ) -> None:
        self.moments = Moments()
        self.cable = Cable(self.moments, losing)
        self.sim = SimBus(boards=boards, pads=pads, wire=self.cable, clock=self.moments.clock, seed=seed)
        self.moments.line, self.moments.next_at = lambda: self.sim.turn(0.0), self.sim.next_at
        self.diary = Diary(self.moments)
        self.worker = BusWorker(
            specs, self.diary, clock=self.moments.clock, sleep=self.moments.sleep, awake=Awake(self.moments),
            open_line=lambda _: self.cable, by_chance=BY_CHANCE, dice=random.Random(seed),
        )  # fmt: skip

    def run(self, seconds: float) -> None:
        self.moments.at(self.moments.now + seconds, self.worker.stop)
        self.worker.run()

    def text(self, address: int) -> str:
        return next(str(sign["text"]) for sign in self.sim.state() if sign["address"] == address)
