"""Presses and ratings on a fake clock: told once, acknowledged always, and shown to the clerk while it matters."""

import threading

import pytest

from drivers.bus.health import Record
from drivers.bus.pads import (
    AFTER_RESULT_S,
    REPAINT_S,
    RESULT_EACH_S,
    RESULT_LASTS_S,
    SAME_PRESS_S,
    SURE_EACH_S,
    Pads,
)
from drivers.bus.plan import Job, Kind, choose
from drivers.health import Health, State
from drivers.pad import ff68, qsystem
from drivers.pad.ff68 import Frame
from drivers.ports import DeviceSpec, PadContent, Press

URL = "socket://192.0.2.8:4001#"
SPECS = (
    DeviceSpec("pad5", "pad", f"{URL}5"),
    DeviceSpec("rating5", "rating", f"{URL}5"),
    DeviceSpec("polled", "pad", f"{URL}32", (("family", "qsystem"),)),
)


class Told:
    """Remembers what it was told; and a clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0
        self.presses: list[tuple[str, str, str]] = []
        self.ids: list[str] = []
        self.ratings: list[tuple[str, str, int]] = []

    def clock(self) -> float:
        return self.now

    def pressed(self, device: str, press: Press) -> None:
        self.presses.append((device, press.action, press.digits))
        self.ids.append(press.press_id)

    def rated(self, device: str, rating_id: str, level: int) -> None:
        self.ratings.append((device, rating_id, level))


@pytest.fixture
def told() -> Told:
    return Told()


def pads_of(told: Told, *specs: DeviceSpec) -> Pads:
    return Pads(specs or SPECS, told, told.clock, threading.Condition(), lambda: None)


@pytest.fixture
def pads(told: Told) -> Pads:
    return pads_of(told)


def frame(address: int, command: int, *data: int) -> Frame:
    found = ff68.take(ff68.frame(address, command, bytes(data)))
    assert isinstance(found, Frame)
    return found


def due(pads: Pads, told: Told) -> list[bytes]:
    """What an idle line says to pads until nothing is due."""
    said: list[bytes] = []
    for _ in range(100):
        job = choose({}, {}, told.now, pads.jobs({}, told.now))
        if not isinstance(job, Job):
            return said
        said += pads.frames(job.sign)
    raise AssertionError("the line is never idle")


def test_a_key_is_told_once_until_half_a_second_has_passed_since_it_was_last_heard(pads: Pads, told: Told) -> None:
    key = frame(5, 0x10, 0x0C)
    for _ in range(5):
        assert pads.hear(key) == key.raw
        told.now += SAME_PRESS_S - 0.1
    assert told.presses == [("pad5", "next", "")]
    told.now += SAME_PRESS_S
    pads.hear(key)
    pads.hear(frame(5, 0x10, 0, 1, 7, 0x0C))
    assert told.presses[1:] == [("pad5", "next", ""), ("pad5", "call", "017")]
    assert len(set(told.ids)) == 3
    assert not {pads_of(told).hear(key), told.ids[-1]} & set(told.ids[:-1]), "a new start repeats no id"


def test_what_is_nobodys_is_not_acknowledged(pads: Pads, told: Told) -> None:
    strange = [frame(6, 0x10, 0x0C), frame(5, 0x02, 0x0A, 0x0A, 1), frame(0x86, ff68.RATED, 2), frame(5, ff68.RATED, 2)]
    assert [pads.hear(one) for one in strange] == [None] * 4
    assert told.presses == []


def test_a_key_without_a_meaning_is_acknowledged_and_the_clerk_is_told(pads: Pads, told: Told) -> None:
    strange = frame(5, 0x10, 7, 0x0D)
    assert pads.hear(strange) == strange.raw
    assert told.presses == []
    due(pads, told)
    told.now += 1
    pads.hear(frame(5, 0x10, 8, 0x0D))
    assert due(pads, told) == list(ff68.result(5, ok=False))


def over_time(pads: Pads, told: Told, seconds: float) -> list[tuple[float, bytes]]:
    """What an idle line says to pads and when, in tenths of a second from now."""
    began, said = told.now, []
    for tenth in range(round(seconds * 10) + 1):
        told.now = began + tenth / 10
        said += [(tenth / 10, frame) for frame in due(pads, told)]
    return said


def test_a_result_is_said_again_while_it_stands_and_then_the_numbers_are(pads: Pads, told: Told) -> None:
    content = PadContent(17, "A012")
    pads.show("pad5", content)
    numbers, (success, beep) = ff68.show(5, content), ff68.result(5, ok=True)
    assert over_time(pads, told, 5) == [(0, numbers), (SURE_EACH_S, numbers)]
    for _ in range(2):
        pads.result("pad5", "p1", ok=True)
    said = over_time(pads, told, REPAINT_S + AFTER_RESULT_S + SURE_EACH_S + 1)
    assert said == [
        (0, success), (0, beep), (RESULT_EACH_S, success), (2 * RESULT_EACH_S, success),
        (AFTER_RESULT_S, numbers), (AFTER_RESULT_S + SURE_EACH_S, numbers),
        (AFTER_RESULT_S + SURE_EACH_S + REPAINT_S, numbers),
    ]  # fmt: skip


def test_the_newest_result_stands_and_the_next_key_or_ticket_ends_it(pads: Pads, told: Told) -> None:
    due(pads, told)
    pads.result("pad5", "p1", ok=True)
    pads.result("pad5", "p2", ok=False)
    assert due(pads, told) == list(ff68.result(5, ok=False))
    pads.hear(frame(5, 0x10, 0x0C))
    assert over_time(pads, told, 1) == [], "it would be taken for the answer to the second key"
    pads.result("pad5", "p3", ok=True)
    due(pads, told)
    pads.show("pad5", PadContent(3, "A013"))
    assert set(over_time(pads, told, 4)) == {(at, ff68.show(5, PadContent(3, "A013"))) for at in (0, SURE_EACH_S)}


def test_others_who_come_to_wait_do_not_hide_a_failure(pads: Pads, told: Told) -> None:
    pads.show("pad5", PadContent(3, "A013"))
    due(pads, told)
    pads.result("pad5", "p1", ok=False)
    due(pads, told)
    pads.show("pad5", PadContent(4, "A013"))
    failure, numbers = ff68.result(5, ok=False)[0], ff68.show(5, PadContent(4, "A013"))
    assert over_time(pads, told, 3) == [
        (RESULT_EACH_S, failure), (2 * RESULT_EACH_S, failure), (AFTER_RESULT_S, numbers), (3.0, numbers),
    ]  # fmt: skip


def test_what_nobody_knows_any_more_is_blank_or_dashes(pads: Pads, told: Told) -> None:
    pads.show("pad5", PadContent(None))
    pads.show("polled", PadContent(None))
    assert set(due(pads, told)) == {ff68.digits(5, " " * 6), bytes.fromhex("01 20 20 2D 2D 2D 07")}


def test_a_result_that_comes_too_late_is_not_shown_any_more(pads: Pads, told: Told) -> None:
    due(pads, told)
    pads.result("pad5", "p1", ok=True)
    told.now += RESULT_LASTS_S + 0.1
    assert due(pads, told) == []


def test_only_the_newest_content_is_shown(pads: Pads, told: Told) -> None:
    due(pads, told)
    for waiting in range(8):
        pads.show("pad5", PadContent(waiting, "A012"))
    assert due(pads, told) == [ff68.show(5, PadContent(7, "A012"))]


def test_the_first_answer_to_a_rating_counts_and_every_one_is_acknowledged(pads: Pads, told: Told) -> None:
    good, bad = frame(0x85, ff68.RATED, 4), frame(0x85, ff68.RATED, 0)
    assert pads.hear(good) == ff68.rating_heard(0x85, 4), "nobody had asked"
    due(pads, told)
    for _ in range(2):
        pads.rate("rating5", "t1")
    assert pads.hear(bad) == ff68.rating_heard(0x85, 0), "pressed before the question was out"
    assert due(pads, told) == [ff68.start_rating(0x85)]
    assert [pads.hear(good), pads.hear(good), pads.hear(bad)] == [
        ff68.rating_heard(0x85, 4), ff68.rating_heard(0x85, 4), ff68.rating_heard(0x85, 0),
    ]  # fmt: skip
    assert told.ratings == [("rating5", "t1", 5)]
    pads.rate("rating5", "t1")
    assert due(pads, told) == [], "it was answered"


def test_a_customer_is_asked_again_as_long_as_the_question_may_have_been_lost(pads: Pads, told: Told) -> None:
    due(pads, told)
    pads.rate("rating5", "t1")
    asked: list[list[bytes]] = []
    for _ in range(4):
        asked.append([said for said in due(pads, told) if said == ff68.start_rating(0x85)])
        told.now += 1.0
    assert [len(each) for each in asked] == [1, 1, 1, 0]
    pads.rate("rating5", "t2")
    assert due(pads, told) == [ff68.start_rating(0x85)]
    pads.hear(frame(0x85, ff68.RATED, 4))
    told.now += 1.0
    assert (due(pads, told), told.ratings) == ([], [("rating5", "t2", 5)])


def test_after_its_end_a_rating_counts_for_nothing(pads: Pads, told: Told) -> None:
    due(pads, told)
    pads.rate("rating5", "t1")
    due(pads, told)
    pads.stop_rating("rating5")
    pads.hear(frame(0x85, ff68.RATED, 4))
    assert told.ratings == []


def test_a_polled_key_that_is_held_is_one_press(pads: Pads, told: Told) -> None:
    codec = pads.polled["polled"].codec
    assert isinstance(codec, qsystem.PolledPad)
    for key in (0x30, 0x31, 0x31, 0x31, 0x30, 0x31, 0x35):
        codec.key = key
        pads.answered("polled")
        told.now += 1.1
    assert told.presses == [("polled", "next", "")] * 2


def test_a_pad_that_speaks_only_when_pressed_is_never_called_well(pads: Pads, told: Told) -> None:
    assert pads.health()["pad5"] == Health(State.UNKNOWN, ("unmonitored",), "last heard never")
    pads.hear(frame(5, 0x10, 0x0C))
    heard = pads.health()["pad5"]
    assert (heard.state, heard.faults) == (State.UNKNOWN, ("unmonitored",))
    assert heard.evidence != "last heard never"
    assert (set(pads.judged), set(pads.health())) == ({"polled"}, {"pad5", "rating5"})
    quiet = pads_of(told, DeviceSpec("polled", "pad", f"{URL}32", (("family", "qsystem"), ("idle", "silent"))))
    assert (quiet.judged, set(quiet.health())) == (frozenset(), {"polled"})


def test_polls_leave_the_line_to_others_and_ask_the_dead_less_often(told: Told) -> None:
    many = [DeviceSpec(f"p{unit}", "pad", f"{URL}{unit}", (("family", "qsystem"),)) for unit in range(32, 64)]
    pads, now = pads_of(told, *many), told.now
    assert due(pads, told) == []
    waits = {job.due - now for job in pads.jobs({"p33": Record(State.FAILED)}, now)}
    assert sorted(waits) == pytest.approx([1.056, 5.0])
    assert {job.kind for job in pads.jobs({}, now)} == {Kind.PAD}
