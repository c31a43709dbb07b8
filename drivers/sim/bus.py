"""A simulated RS-485 line with signs of any family, at the speed of a real one, that fails in every known way."""

import heapq
import itertools
import math
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from drivers.ports import Clock
from drivers.sim import signs
from drivers.sim.pads import SimPads, readable
from drivers.sim.signs import A090Board, Board, Order, SimSign
from drivers.sim.wire import PtyWire, TcpWire, Wire

BUS_FAULTS = ("unplugged", "dead", "echo", "noise", "corrupt", "lost", "babble", "blocked")
POLL_S = 0.02  # how soon a fault set by hand acts
FRAME_PAUSE_S = 0.02  # a board gives up an unfinished frame after such a silence
CORRUPT_SHARE = 0.3  # of the frames, as on a line without termination beside a lift motor
LOG_FRAMES = 60  # as many as a person reads
BITS_PER_BYTE = 10
SPOKEN = 16  # who spoke last; older words have left the line


@dataclass(frozen=True, slots=True)
class Frame:
    """One line of the log: when (local time), which way, the bytes, what they say when they are a frame."""

    at: str
    way: str
    data: str
    text: str


@dataclass(frozen=True, slots=True)
class Voice:
    """When somebody's bytes are on the line (monotonic seconds)."""

    pad: bool
    begins: float
    ends: float

    def meets(self, other: "Voice") -> bool:
        """Whether two speak at once, one of them a pad: only pads speak without being asked."""
        return self.pad != other.pad and self.begins < other.ends and other.begins < self.ends


class SimBus:
    """``count`` signs (addresses 1 …) on one line over TCP, or over a pseudo-terminal when ``link`` is given.

    ``boards`` says instead which addresses there are and what is behind each; else they are ``A0 90`` signs. ``pads``
    are on the same line. Who brings a ``wire`` and a ``clock`` of his own may call ``turn`` instead of ``start``.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        count: int = 6,
        baud: int = 9600,
        link: Path | None = None,
        seed: int = 0,
        boards: Mapping[int, Board] | None = None,
        pads: SimPads | None = None,
        wire: Wire | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        self._wire: Wire = wire or (TcpWire(host, port) if link is None else PtyWire(link))
        self._clock = clock
        boards = boards or {address: A090Board() for address in range(1, count + 1)}
        self._signs = {address: SimSign(address, board) for address, board in boards.items()}
        self._byte_s = BITS_PER_BYTE / baud
        self._faults: set[str] = set()
        self._log: deque[Frame] = deque(maxlen=LOG_FRAMES)
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sim-bus", daemon=True)
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._order = itertools.count()
        self._free_at = 0.0
        self._heard_at = 0.0
        self._spoken: deque[Voice] = deque(maxlen=SPOKEN)
        self._pads = pads or SimPads()
        self._pads.plug(self._pad_speaks, self._after)
        # Simulated noise is repeatable: the same seed breaks the same frames.
        self._random = random.Random(seed)

    @property
    def port(self) -> int:
        """The TCP port; 0 on a pseudo-terminal."""
        return self._wire.port if isinstance(self._wire, TcpWire) else 0

    @property
    def first(self) -> int:
        """The first address of a sign."""
        return next(iter(self._signs))

    def url(self, address: int) -> str:
        """The device URL of one sign."""
        if isinstance(self._wire, TcpWire):
            return f"socket://{self._wire.host}:{self._wire.port}#{address}"
        assert isinstance(self._wire, PtyWire)
        return f"serial://{self._wire.link}#{address}"

    def start(self) -> None:
        """Plug the line in and let the signs listen."""
        self._wire.plug()
        self._thread.start()

    def listening(self) -> "SimBus":
        """Start, with a TCP port from the beginning: a fault may unplug it at once."""
        self._wire.plug()
        self.start()
        return self

    def stop(self) -> None:
        """End the thread, then close the port."""
        self._stopping.set()
        self._thread.join()
        self._wire.unplug()

    def set_fault(self, name: str, on: bool, address: int | None = None) -> None:
        """Set or clear a fault of one sign, or of the line. Raises ``ValueError`` for an unknown one."""
        known = BUS_FAULTS if address is None else signs.FAULTS
        if name not in known or (address is not None and address not in self._signs):
            raise ValueError(f"no fault {name!r} of {address or 'the line'}; known are {', '.join(known)}")
        with self._lock:
            faults = self._faults if address is None else self._signs[address].faults
            if address is not None and name == "off" and not on and name in faults:
                self._signs[address].power_cycle()
            (faults.add if on else faults.discard)(name)

    def faults(self, address: int | None = None) -> dict[str, bool]:
        """Which faults are set, of one sign or of the line."""
        with self._lock:
            if address is None:
                return {name: name in self._faults for name in BUS_FAULTS}
            return {name: name in self._signs[address].faults for name in signs.FAULTS}

    def power_cycle(self, address: int) -> None:
        """Take a sign's power away for a moment: it comes back with its boot picture."""
        with self._lock:
            self._signs[address].power_cycle()

    def state(self) -> list[dict[str, object]]:
        """What each sign shows: address, text, colour, lit, acks."""
        with self._lock:
            return [
                {
                    "address": sign.address,
                    "text": sign.board.text if sign.lit else "",
                    "colour": sign.board.colour,
                    "lit": sign.lit,
                    "acks": sign.acks,
                }
                for sign in self._signs.values()
            ]

    def act(self, unit: str, what: str, on: bool = True) -> None:
        """Press a key of a pad, choose a level, or set a fault; see ``SimPads.act``."""
        with self._lock:
            self._pads.act(unit, what, on)

    def pads(self) -> list[dict[str, object]]:
        """What each pad and rating unit shows."""
        with self._lock:
            return self._pads.state()

    def frames(self) -> list[Frame]:
        """The latest frames, newest first."""
        with self._lock:
            return list(reversed(self._log))

    def _run(self) -> None:
        while not self._stopping.is_set():
            with self._lock:
                faults = frozenset(self._faults)
            if "unplugged" in faults:
                self._wire.unplug()
                self._stopping.wait(POLL_S)
                continue
            self._wire.plug()
            if "babble" in faults:
                self._wire.send(self._random.randbytes(8))
            if "blocked" in faults:
                self._stopping.wait(POLL_S)
                continue
            self.turn(POLL_S)

    def turn(self, longest_s: float) -> None:
        """Hear the master for so long, or until something is due, and do that."""
        data = self._wire.receive(max(min(longest_s, self.next_at() - self._clock()), 0))
        with self._lock:
            if data:
                self._arrive(data, frozenset(self._faults))
            while self.next_at() <= self._clock():
                heapq.heappop(self._due)[2]()

    def next_at(self) -> float:
        """When somebody on the line does something next."""
        return self._due[0][0] if self._due else math.inf

    def _arrive(self, data: bytes, faults: frozenset[str]) -> None:
        """Bytes have left the master's adapter; they need their time on the wire."""
        now = self._clock()
        if now - self._heard_at > FRAME_PAUSE_S and now > self._free_at:
            for device in (*self._signs.values(), *self._pads.units.values()):
                device.forget()
        if "lost" in faults:
            data = self._without_first_bytes(data)
        self._heard_at = now
        if "echo" in faults:
            self._wire.send(data)
        voice = self._voice(max(now, self._free_at), data)
        self._free_at = voice.ends
        if "corrupt" in faults and self._random.random() < CORRUPT_SHARE:
            broken = bytearray(data)
            broken[self._random.randrange(len(broken))] ^= 1 << self._random.randrange(8)
            data = bytes(broken)
        self._later(self._free_at, lambda: self._hear(self._mixed(voice, data)))

    def _voice(self, begins: float, data: bytes, pad: bool = False) -> Voice:
        voice = Voice(pad, begins, begins + len(data) * self._byte_s)
        self._spoken.append(voice)
        return voice

    def _mixed(self, voice: Voice, data: bytes) -> bytes:
        """What is heard of this voice: where two speak at once the line carries neither."""
        return bytes(one | 0x5A for one in data) if any(voice.meets(other) for other in self._spoken) else data

    def _pad_speaks(self, data: bytes) -> None:
        if not {"dead", "unplugged"} & self._faults:
            voice = self._voice(self._clock(), data, pad=True)
            self._later(voice.ends, lambda: self._say(self._mixed(voice, data)))

    def _after(self, delay_s: float, action: Callable[[], object]) -> None:
        self._later(self._clock() + delay_s, action)

    def _hear(self, data: bytes) -> None:
        self._note("→", data)
        if "dead" in self._faults:
            return
        for device in (*self._signs.values(), *self._pads.units.values()):
            for reply in device.hear(data):
                noise = b"\x00\xfe\x7f" if "noise" in self._faults else b""
                self._answer(self._clock() + reply.delay_s, noise + reply.data)

    def _answer(self, at: float, data: bytes) -> None:
        voice = self._voice(at, data)
        self._later(voice.ends, lambda: self._say(self._mixed(voice, data)))

    def _say(self, data: bytes) -> None:
        self._note("←", data)
        self._wire.send(data)

    def _later(self, at: float, action: Callable[[], object]) -> None:
        heapq.heappush(self._due, (at, next(self._order), action))

    def _note(self, way: str, data: bytes) -> None:
        read = self._read(data) if way == "→" else None
        text = f"{read.address}: {read.text}" if read else readable(data)
        at = datetime.now().astimezone().strftime("%H:%M:%S.%f")[:-3]
        self._log.append(Frame(at, way, data.hex(" ").upper(), text))

    def _read(self, data: bytes) -> Order | None:
        """What the front of these bytes tells a sign."""
        orders = (sign.board.take(data) for sign in self._signs.values())
        return next((order for order in orders if isinstance(order, Order)), None)

    def _without_first_bytes(self, data: bytes) -> bytes:
        """After a stall of ours several frames come as one piece: each loses its own."""
        left = b""
        while data:
            order = self._read(data)
            used = order.used if order else len(data)
            left, data = left + data[1:used], data[used:]
        return left
