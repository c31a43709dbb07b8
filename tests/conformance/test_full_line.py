"""A full line at 9600 Bd: 32 signs, a board, 32 pads, four dead signs, a call each second, a key every three.

In virtual time its promises hold to the millisecond, whatever else the machine does. `make soak` keeps them in real
time, ten minutes long, on a machine with nothing else to do; there the figures are printed.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles

import pytest

from drivers.bus import BusWorker
from drivers.ports import DeviceSpec, SignContent
from drivers.sim.bus import SimBus
from drivers.sim.pads import SimPads
from drivers.sim.signs import A090Board, Board
from tests.conformance.bus_rig import Ear, eventually
from tests.conformance.virtual_line import URL, VirtualLine
from tests.soak import SOAK, rounds

SIGNS = range(1, 33)
DEAD = range(29, 33)
BOARD = 128
PADS = 32
CALLS = 600
VIRTUAL_CALLS = rounds(100, CALLS)
PRESS_EACH = 3  # calls to one press
KEYS = {"polled": "key:31", "pad": "key:0C"}
PROMISED_MS = {"p50": 80.0, "p95": 150.0, "p99": 250.0}  # call to acknowledgement, on a healthy line
KEY_MS = {"polled": {"p50": 700.0, "p95": 1150.0, "p99": 1200.0}, "pad": {"p50": 20.0, "p95": 250.0, "p99": 260.0}}
FLAGGED_MS = 500.0  # after a call to a sign that has died
IDLE_S = 10.0  # the same without a call


def boards() -> dict[int, Board]:
    return {at: A090Board() for at in (*SIGNS, BOARD)}


def pads_only(kind: str) -> SimPads:
    pads = SimPads(pads=PADS if kind == "pad" else 0, polled=PADS if kind == "polled" else 0)
    pads.units = {name: unit for name, unit in pads.units.items() if name.startswith(kind)}
    return pads


def specs(url: str, kind: str) -> tuple[DeviceSpec, ...]:
    signs = (DeviceSpec(f"w{at}", "sign", f"{url}#{at}") for at in SIGNS)
    board = DeviceSpec("board", "sign", f"{url}#{BOARD}", (("columns", "32"),))
    first, options = (32, (("family", "qsystem"),)) if kind == "polled" else (1, ())
    pads = (DeviceSpec(f"{kind}-{at}", "pad", f"{url}#{first + at - 1}", options) for at in range(1, PADS + 1))
    return (DeviceSpec("bus", "bus", url), *signs, board, *pads)


def called(worker: BusWorker, sign: int, number: int) -> str:
    """A call as the hall makes it: the window's sign at once, the board as soon as there is time."""
    worker.show(f"w{sign}", SignContent(f"call {number}", (f"A{number:03}",), urgent=True))
    worker.show("board", SignContent(f"board {number}", (f"A{number:03} 请到{sign}号窗口",)))
    return f"call {number}"


@dataclass
class Hour:
    """What happens on the line, and when; the same in virtual and in real time."""

    worker: BusWorker
    sim: SimBus
    clock: Callable[[], float]
    kind: str
    calls: dict[str, tuple[int, int]] = field(default_factory=dict)
    presses: list[tuple[float, str]] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def kill(self) -> None:
        for sign in DEAD:
            self.sim.set_fault("off", True, address=sign)
        called(self.worker, DEAD[0], 0)

    def second(self, number: int) -> None:
        sign = self.chance.choice(SIGNS)
        call = called(self.worker, sign, number)
        if sign not in DEAD:
            self.calls[call] = (sign, number)

    def press(self) -> None:
        pad = self.chance.randint(1, PADS)
        self.presses.append((self.clock(), f"{self.kind}-{pad}"))
        self.sim.act(f"{self.kind}-{pad}", KEYS[self.kind])

    def key_waits_ms(self, told: list[tuple[float, str]]) -> list[float]:
        """How long each press took; one that is told twice, or never, fails."""
        assert [pad for _, pad in told] == [pad for _, pad in self.presses]
        return [(heard - pressed) * 1000 for (heard, _), (pressed, _) in zip(told, self.presses, strict=True)]

    def last_texts_stand(self) -> None:
        last = {sign: f"A{number:03}" for sign, number in self.calls.values()}
        shown = {int(str(sign["address"])): sign["text"] for sign in self.sim.state()}
        assert {sign: shown[sign] for sign in last} == last


def figures(waits_ms: list[float]) -> dict[str, float]:
    cuts = quantiles(waits_ms, n=100, method="inclusive")
    return {"p50": median(waits_ms), "p95": cuts[94], "p99": cuts[98]}


def kept(found: dict[str, float], promised: dict[str, float]) -> bool:
    return all(found[name] <= most for name, most in promised.items())


@pytest.mark.parametrize("kind", KEYS)
def test_a_full_line_keeps_its_promises_with_four_dead_signs(kind: str) -> None:
    line = VirtualLine(specs(URL, kind), boards(), pads_only(kind))
    moments, diary = line.moments, line.diary
    hour = Hour(line.worker, line.sim, moments.clock, kind)
    killed = moments.now + 10.0
    moments.at(killed, hour.kill)
    for number in range(1, VIRTUAL_CALLS + 1):
        moments.at(killed + 12.0 + number, lambda number=number: hour.second(number))  # type: ignore[misc]
        if number % PRESS_EACH == 0:
            moments.at(killed + 12.0 + number + hour.chance.random(), hour.press)
    line.run(25.0 + VIRTUAL_CALLS)
    hour.last_texts_stand()
    calls = figures([ms for _, _, content, ms in diary.acks if content in hour.calls])
    keys = figures(hour.key_waits_ms([(at, pad) for at, pad, _ in diary.presses]))
    assert kept(calls, PROMISED_MS), calls
    assert kept(keys, KEY_MS[kind]), keys
    flagged_s = next(at for at, name, said in diary.told if (name, said[0]) == (f"w{DEAD[0]}", "degraded")) - killed
    failed = {name: at - killed for at, name, said in diary.told if said[0] == "failed"}
    assert sorted(failed) == [f"w{sign}" for sign in DEAD]
    assert (flagged_s * 1000 <= FLAGGED_MS, max(failed.values()) <= IDLE_S) == (True, True), (flagged_s, failed)


@pytest.mark.skipif(not SOAK, reason="ten minutes: make soak")
@pytest.mark.parametrize("kind", KEYS)
def test_a_full_line_keeps_its_promises_in_real_time(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    sim = SimBus(boards=boards(), pads=pads_only(kind))
    sim.start()
    eventually(lambda: bool(sim.port))
    ear = Ear()
    worker = BusWorker(specs(sim.url(1).partition("#")[0], kind), ear)
    hour = Hour(worker, sim, time.monotonic, kind)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        for sign in SIGNS:
            ear.wait_health(f"w{sign}", "ok")
        began = time.monotonic()
        hour.kill()
        for sign in DEAD:
            ear.wait_for(lambda sign=sign: ("failed", "no_ack") in ear.said(f"w{sign}"))  # type: ignore[misc]
        flagged_ms = (ear.first(f"w{DEAD[0]}", "no_ack") - began) * 1000
        idle_s = max(ear.when(f"w{sign}", "failed", "no_ack") for sign in DEAD) - began
        for number in range(1, CALLS + 1):
            hour.second(number)
            time.sleep(0.5)
            if number % PRESS_EACH == 0:
                hour.press()
            time.sleep(0.5)
        calls = figures([ear.wait_shown(call) for call in hour.calls])
        ear.wait_presses(len(hour.presses))
    finally:
        worker.stop()
        thread.join(20)
        sim.stop()
    hour.last_texts_stand()
    keys = figures(hour.key_waits_ms([(at, pad) for pad, _, at in ear.presses]))
    assert sorted(name for name, said, _ in ear.told if said[0] == "failed") == [f"w{sign}" for sign in DEAD]
    told = f"calls {calls}; keys {keys}; dead {flagged_ms:.0f} ms, idle {idle_s:.1f} s"
    with capsys.disabled():
        print(f"\nfull line, {kind}: {told}")  # noqa: T201 - the figures are what a soak is for
    assert kept(calls, PROMISED_MS), told
    assert (flagged_ms <= FLAGGED_MS, idle_s <= IDLE_S) == (True, True), told
