"""Row 8: one driver that blocks for ever, one helper that segfaults; the others notice nothing, and nothing loops."""

import math
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median, quantiles

import pytest

from drivers import keeper as keeping
from drivers import supervisor as supervising
from drivers.bus import BusWorker
from drivers.escpos.printer import open_heard
from drivers.fence import Fence
from drivers.health import Health
from drivers.helper.child import CRASHES, SLOW_START_S
from drivers.keeper import Announcer, Keeper, Messenger
from drivers.ports import DeviceError, DeviceSpec, Printer, PrintResult, SignContent, Slip, Verdict
from drivers.print_queue import PrintWorker
from drivers.sim.bus import SimBus
from drivers.sim.printer import SimPrinter
from drivers.supervisor import Supervisor
from drivers.trace import Tap
from tests.drivers.helper import misbehaving
from tests.drivers.helper.test_talk import eventually, starts
from tests.drivers.test_supervisor import PATIENCE_S, Hall
from tests.soak import SOAK, rounds

STEP_S = 3.0  # so long a healthy driver may stand still on a busy machine without being given up here
CALLS = rounds(in_ci=15, in_soak=400)
SLIP = Slip("s1", "hall", "A001")


class Hanging:
    """A printer driver that blocks for ever, until the test lets its threads go."""

    def __init__(self) -> None:
        self.entered, self.let_go = threading.Event(), threading.Event()

    def status(self) -> Health:
        self._hang()
        raise RuntimeError("a driver that was given up came back")

    def print_slip(self, slip: Slip) -> PrintResult:
        self._hang()
        return PrintResult(Verdict.PRINTED)

    def close(self) -> None:
        """Nothing is open."""

    def _hang(self) -> None:
        self.entered.set()
        self.let_go.wait()


class StuckWire:
    """A transport whose ``read`` blocks in the system, as that of a broken adapter's driver does."""

    def __init__(self) -> None:
        self.entered, self.let_go, self.closed = threading.Event(), threading.Event(), threading.Event()
        self.written = 0

    def open(self) -> None:
        """It opens at once."""

    def write(self, data: bytes, timeout_s: float) -> None:
        self.written += 1

    def read(self, timeout_s: float, limit: int = 4096) -> bytes:
        self.entered.set()
        self.let_go.wait()
        return b""

    def wake(self) -> None:
        """Nobody waits."""

    def drain(self) -> bytes:
        return b""

    def close(self) -> None:
        self.closed.set()

    def describe(self) -> str:
        return "stuck"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "WATCH_S", 0.05)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    driver = Hanging()
    yield driver
    driver.let_go.set()


def figures(waits_ms: list[float]) -> str:
    return f"p50 {median(waits_ms):.0f} ms, p95 {quantiles(waits_ms, n=20)[18]:.0f} ms"


class Timed(Hall):
    """Also knows how long each call took."""

    def __init__(self) -> None:
        super().__init__()
        self.waits_ms: dict[str, float] = {}

    def shown(self, device: str, content_id: str, ms: float) -> None:
        self.waits_ms[content_id] = ms
        super().shown(device, content_id, ms)

    def was_shown(self, sign: str, call: str) -> bool:
        return (sign, call) in self.acks

    def calls(self, supervisor: Supervisor, name: str) -> list[float]:
        """One call after another to all healthy signs; their waits."""
        for number in range(CALLS):
            sign, call = f"w{number % 3 + 1}", f"{name}{number}"
            supervisor.show(sign, SignContent(call, (f"A{number:03}",), urgent=True))
            self.wait_for(partial(self.was_shown, sign, call))
        return [self.waits_ms[f"{name}{number}"] for number in range(CALLS)]


def threads(key: str) -> list[int | None]:
    return [one.ident for one in threading.enumerate() if one.name == f"device {key}"]


def test_beside_a_hung_driver_and_a_crashing_helper_the_others_notice_nothing_and_nothing_loops(
    quick: None, hanging: Hanging, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hall, printer, bus = Timed(), SimPrinter().start(), SimBus(count=3)
    bus.start()
    url = bus.url(0).partition("#")[0]
    healthy = [DeviceSpec("bus", "bus", url), *(DeviceSpec(f"w{one}", "sign", bus.url(one)) for one in (1, 2, 3))]
    healthy.append(DeviceSpec("p1", "printer", f"tcp://127.0.0.1:{printer.port}"))
    bad = [DeviceSpec("p2", "printer", "tcp://hangs.invalid"), DeviceSpec("h1", "sign", "helper://odd#1")]
    made: list[str] = []

    def make(spec: DeviceSpec) -> Printer:
        made.append(spec.id)
        return hanging if spec.id == "p2" else open_heard(spec, Tap())

    (tmp_path / "now").touch()
    helpers = {"odd": (sys.executable, "-IS", str(misbehaving.__file__), "segfault", str(tmp_path))}
    supervisor = Supervisor(healthy, hall, make_printer=make, helpers=helpers, step_s=STEP_S)
    supervisor.start()
    try:
        hall.wait_for(lambda: {name for name, *_ in hall.healths} >= {"w1", "w2", "w3", "bus", "p1"})
        alone = hall.calls(supervisor, "alone")
        owner = threads(url.partition("//")[2])
        joined_at = time.monotonic()
        supervisor.replace([*healthy, *bad])
        supervisor.print("p1", SLIP)
        supervisor.print("p2", Slip("s2", "hall", "A002"))
        beside = hall.calls(supervisor, "beside")
        hall.wait_for(lambda: ("h1", "failed", ("unrecoverable",)) in hall.healths)
        hall.wait_for(lambda: ("p2", "failed", ("no_answer",)) in hall.healths)
        eventually(lambda: made.count("p2") == 2)
        beside += hall.calls(supervisor, "still")
        hall.wait_for(lambda: ("p1", "s1", Verdict.PRINTED) in hall.verdicts)
        assert threads(url.partition("//")[2]) == owner, "a healthy worker was restarted"
    finally:
        supervisor.stop(1.0)
        printer.stop()
        bus.stop()
    with capsys.disabled():
        sys.stdout.write(f"\ncall to ack, alone: {figures(alone)}; beside them: {figures(beside)}\n")
    others = [(name, state) for name, state, _ in hall.healths if name not in ("p2", "h1")]
    assert {name for name, _ in others} == {"bus", "w1", "w2", "w3", "p1"}
    # On a machine that stands still for a moment an answer may seem late; more than that is nobody's.
    assert {state for _, state in others} <= {"ok", "degraded"}
    assert CRASHES <= len(starts(tmp_path)) <= CRASHES + (time.monotonic() - joined_at) / SLOW_START_S
    assert made.count("p1") == 1
    if SOAK:
        worst_ms = quantiles(alone, n=20)[18] * 1.2 + 10  # one turn of another thread
        assert quantiles(beside, n=20)[18] <= worst_ms


def test_a_slip_in_the_hands_of_a_hung_driver_is_unknown_and_its_printer_waits_for_a_person(hanging: Hanging) -> None:
    hall, made = Hall(), []

    def make(spec: DeviceSpec) -> Printer:
        made.append(spec)
        return hanging

    told, fence = Messenger(Announcer(hall, time.monotonic)), Fence()
    spec = DeviceSpec("p1", "printer", "tcp://h")
    worker = PrintWorker("p1", lambda: make(spec), told, step_s=60.0, job_s=0.1)
    held = Keeper("h", worker, (spec,), told, fence, time.monotonic, None)
    worker.print(SLIP)
    worker.print(Slip("s2", "hall", "A002"))
    held.start()
    assert hanging.entered.wait(PATIENCE_S)
    eventually(lambda: (held.due_at() or math.inf) < time.monotonic())
    assert held.give_up().faults == ("no_answer",)
    hall.wait_for(lambda: hall.verdicts == [("p1", "s1", Verdict.UNKNOWN)])
    assert worker.left() == (True, (Slip("s2", "hall", "A002"),))
    hanging.let_go.set()
    assert held.join(PATIENCE_S)
    assert hall.verdicts == [("p1", "s1", Verdict.UNKNOWN)], "what came too late was credited"


def test_who_hangs_on_its_wire_keeps_its_port_and_the_next_one_waits() -> None:
    hall, wire = Hall(), StuckWire()
    announcer = Announcer(hall, time.monotonic)
    spec = DeviceSpec("w1", "sign", "socket://127.0.0.1:9#1")

    def held(open_line: Callable[[str], StuckWire], before: Keeper | None) -> Keeper:
        told, fence = Messenger(announcer), Fence()
        worker = BusWorker((spec,), told, tap=fence, open_line=open_line, step_s=0.1)
        return Keeper("h", worker, (spec,), told, fence, time.monotonic, before)

    first = held(lambda url: wire, None)
    first.start()
    assert wire.entered.wait(PATIENCE_S)
    eventually(lambda: (first.due_at() or math.inf) < time.monotonic())
    assert first.give_up().faults == ("port_blocked",)
    other = StuckWire()
    second = held(lambda url: other, first)
    second.start()
    written = wire.written
    assert not other.entered.wait(0.3), "two owners of one port"
    wire.let_go.set()
    assert other.entered.wait(PATIENCE_S)
    assert (wire.written, wire.closed.is_set()) == (written, True)
    second.ask_to_stop()
    other.let_go.set()
    assert second.join(PATIENCE_S)


def test_beyond_the_fence_nothing_reaches_a_wire_any_more() -> None:
    wire, fence = StuckWire(), Fence()
    heard = fence.on(wire)
    heard.write(b"a", 1.0)
    assert not fence.cut()
    for call in (heard.open, heard.drain, heard.close, lambda: heard.write(b"b", 1.0), lambda: heard.read(1.0)):
        with pytest.raises(DeviceError, match="given up"):
            call()
    assert wire.written == 1


def test_after_five_threads_that_hang_for_ever_no_other_one_is_started(
    quick: None, hanging: Hanging, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "RESTART_MAX_S", 0.1)
    hall, entered = Hall(), []

    class Counted(Hanging):
        def status(self) -> Health:
            entered.append(1)
            hanging.let_go.wait()
            raise RuntimeError("came back")

    supervisor = Supervisor([DeviceSpec("p", "printer", "tcp://h")], hall, make_printer=lambda _: Counted(), step_s=0.1)
    supervisor.start()
    try:
        eventually(lambda: len(entered) == keeping.GHOSTS)
        hall.wait_for(lambda: hall.said("p")[-1] == ("failed", ("unrecoverable",)))
        time.sleep(0.5)
        assert len(entered) == keeping.GHOSTS
    finally:
        supervisor.stop(0.1)
    assert [state for state, _ in hall.said("p")] == ["failed", "failed"]
