"""What is said about a printer on a fake clock, and slips through a worker with a printer that obeys the test."""

import threading
from collections.abc import Callable, Iterator

import pytest

from drivers import print_queue
from drivers.health import Health, State
from drivers.ports import PrintResult, Slip, Verdict
from drivers.print_queue import PrintWorker, Seen, poll_wait_s, seen

OK = Health(State.OK)
MUTE = Health(State.FAILED, ("no_answer",))
NO_PAPER = Health(State.FAILED, ("paper_end",))
WATCHED = Health(State.DEGRADED, ("no_answer",))
UNKNOWN = Health(State.UNKNOWN)
PRINTED = PrintResult(Verdict.PRINTED, (), "", 3, 3)


def told(readings: list[tuple[float, Health]], recover_s: float = 30.0) -> list[Health]:
    state, said = Seen(), []
    for now, reading in readings:
        state = seen(state, reading, now, recover_s)
        said.append(state.health)
    return said


def test_what_a_printer_states_itself_counts_at_once_both_ways() -> None:
    assert told([(0, OK), (5, NO_PAPER), (7, OK)]) == [OK, NO_PAPER, OK]


def test_one_silence_needs_attention_and_two_are_a_fault() -> None:
    assert told([(0, OK), (5, MUTE), (6, MUTE)]) == [OK, WATCHED, MUTE]


def test_a_printer_never_heard_is_unknown_before_it_is_failed() -> None:
    assert told([(0, MUTE), (1, MUTE)]) == [UNKNOWN, MUTE]


def test_after_a_silence_it_is_watched_for_thirty_seconds() -> None:
    readings: list[tuple[float, Health]]
    readings = [(0, OK), (5, MUTE), (6, MUTE), (8, OK), (13, OK), (37, OK), (38, OK), (43, OK)]
    assert told(readings) == [OK, WATCHED, MUTE, WATCHED, WATCHED, WATCHED, OK, OK]


def test_a_loose_network_plug_is_told_once_and_never_as_a_fault() -> None:
    readings = [(0.0, OK)] + [(5.0 + 3 * turn, MUTE if turn % 2 else OK) for turn in range(20)]
    changes = [OK]
    for health in told(readings):
        if health != changes[-1]:
            changes.append(health)
    assert changes == [OK, WATCHED]


def test_a_mute_printer_is_asked_again_soon_and_then_as_often_as_a_well_one() -> None:
    waits = [poll_wait_s(Seen(misses=misses), 0.5) for misses in (0, 1, 2, 3, 4, 50)]
    assert waits == [5.0, 1.0, 2.0, 4.0, 5.0, 5.0]
    assert poll_wait_s(Seen(NO_PAPER), 0.5) == 2.0


class Obedient:
    """A printer that does what the test says and remembers what it was given."""

    def __init__(self) -> None:
        self.printed: list[str] = []
        self.health = OK
        self.result: PrintResult | Exception = PRINTED
        self.hold = threading.Event()
        self.hold.set()
        self.started = threading.Event()

    def status(self) -> Health:
        return self.health

    def print_slip(self, slip: Slip) -> PrintResult:
        self.printed.append(slip.slip_id)
        self.started.set()
        assert self.hold.wait(10)
        if isinstance(self.result, Exception):
            raise self.result
        return self.result

    def close(self) -> None:
        """Nothing is open."""


class Ear:
    def __init__(self) -> None:
        self.verdicts: list[tuple[str, Verdict]] = []
        self.healths: list[Health] = []
        self.refused: set[str] = set()
        self._changed = threading.Condition()

    def health(self, device: str, health: Health) -> None:
        with self._changed:
            self.healths.append(health)
            self._changed.notify_all()

    def may_print(self, device: str, slip_id: str) -> bool:
        return slip_id not in self.refused

    def printed(self, device: str, slip_id: str, result: PrintResult) -> None:
        with self._changed:
            self.verdicts.append((slip_id, result.verdict))
            self._changed.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, 10), (self.verdicts, self.healths)


def slip(name: str) -> Slip:
    return Slip(name, "hall", "A001")


@pytest.fixture
def desk() -> Iterator[tuple[PrintWorker, Obedient, Ear, threading.Thread]]:
    printer, ear = Obedient(), Ear()
    worker = PrintWorker("p1", lambda: printer, ear)
    thread = threading.Thread(target=worker.run)
    thread.start()
    yield worker, printer, ear, thread
    printer.hold.set()
    worker.stop()
    thread.join(10)
    assert not thread.is_alive()


def test_slips_are_printed_in_order_and_a_repeated_one_once(
    desk: tuple[PrintWorker, Obedient, Ear, threading.Thread],
) -> None:
    worker, printer, ear, _ = desk
    printer.hold.clear()
    for name in ("s1", "s2", "s1", "s2", "s3"):
        worker.print(slip(name))
    printer.hold.set()
    ear.wait_for(lambda: len(ear.verdicts) == 3)
    assert printer.printed == ["s1", "s2", "s3"]
    assert ear.verdicts == [(name, Verdict.PRINTED) for name in ("s1", "s2", "s3")]


def test_a_slip_that_may_not_be_printed_any_more_is_dropped_without_a_byte(
    desk: tuple[PrintWorker, Obedient, Ear, threading.Thread],
) -> None:
    worker, printer, ear, _ = desk
    ear.refused.add("s1")
    worker.print(slip("s1"))
    worker.print(slip("s2"))
    ear.wait_for(lambda: ear.verdicts == [("s2", Verdict.PRINTED)])
    assert printer.printed == ["s2"]


def test_a_printer_that_a_person_asks_about_is_asked_now_and_not_when_its_turn_comes(
    desk: tuple[PrintWorker, Obedient, Ear, threading.Thread], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker, printer, ear, _ = desk
    monkeypatch.setattr(print_queue, "poll_wait_s", lambda seen, chance: 1000.0)
    worker.probe("p1")
    ear.wait_for(lambda: ear.healths[-1:] == [OK])
    printer.health = NO_PAPER
    worker.probe("p1")
    ear.wait_for(lambda: ear.healths[-1:] == [NO_PAPER])


def test_slips_that_wait_when_the_worker_stops_are_told_as_not_sent(
    desk: tuple[PrintWorker, Obedient, Ear, threading.Thread],
) -> None:
    worker, printer, ear, thread = desk
    printer.hold.clear()
    worker.print(slip("s1"))
    assert printer.started.wait(10)
    worker.print(slip("s2"))
    worker.stop()
    printer.hold.set()
    thread.join(10)
    worker.print(slip("s3"))
    assert ear.verdicts == [("s1", Verdict.PRINTED), ("s2", Verdict.NOT_SENT), ("s3", Verdict.NOT_SENT)]


def test_after_a_crash_in_a_slip_it_is_unknown_and_nothing_is_printed_until_released() -> None:
    printer, ear = Obedient(), Ear()
    worker = PrintWorker("p1", lambda: printer, ear)
    printer.result = RuntimeError("a mistake of ours")
    worker.print(slip("s1"))
    with pytest.raises(RuntimeError):
        worker.run()
    printer.result = PRINTED
    worker.recover()
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        worker.print(slip("s2"))
        ear.wait_for(lambda: ear.verdicts == [("s1", Verdict.UNKNOWN), ("s2", Verdict.NOT_SENT)])
        ear.wait_for(lambda: ear.healths[-1:] == [Health(State.FAILED, ("ticket_unconfirmed",))])
        worker.release()
        worker.print(slip("s3"))
        ear.wait_for(lambda: ear.verdicts[-1] == ("s3", Verdict.PRINTED))
        ear.wait_for(lambda: ear.healths[-1] == OK)
    finally:
        worker.stop()
        thread.join(10)
