"""A worker on a simulated line, over every kind of wire, and an ear that waits for what the worker tells."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from drivers.bus import BusWorker
from drivers.bus.worker import RENEW_AFTER_S
from drivers.health import Health, State
from drivers.ports import Clock, DeviceSpec, Press, SignContent
from drivers.sim.bus import SimBus
from drivers.sim.pads import SimPads
from drivers.sim.signs import Board
from tests.conformance.rows import NotHereError
from tests.found import missing, ser2net

PATIENCE_S = 20.0  # how long a condition is awaited before a row fails; reached only by a broken driver
FAIL_AFTER_S = 0.6  # shorter than in a hall, or each dead sign would cost four seconds of testing
RECOVER_S = 1.0
BY_CHANCE = 0.01  # likewise: two silent questions in a row accuse
WIRES = ("socket", "serial", "ser2net", "rfc2217")
SIGNS = 3
OK = [("ok",)]


class Ear:
    """Hears what a worker tells and when (monotonic seconds), and lets a row wait for it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[str, ...], float]] = []
        self.acks: list[tuple[str, str, float]] = []
        self.unproved: list[tuple[str, str]] = []
        self.presses: list[tuple[str, Press, float]] = []
        self.ratings: list[tuple[str, str, int]] = []
        self._changed = threading.Condition()
        self._latest: dict[str, tuple[str, ...]] = {}

    def health(self, device: str, health: Health) -> None:
        with self._changed:
            said = (health.state.value, *health.faults)
            if self._latest.get(device, (State.UNKNOWN.value,)) != said:
                self._latest[device] = said
                self.told.append((device, said, time.monotonic()))
                self._changed.notify_all()

    def shown(self, device: str, content_id: str, ms: float) -> None:
        with self._changed:
            self.acks.append((device, content_id, ms))
            self._changed.notify_all()

    def pressed(self, device: str, press: Press) -> None:
        with self._changed:
            self.presses.append((device, press, time.monotonic()))
            self._changed.notify_all()

    def rated(self, device: str, rating_id: str, level: int) -> None:
        with self._changed:
            self.ratings.append((device, rating_id, level))
            self._changed.notify_all()

    def sent(self, device: str, content_id: str) -> None:
        with self._changed:
            self.unproved.append((device, content_id))
            self._changed.notify_all()

    def wait_sent(self, content_id: str) -> None:
        self.wait_for(lambda: any(content_id == sent for _, sent in self.unproved))

    def said(self, device: str) -> list[tuple[str, ...]]:
        with self._changed:
            return [said for name, said, _ in self.told if name == device]

    def when(self, device: str, *said: str) -> float:
        """The latest moment at which this was told."""
        with self._changed:
            return [at for name, words, at in self.told if (name, words) == (device, said)][-1]

    def first(self, device: str, fault: str) -> float:
        """The first moment at which this fault was told."""
        with self._changed:
            return next(at for name, words, at in self.told if name == device and fault in words)

    def wait_for(self, condition: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
        with self._changed:
            done = self._changed.wait_for(condition, patience_s)
            assert done, f"never came; told so far: {[(name, said) for name, said, _ in self.told]}"

    def wait_health(self, device: str, *said: str, patience_s: float = PATIENCE_S) -> None:
        self.wait_for(lambda: self._latest.get(device) == said, patience_s)

    def pressed_so(self) -> list[tuple[str, str, str]]:
        """Every press that was told: pad, action, digits."""
        with self._changed:
            return [(device, press.action, press.digits) for device, press, _ in self.presses]

    def wait_presses(self, count: int) -> float:
        """The moment of the last of so many presses."""
        self.wait_for(lambda: len(self.presses) >= count)
        return self.presses[count - 1][2]

    def was_shown(self, content_id: str) -> bool:
        return any(content_id == shown for _, shown, _ in self.acks)

    def wait_shown(self, content_id: str) -> float:
        self.wait_for(lambda: self.was_shown(content_id))
        return next(ms for _, shown, ms in self.acks if shown == content_id)


@dataclass(slots=True)
class Bridge:
    """A real ser2net in front of a port; its process can be ended and begun again on the same TCP port."""

    folder: Path
    device: Path
    accepter: str
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it listens."""
        self.port = self.port or free_port()
        config = self.folder / "ser2net.yaml"
        config.write_text(
            f"connection: &signs\n  accepter: {self.accepter},127.0.0.1,{self.port}\n"
            f"  connector: serialdev(nouucplock),{self.device},9600n81,local\n  options:\n    chardelay: false\n"
        )
        command = [str(ser2net()), "-n", "-c", str(config), "-P", str(self.folder / "ser2net.pid")]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)
        process = psutil.Process(self._process.pid)
        eventually(lambda: any(one.status == psutil.CONN_LISTEN for one in process.net_connections("tcp")))

    def stop(self) -> None:
        """Kill it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@dataclass(slots=True)
class Site:
    """A simulated line and the URL under which a station reaches it; ``gone`` is the fault when it is pulled."""

    sim: SimBus
    url: str
    gone: str
    bridge: Bridge | None = None


def free_port() -> int:
    """A port that nobody has just now."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextmanager
def plugged(
    wire: str,
    folder: Path,
    pulled: bool = False,
    signs: int = SIGNS,
    boards: Mapping[int, Board] | None = None,
    pads: SimPads | None = None,
) -> Iterator[Site]:
    """A line of signs on this wire; with ``pulled`` its adapter is not there yet."""
    if wire != "socket" and sys.platform == "win32":
        raise NotHereError("Windows has no pseudo-terminals")
    lacks = missing("ser2net") if wire in ("ser2net", "rfc2217") else None
    if lacks:
        raise NotHereError(lacks)
    link = folder / "usb-adapter-by-id"
    sim = SimBus(count=signs, link=None if wire == "socket" else link, boards=boards, pads=pads)
    sim.start()
    try:
        eventually(lambda: bool(sim.port) or link.exists())
        site = _site(wire, sim, folder, link)
        if pulled:
            sim.set_fault("unplugged", True)
            eventually(lambda: _is_pulled(sim, link))
        if site.bridge is not None:
            site.bridge.start()
            site.url += f"{site.bridge.port}"
        try:
            yield site
        finally:
            if site.bridge is not None:
                site.bridge.stop()
    finally:
        sim.stop()


def _site(wire: str, sim: SimBus, folder: Path, link: Path) -> Site:
    if wire == "socket":
        return Site(sim, sim.url(0).partition("#")[0], "refused")
    if wire == "serial":
        return Site(sim, sim.url(0).partition("#")[0], "port_missing")
    if wire == "ser2net":
        return Site(sim, "socket://127.0.0.1:", "unreachable", Bridge(folder, link, "tcp"))
    return Site(sim, "rfc2217://127.0.0.1:", "unreachable", Bridge(folder, link, "telnet(rfc2217),tcp"))


def _is_pulled(sim: SimBus, link: Path) -> bool:
    if not sim.port:
        return not link.is_symlink()
    with suppress(OSError), socket.create_connection(("127.0.0.1", sim.port), 1):
        return False
    return True


@dataclass(slots=True)
class Rig:
    """A worker and an ear; signs are ``w1`` … by address. ``before`` runs on the worker's thread before it."""

    sim: SimBus
    url: str
    recover_s: float = RECOVER_S
    fail_after_s: float = FAIL_AFTER_S
    renew_after_s: float = RENEW_AFTER_S
    by_chance: float = BY_CHANCE
    clock: Clock = time.monotonic
    before: Callable[[], object] = lambda: None
    options: Callable[[object], tuple[tuple[str, str], ...]] = lambda address: ()
    site: str = ""
    ear: Ear = field(default_factory=Ear)
    worker: BusWorker = field(init=False)
    _thread: threading.Thread = field(init=False)
    _calls: int = 0

    def __post_init__(self) -> None:
        specs = [DeviceSpec("bus", "bus", self.url)]
        specs += [
            DeviceSpec(f"w{sign['address']}", "sign", f"{self.url}#{sign['address']}", self.options(sign["address"]))
            for sign in self.sim.state()
        ]
        specs += [self._pad(str(unit["id"])) for unit in self.sim.pads()]
        self.worker = BusWorker(
            tuple(specs), self.ear, clock=self.clock, recover_s=self.recover_s, fail_after_s=self.fail_after_s,
            renew_after_s=self.renew_after_s, by_chance=self.by_chance,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _pad(self, name: str) -> DeviceSpec:
        """A simulated unit's specification: a rating unit has its pad's number, polled pads begin with 32."""
        kind, _, number = name.partition("-")
        if kind == "polled":
            return DeviceSpec(name, "pad", f"{self.url}#{31 + int(number)}", (("family", "qsystem"),))
        return DeviceSpec(name, kind, f"{self.url}#{number}", (("site", self.site),) if self.site else ())

    def _run(self) -> None:
        self.before()
        self.worker.run()

    def __enter__(self) -> "Rig":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.worker.stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the worker did not stop"

    def all_ok(self) -> "Rig":
        for sign in self.worker.signs:
            self.ear.wait_health(sign, "ok")
        return self

    def call(self, sign: str, text: str) -> str:
        self._calls += 1
        self.worker.show(sign, SignContent(f"{sign} {text} {self._calls}", (text,), urgent=True))
        return f"{sign} {text} {self._calls}"

    def press(self, unit: str, *keys: str) -> float:
        """Keys of a pad, or a customer's level; the moment of the last one."""
        for key in keys:
            self.sim.act(unit, key)
        return time.monotonic()

    def pad(self, name: str) -> dict[str, object]:
        """What a simulated unit shows, and how often it spoke."""
        return next(unit for unit in self.sim.pads() if unit["id"] == name)

    def text(self, address: int) -> str:
        return next(str(sign["text"]) for sign in self.sim.state() if sign["address"] == address)

    def sent(self, start: str) -> list[str]:
        """What the line has carried to signs, oldest first, of the frames that begin so, e.g. ``1: A0``."""
        return [
            frame.text for frame in reversed(self.sim.frames()) if frame.way == "→" and frame.text.startswith(start)
        ]

    def undisturbed(self, *devices: str) -> None:
        """Of these nothing was ever told but that they are well."""
        told = {name: self.ear.said(name) for name in devices}
        assert told == dict.fromkeys(devices, OK), told


def eventually(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < give_up_at, "the condition never became true"
        time.sleep(0.005)


def line_fault_told(rig: Rig, code: str) -> None:
    """The line is named, its signs are unknown for that reason, and none is accused."""
    rig.ear.wait_health("bus", "failed", code)
    for sign in rig.worker.signs:
        rig.ear.wait_health(sign, "unknown", code)
        assert not [said for said in rig.ear.said(sign) if said[0] == "failed"]


def calls_shown(rig: Rig, calls: dict[int, str]) -> None:
    """Every call that was kept is on its sign, and all is well again."""
    for address, call in calls.items():
        rig.ear.wait_shown(call)
        assert rig.text(address) == call.split()[1]
    rig.ear.wait_health("bus", "ok")
    rig.all_ok()
