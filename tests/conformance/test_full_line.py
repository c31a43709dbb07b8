"""A full line at 9600 Bd: 32 signs, a board, 32 polled pads, four dead signs, a call each second. Figures are printed.

What it promises is asked of ``make soak``, ten minutes long on a machine with nothing else to do; elsewhere a few calls
show that everybody is served.
"""

import random
import threading
import time
from statistics import median, quantiles

import pytest

from drivers.bus import BusWorker
from drivers.ports import DeviceSpec, SignContent
from drivers.sim.bus import SimBus
from drivers.sim.pads import SimPads
from drivers.sim.signs import A090Board
from tests.conformance.bus_rig import Ear, eventually
from tests.soak import SOAK, rounds

SIGNS = range(1, 33)
DEAD = range(29, 33)
BOARD = 128
POLLED = 32
CALLS = rounds(5, 600)
PROMISED_MS = {"p50": 80.0, "p95": 150.0, "p99": 250.0}  # call to acknowledgement, on a healthy line
FLAGGED_MS = 500.0  # after a call to a sign that has died
IDLE_S = 10.0  # the same without a call


def specs(url: str) -> tuple[DeviceSpec, ...]:
    signs = (DeviceSpec(f"w{at}", "sign", f"{url}#{at}") for at in SIGNS)
    pads = (DeviceSpec(f"p{at}", "pad", f"{url}#{at}", (("family", "qsystem"),)) for at in range(32, 32 + POLLED))
    board = DeviceSpec("board", "sign", f"{url}#{BOARD}", (("columns", "32"),))
    return (DeviceSpec("bus", "bus", url), *signs, board, *pads)


def called(worker: BusWorker, sign: int, number: int) -> str:
    """A call as the hall makes it: the window's sign at once, the board as soon as there is time."""
    worker.show(f"w{sign}", SignContent(f"call {number}", (f"A{number:03}",), urgent=True))
    worker.show("board", SignContent(f"board {number}", (f"A{number:03} 请到{sign}号窗口",)))
    return f"call {number}"


def test_a_full_line_keeps_its_promises_with_four_dead_signs(capsys: pytest.CaptureFixture[str]) -> None:
    sim = SimBus(boards={at: A090Board() for at in (*SIGNS, BOARD)}, pads=SimPads(polled=POLLED))
    sim.start()
    eventually(lambda: bool(sim.port))
    ear, by_chance = Ear(), random.Random(1)
    worker = BusWorker(specs(sim.url(1).partition("#")[0]), ear)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        for sign in SIGNS:
            ear.wait_health(f"w{sign}", "ok")
        began = time.monotonic()
        for sign in DEAD:
            sim.set_fault("off", True, address=sign)
        called(worker, DEAD[0], 0)
        ear.wait_health(f"w{DEAD[0]}", "degraded", "no_ack")
        flagged_ms = (ear.first(f"w{DEAD[0]}", "no_ack") - began) * 1000
        for sign in DEAD:
            ear.wait_for(lambda sign=sign: ("failed", "no_ack") in ear.said(f"w{sign}"))  # type: ignore[misc]
        idle_s = max(ear.when(f"w{sign}", "failed", "no_ack") for sign in DEAD) - began
        calls = []
        for number in range(1, CALLS + 1):
            sign = by_chance.choice(SIGNS)
            call = called(worker, sign, number)
            if sign not in DEAD:
                calls.append((call, sign, number))
            time.sleep(1.0)
        waits_ms = [ear.wait_shown(call) for call, _, _ in calls]
    finally:
        worker.stop()
        thread.join(20)
        sim.stop()
    last = {sign: f"A{number:03}" for _, sign, number in calls}
    shown = {int(str(sign["address"])): sign["text"] for sign in sim.state()}
    assert {sign: shown[sign] for sign in last} == last
    assert sorted(name for name, said, _ in ear.told if said[0] == "failed") == [f"w{sign}" for sign in DEAD]
    cuts = quantiles(waits_ms, n=100, method="inclusive")
    figures = {"p50": median(waits_ms), "p95": cuts[94], "p99": cuts[98]}
    words = ", ".join(f"{name} {ms:.0f} ms" for name, ms in figures.items())
    told = f"{len(waits_ms)} calls: {words}, max {max(waits_ms):.0f}; dead: {flagged_ms:.0f} ms, idle {idle_s:.1f} s"
    with capsys.disabled():
        print(f"\nfull line: {told}")  # noqa: T201 - the figures are what a soak is for
    if SOAK:
        assert all(figures[name] <= promised for name, promised in PROMISED_MS.items()), told
        assert (flagged_ms <= FLAGGED_MS, idle_s <= IDLE_S) == (True, True), told
