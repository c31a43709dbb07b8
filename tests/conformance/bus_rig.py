"""A simulated line with a worker on it, for the tests that every sign driver must pass."""

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.bus import BusWorker
from drivers.health import Health, State
from drivers.ports import DeviceError, DeviceSpec, SignContent
from drivers.sim.bus import SimBus
from drivers.transport import Transport, open_transport

PATIENCE_S = 15.0  # how long a condition is awaited before the test fails; reached only by a broken driver
FAIL_AFTER_S = 0.6  # shorter than in a hall, or each dead sign would cost four seconds of testing
RECOVER_S = 1.0


class Ear:
    """Hears what a worker tells, and lets a test wait for it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, tuple[str, ...]]] = []
        self.acks: list[tuple[str, str, float]] = []
        self._changed = threading.Condition()
        self._latest: dict[str, tuple[str, ...]] = {}

    def health(self, device: str, health: Health) -> None:
        with self._changed:
            said = (health.state.value, *health.faults)
            if self._latest.get(device, (State.UNKNOWN.value,)) != said:
                self._latest[device] = said
                self.told.append((device, said))
                self._changed.notify_all()

    def shown(self, device: str, content_id: str, ms: float) -> None:
        with self._changed:
            self.acks.append((device, content_id, ms))
            self._changed.notify_all()

    def said(self, device: str) -> list[tuple[str, ...]]:
        with self._changed:
            return [said for name, said in self.told if name == device]

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            done = self._changed.wait_for(condition, PATIENCE_S)
            assert done, f"never came; told so far: {self.told}"

    def wait_health(self, device: str, *said: str) -> None:
        self.wait_for(lambda: self._latest.get(device) == said)

    def wait_shown(self, content_id: str) -> float:
        self.wait_for(lambda: any(content_id == shown for _, shown, _ in self.acks))
        return next(ms for _, shown, ms in self.acks if shown == content_id)


class Rig:
    """A simulated line, a worker on it and an ear; signs are ``w1`` … by address."""

    def __init__(self, sim: SimBus, signs: int, open_line: Callable[[str], Transport] = open_transport) -> None:
        self.sim, self.ear = sim, Ear()
        specs = [DeviceSpec("bus", "bus", sim.url(0).partition("#")[0])]
        specs += [DeviceSpec(f"w{number}", "sign", sim.url(number)) for number in range(1, signs + 1)]
        self.worker = BusWorker(
            tuple(specs), self.ear, recover_s=RECOVER_S, fail_after_s=FAIL_AFTER_S, open_line=open_line
        )
        self._thread = threading.Thread(target=self.worker.run)
        self._calls = 0

    def start(self) -> None:
        self._thread.start()

    def all_ok(self) -> None:
        for sign in self.worker.signs:
            self.ear.wait_health(sign, "ok")

    def call(self, sign: str, text: str) -> str:
        self._calls += 1
        self.worker.show(sign, SignContent(f"{sign} {text} {self._calls}", (text,), urgent=True))
        return f"{sign} {text} {self._calls}"

    def text(self, address: int) -> str:
        return str(self.sim.state()[address - 1]["text"])

    def stop(self) -> None:
        self.worker.stop()
        self._thread.join(PATIENCE_S)
        assert not self._thread.is_alive(), "the worker did not stop"


RIGS = {
    "a0_90 over tcp": lambda path: SimBus(count=3),
    "a0_90 over pty": lambda path: SimBus(count=3, link=path / "by-id"),
}
# What a sign does with its bytes does not depend on the wire; only tests of the wire itself run on each.
ONE_WIRE = [name for name in RIGS if name.endswith("tcp")]


def started(name: str, path: Path) -> Iterator[SimBus]:
    if "pty" in name and sys.platform == "win32":
        pytest.skip("Windows has no pseudo-terminals")
    simulated = RIGS[name](path)
    simulated.start()
    yield simulated
    simulated.stop()


def at_work(sim: SimBus) -> Iterator[Rig]:
    built = Rig(sim, signs=3)
    built.start()
    built.all_ok()
    yield built
    built.stop()


class Forbidden:
    """A port that the system refuses to open, or that takes no byte."""

    def __init__(self, code: str) -> None:
        self._code = code

    def open(self) -> None:
        if self._code != "port_blocked":
            raise DeviceError(self._code, "simulated")

    def write(self, data: bytes, timeout_s: float) -> None:
        raise DeviceError(self._code, "simulated")

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        raise AssertionError("read from a port that is not open")

    def drain(self) -> bytes:
        return b""

    def close(self) -> None:
        """Nothing is open."""

    def describe(self) -> str:
        return "a forbidden port"


def eventually(condition: Callable[[], bool]) -> None:
    give_up_at = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < give_up_at, "the condition never became true"
        time.sleep(0.005)
