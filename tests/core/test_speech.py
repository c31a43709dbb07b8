"""Calls that voice modules owe: one outcome each, told to the clerk when nobody heard it."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core.config import Device
from hall_server.core.facts import DeviceTestDone, RepairVerified
from hall_server.core.facts import speech as s
from hall_server.core.rules.speech import LIMIT_S
from hall_server.views.staff import card
from tests.core.scene import CONFIG, Scene, scene

HALL = Device("voice1", "voice", "语音模块", "Voice module", station="hall")
AT_TWO = Device("voice2", "voice", "二号喇叭", "Speaker 2", "window", "2", "hall")


@pytest.fixture
def desk() -> Scene:
    made = scene(devices=(*CONFIG.devices, HALL, AT_TWO))
    made.issue_many(["id"] * 4)
    return made


def owes(desk: Scene, device: str = "voice1") -> list[tuple[str, str]]:
    return [(one.label, one.window) for one in desk.hall.speech.get(device, {}).values()]


def newest(desk: Scene, device: str = "voice1") -> str:
    return list(desk.hall.speech[device])[-1]


def told(desk: Scene, device: str, call: str, spoken: bool, evidence: str = "seen") -> list[object]:
    return list(desk.do(c.ReportSpoken(device, call, spoken, evidence)))


def unspoken(desk: Scene, window: str) -> bool:
    ticket = desk.hall.active(window)
    assert ticket is not None
    return card(desk.hall, ticket).unspoken


def test_a_call_is_owed_by_the_hall_s_module_and_by_that_of_its_window(desk: Scene) -> None:
    desk.call("1")
    desk.call("2")
    assert owes(desk) == [("A001", "1"), ("A002", "2")]
    assert owes(desk, "voice2") == [("A002", "2")]


def test_a_call_that_was_said_is_owed_no_more_and_told_once(desk: Scene) -> None:
    desk.call("1")
    call = newest(desk)
    assert told(desk, "voice1", call, True) == [s.TicketSpoken("t1", "voice1", call, "seen")]
    assert told(desk, "voice1", call, False) == []
    assert (owes(desk), unspoken(desk, "1")) == ([], False)


def test_the_clerk_sees_what_was_not_said_until_it_is_called_again(desk: Scene) -> None:
    desk.call("1")
    call = newest(desk)
    assert not unspoken(desk, "1")
    assert told(desk, "voice1", call, False, "nak") == [s.TicketNotSpoken("t1", "voice1", call, "nak")]
    assert unspoken(desk, "1")
    desk.do(c.Recall("1"))
    assert (unspoken(desk, "1"), owes(desk)) == (False, [("A001", "1")])


def test_a_late_word_about_an_older_call_says_nothing_of_the_last_one(desk: Scene) -> None:
    desk.call("1")
    first = newest(desk)
    desk.pass_time(10)
    desk.do(c.Recall("1"))
    told(desk, "voice1", newest(desk), True)
    told(desk, "voice1", first, False, "stopped")
    assert not unspoken(desk, "1")


def test_one_module_that_said_it_is_enough(desk: Scene) -> None:
    desk.call("2")
    desk.do(c.Absent("2", force=True))
    label = desk.call("2")
    told(desk, "voice2", newest(desk, "voice2"), False)
    assert unspoken(desk, "2")
    told(desk, "voice1", newest(desk), True)
    assert (label, unspoken(desk, "2")) == ("A002", False)


def test_who_is_served_already_need_not_be_called_aloud(desk: Scene) -> None:
    desk.call("1")
    desk.do(c.Start("1"))
    told(desk, "voice1", newest(desk), False)
    assert not unspoken(desk, "1")


def test_what_no_station_tells_was_not_said(desk: Scene) -> None:
    desk.call("1")
    call = newest(desk)
    desk.pass_time(LIMIT_S)
    assert desk.do(c.Tick()) == []
    desk.pass_time(0.5)
    assert desk.do(c.Tick()) == [s.TicketNotSpoken("t1", "voice1", call, "no answer")]
    assert desk.do(c.Tick()) == []
    assert unspoken(desk, "1")


def test_a_module_that_left_the_hall_owes_nothing_for_ever(desk: Scene) -> None:
    desk.call("1")
    desk.do(c.Configure(replace(CONFIG, devices=CONFIG.devices)))
    desk.pass_time(LIMIT_S + 1)
    desk.do(c.Tick())
    assert owes(desk) == []


def test_a_dead_module_redirects_nobody_and_is_news_only_when_it_speaks_for_all(desk: Scene) -> None:
    for device in ("voice1", "voice2"):
        desk.health(device, "failed", "no_answer")
    assert {name for name, window in desk.hall.windows.items() if window.incidents} == set()
    assert set(desk.hall.repairs) == {"voice1", "voice2"}


def test_a_test_is_said_once_and_ends_a_fault_that_was_found_not_one_that_was_declared(desk: Scene) -> None:
    desk.health("voice1", "failed", "no_answer")
    desk.health("voice1", "degraded", "no_answer")
    desk.do(c.AskTest("voice1", "x1"))
    found = desk.do(c.ReportSpoken("voice1", "test-x1", True, "taken, busy, idle"))
    assert [type(fact) for fact in found] == [DeviceTestDone, RepairVerified]
    desk.do(c.DeclareFault("voice1", "r9", "nobody hears it"))
    desk.do(c.AskTest("voice1", "x2"))
    assert desk.do(c.ReportSpoken("voice1", "test-x2", True)) == [DeviceTestDone("voice1", "x2", "spoken")]
    desk.do(c.AskTest("voice1", "x3"))
    assert desk.do(c.ReportSpoken("voice1", "test-x3", False, "nak")) == [
        DeviceTestDone("voice1", "x3", "failed", "nak")
    ]


def test_a_new_day_owes_no_calls_of_the_old_one(desk: Scene) -> None:
    desk.call("1")
    desk.do(c.CloseDay("we close"))
    desk.do(c.OpenDay("2026-11-23"))
    assert desk.hall.speech == {}
