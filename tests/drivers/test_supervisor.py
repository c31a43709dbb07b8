"""The supervisor with simulated devices: workers that live on, lists that change, and changes told once."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from drivers.health import Health, State
from drivers.ports import DeviceSpec, PadContent, Press, Printer, PrintResult, SignContent, Slip, SpeechResult, Verdict
from drivers.sim.bus import SimBus
from drivers.sim.pads import SimPads
from drivers.sim.printer import SimPrinter
from drivers.supervisor import Supervisor

PATIENCE_S = 20.0


class Hall:
    """A listener with a lock of its own, as the station has one."""

    def __init__(self) -> None:
        self.healths: list[tuple[str, str, tuple[str, ...]]] = []
        self.verdicts: list[tuple[str, str, Verdict]] = []
        self.acks: list[tuple[str, str]] = []
        self.presses: list[tuple[str, str, str]] = []
        self.spoken_of: list[tuple[str, str, bool]] = []
        self.ratings: list[tuple[str, str, int]] = []
        self.lock = threading.Condition(threading.RLock())

    def health(self, device: str, health: Health) -> None:
        with self.lock:
            self.healths.append((device, health.state.value, health.faults))
            self.lock.notify_all()

    def may_print(self, device: str, slip_id: str) -> bool:
        return True

    def printed(self, device: str, slip_id: str, result: PrintResult) -> None:
        with self.lock:
            self.verdicts.append((device, slip_id, result.verdict))
            self.lock.notify_all()

    def sent(self, device: str, content_id: str) -> None:
        raise AssertionError("every sign here acknowledges")

    def shown(self, device: str, content_id: str, ms: float) -> None:
        with self.lock:
            self.acks.append((device, content_id))
            self.lock.notify_all()

    def pressed(self, device: str, press: Press) -> None:
        with self.lock:
            self.presses.append((device, press.action, press.digits))
            self.lock.notify_all()

    def rated(self, device: str, rating_id: str, level: int) -> None:
        with self.lock:
            self.ratings.append((device, rating_id, level))
            self.lock.notify_all()

    def may_say(self, device: str, announcement_id: str) -> bool:
        return True

    def spoken(self, device: str, announcement_id: str, result: SpeechResult) -> None:
        with self.lock:
            self.spoken_of.append((device, announcement_id, result.spoken))
            self.lock.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self.lock:
            assert self.lock.wait_for(condition, PATIENCE_S), (self.healths, self.verdicts, self.acks)

    def said(self, device: str) -> list[tuple[str, tuple[str, ...]]]:
        with self.lock:
            return [(state, faults) for name, state, faults in self.healths if name == device]


class Broken:
    """A printer driver with a mistake in it."""

    def __init__(self) -> None:
        self.asked = 0

    def status(self) -> Health:
        self.asked += 1
        raise RuntimeError("a mistake of ours")

    def print_slip(self, slip: Slip) -> PrintResult:
        raise RuntimeError("a mistake of ours")

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def bus() -> Iterator[SimBus]:
    simulated = SimBus(count=3)
    simulated.start()
    yield simulated
    simulated.stop()


def specs(bus: SimBus, *signs: int) -> list[DeviceSpec]:
    line = DeviceSpec("bus", "bus", bus.url(0).partition("#")[0])
    return [line, *(DeviceSpec(f"w{number}", "sign", bus.url(number)) for number in signs)]


def test_signs_and_printers_work_and_every_health_is_told_once(bus: SimBus) -> None:
    hall, printer = Hall(), SimPrinter().start()
    devices = [*specs(bus, 1, 2, 3), DeviceSpec("p1", "printer", f"tcp://127.0.0.1:{printer.port}")]
    supervisor = Supervisor(devices, hall)
    supervisor.start()
    try:
        supervisor.show("w2", SignContent("c1", ("A012",), urgent=True))
        supervisor.print("p1", Slip("s1", "大厅", "A012"))
        hall.wait_for(lambda: ("w2", "c1") in hall.acks and len(hall.verdicts) == 1 and len(hall.healths) >= 5)
    finally:
        supervisor.stop(PATIENCE_S)
        printer.stop()
    assert hall.verdicts == [("p1", "s1", Verdict.PRINTED)]
    assert sorted(hall.healths) == [(name, "ok", ()) for name in ("bus", "p1", "w1", "w2", "w3")]
    assert bus.state()[1]["text"] == "A012"


def test_an_idle_sign_that_is_unplugged_is_named_within_ten_seconds(bus: SimBus) -> None:
    hall = Hall()
    supervisor = Supervisor(specs(bus, 1, 2, 3), hall, recover_s=1.0)
    supervisor.start()
    try:
        hall.wait_for(lambda: hall.said("w3") == [("ok", ())])
        bus.set_fault("unplugged", True, address=3)
        pulled_at = time.monotonic()
        hall.wait_for(lambda: hall.said("w3")[-1] == ("failed", ("no_ack",)))
        assert 4.0 <= time.monotonic() - pulled_at <= 10.0
        bus.set_fault("unplugged", False, address=3)
        hall.wait_for(lambda: hall.said("w3")[-1] == ("ok", ()))
    finally:
        supervisor.stop(PATIENCE_S)
    states = [state for state, _ in hall.said("w3")]
    assert states == ["ok", "failed", "ok"]
    assert [hall.said(name) for name in ("bus", "w1", "w2")] == [[("ok", ())]] * 3


def test_without_a_line_device_each_sign_names_the_port_as_its_reason() -> None:
    hall, gone = Hall(), SimBus(count=2)
    gone.start()
    urls = [gone.url(number) for number in (1, 2)]
    gone.stop()
    supervisor = Supervisor([DeviceSpec(f"w{number}", "sign", url) for number, url in enumerate(urls, 1)], hall)
    supervisor.start()
    try:
        hall.wait_for(lambda: len(hall.healths) == 2)
    finally:
        supervisor.stop(PATIENCE_S)
    assert sorted(hall.healths) == [("w1", "failed", ("refused",)), ("w2", "failed", ("refused",))]


def test_a_new_list_restarts_only_what_changed_and_keeps_what_signs_show(bus: SimBus) -> None:
    hall, other = Hall(), SimBus(count=1)
    other.start()
    lone = DeviceSpec("lone", "sign", other.url(1))
    supervisor = Supervisor([*specs(bus, 1, 2), lone], hall)
    supervisor.start()
    try:
        supervisor.show("w1", SignContent("c1", ("A012",)))
        hall.wait_for(lambda: ("w1", "c1") in hall.acks and hall.said("lone") == [("ok", ())])
        with hall.lock:  # the station replaces devices under its own lock, while workers want to tell it things
            supervisor.replace([*specs(bus, 1, 3), lone])
            supervisor.show("w3", SignContent("c3", ("A013",)))
        hall.wait_for(lambda: ("w3", "c3") in hall.acks)
        bus.power_cycle(1)
        supervisor.probe("w1")
        give_up_at = time.monotonic() + PATIENCE_S
        while bus.state()[0]["text"] != "A012":
            assert time.monotonic() < give_up_at
            time.sleep(0.01)
        supervisor.show("w2", SignContent("c2", ("gone",)))
    finally:
        supervisor.stop(PATIENCE_S)
        other.stop()
    assert hall.said("lone") == [("ok", ())]
    assert hall.said("w1") == [("ok", ())]
    assert hall.said("w3") == [("ok", ())]
    assert all(device != "w2" for device, _ in hall.acks)


def test_pads_are_heard_and_fed_and_a_new_list_keeps_what_they_show() -> None:
    hall, line = Hall(), SimBus(count=1, pads=SimPads(2))
    line.start()
    url = line.url(0).partition("#")[0]
    kinds = (("w1", "sign", 1), ("pad1", "pad", 1), ("rating1", "rating", 1))
    units = [DeviceSpec(name, kind, f"{url}#{number}") for name, kind, number in kinds]
    supervisor = Supervisor(units, hall)

    def unit(name: str) -> dict[str, object]:
        return next(one for one in line.pads() if one["id"] == name)

    def seen(name: str, what: str, value: object) -> None:
        give_up_at = time.monotonic() + PATIENCE_S
        while unit(name)[what] != value:
            assert time.monotonic() < give_up_at, unit(name)
            time.sleep(0.01)

    supervisor.start()
    try:
        hall.wait_for(lambda: hall.said("pad1") == [("unknown", ("unmonitored",))])
        line.act("pad-1", "key:0C")
        hall.wait_for(lambda: hall.presses == [("pad1", "next", "")])
        supervisor.show_pad("pad1", PadContent(3, "A012"))
        supervisor.pad_result("pad1", "any", True)
        seen("pad-1", "verdict", "success")
        seen("pad-1", "display", "  3012")
        supervisor.rate("rating1", "t1")
        seen("rating-1", "asking", True)
        line.act("rating-1", "level:4")
        hall.wait_for(lambda: hall.ratings == [("rating1", "t1", 5)])
        supervisor.stop_rating("rating1")
        supervisor.replace([*units, DeviceSpec("pad2", "pad", f"{url}#2")])
        line.act("pad-2", "key:0D")
        hall.wait_for(lambda: ("pad2", "recall", "") in hall.presses)
        supervisor.show_pad("nowhere", PadContent(1))
        supervisor.rate("w1", "t1")
    finally:
        supervisor.stop(PATIENCE_S)
        line.stop()
    assert unit("pad-1")["display"] == "  3012"
    assert hall.presses == [("pad1", "next", ""), ("pad2", "recall", "")]
    assert hall.ratings == [("rating1", "t1", 5)]
    assert hall.said("w1") == [("ok", ())]


def test_a_crashing_worker_is_restarted_and_called_failed_after_five_crashes() -> None:
    hall, broken = Hall(), Broken()
    made: list[DeviceSpec] = []

    def make(spec: DeviceSpec) -> Printer:
        made.append(spec)
        return broken

    supervisor = Supervisor([DeviceSpec("p1", "printer", "tcp://h")], hall, make_printer=make)
    supervisor.start()
    try:
        hall.wait_for(lambda: hall.said("p1") == [("failed", ("unrecoverable",))])
        asked = broken.asked
        assert asked >= 5
        supervisor.print("p1", Slip("s1", "hall", "A001"))
        hall.wait_for(lambda: hall.verdicts == [("p1", "s1", Verdict.UNKNOWN)])
    finally:
        supervisor.stop(PATIENCE_S)


def test_a_slip_for_a_printer_that_is_not_here_is_not_sent_and_says_so() -> None:
    hall = Hall()
    supervisor = Supervisor((), hall)
    supervisor.start()
    supervisor.print("p9", Slip("s1", "hall", "A001"))
    supervisor.show("w9", SignContent("c1", ("A001",)))
    supervisor.stop(1.0)
    assert hall.verdicts == [("p9", "s1", Verdict.NOT_SENT)]


def test_a_device_that_cannot_exist_is_failed_in_words_and_the_others_work(bus: SimBus) -> None:
    hall = Hall()
    supervisor = Supervisor([*specs(bus, 1), DeviceSpec("w7", "sign", "socket://127.0.0.1:1#0")], hall)
    supervisor.start()
    try:
        hall.wait_for(lambda: hall.said("w1") == [("ok", ())])
        assert hall.said("w7") == [(State.FAILED.value, ("unreachable",))]
    finally:
        supervisor.stop(PATIENCE_S)


def test_an_address_of_another_system_is_failed_in_words_and_is_not_opened() -> None:
    hall = Hall()
    supervisor = Supervisor(
        [DeviceSpec("p", "printer", "win32://desk"), DeviceSpec("q", "printer", "cups://desk")], hall
    )
    supervisor.start()
    hall.wait_for(lambda: bool(hall.said("p") and hall.said("q")))
    supervisor.print("p", Slip("s1", "Hall", "A001"))
    supervisor.stop(PATIENCE_S)
    assert hall.said("p") == [("failed", ("unreachable",))]
    assert hall.said("q") == [("unknown", ("unmonitored",))]
    assert hall.verdicts == [("p", "s1", Verdict.NOT_SENT)]
