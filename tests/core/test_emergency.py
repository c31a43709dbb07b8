"""An alarm freezes calling and tickets, keeps everything else, and stands until somebody lifts it."""

import pytest

from hall_server.contract import SignOrder
from hall_server.core import commands as c
from hall_server.core.commands.emergency import LiftEmergency, StartEmergency
from hall_server.core.commands.life import Hold, TakeUp, Undo
from hall_server.core.config import Device
from hall_server.core.day_state import Emergency
from hall_server.core.facts import emergency as e
from hall_server.core.facts import speech as s
from hall_server.core.folds import carry
from hall_server.owed import owed
from hall_server.views import board
from hall_server.views.signs import panel, sign
from tests.core.scene import CONFIG, Scene, scene
from tests.core.test_views import OUTSIDE

VOICE = Device("voice1", "voice", "语音模块", "Voice module", station="hall")
PAD = Device("pad3", "pad", "叫号器", "Pad", "window", "3", "hall")
PANEL = Device("panel1", "sign", "综合屏", "Panel", station="hall", columns=16, lines=2)


@pytest.fixture
def hall() -> Scene:
    made = scene(devices=(*CONFIG.devices, VOICE, PAD))
    made.issue_many(["id"] * 4)
    made.call("1")
    made.call("2")
    made.do(Hold("2", reason="papers"))
    made.pass_time(11)
    return made


def alarm(hall: Scene, kind: str = "fire") -> list[object]:
    return list(hall.do(StartEmergency(kind), "concierge:sun"))


def test_while_an_alarm_stands_nobody_is_called_in_any_way_and_no_ticket_is_given_out(hall: Scene) -> None:
    alarm(hall)
    held = next(iter(hall.hall.held))
    ways = (
        c.CallNext("3"),
        c.CallTicket("3", "A004", reason="urgent", ticket="t", code="c"),
        c.Recall("1"),
        TakeUp("3", held, here=True),
        c.PressKey("pad3", "next", "", ""),
        c.Issue("t9", "code9", "id"),
    )
    assert {hall.refusal(way) for way in ways} == {
        ("emergency", "Alarm (fire): nobody is called and no tickets are given out.")
    }
    hall.do(c.Start("1"))
    hall.do(c.Finish("1"))
    hall.do(LiftEmergency())
    assert (hall.call("3"), hall.issue()) == ("A003", "A005"), "who waited waits, and numbers go on"


def test_a_fault_redirects_the_window_and_calls_nobody_elsewhere_until_the_alarm_is_lifted(hall: Scene) -> None:
    alarm(hall)
    hall.health("sign1", "failed", "no_answer")
    assert (hall.state("A001"), [hall.at(window) for window in "123"]) == ("waiting", [None, None, None])
    hall.do(LiftEmergency())
    assert "A001" in {hall.call(window) for window in "23"}, "first at the window that it was sent to"


def test_calls_that_nobody_has_said_yet_are_not_said_and_the_journal_tells_why(hall: Scene) -> None:
    first, second = (call.name for call in hall.hall.speech["voice1"].values())
    assert alarm(hall) == [
        e.EmergencyStarted("fire"),
        s.TicketNotSpoken("t1", "voice1", first, "emergency"),
        s.TicketNotSpoken("t2", "voice1", second, "emergency"),
    ]
    assert hall.hall.speech == {"voice1": {}}


def test_the_same_alarm_is_raised_once_another_danger_takes_its_place_and_none_can_be_lifted_twice(
    hall: Scene,
) -> None:
    assert hall.refusal(LiftEmergency()) == ("no_emergency", "No alarm stands.")
    alarm(hall, "illness")
    stands = ("emergency_stands", "The alarm stands already: concierge:sun raised it.")
    assert hall.refusal(StartEmergency("illness")) == stands
    assert alarm(hall) == [e.EmergencyStarted("fire")]
    assert hall.do(LiftEmergency(), "manager:wang") == [e.EmergencyLifted("fire")]
    assert hall.hall.emergency is None


def test_who_called_before_the_alarm_may_take_that_back_and_it_calls_nobody(hall: Scene) -> None:
    hall.do(c.CallNext("3"), "clerk:li")
    alarm(hall)
    hall.do(Undo("clerk:li"), "clerk:li")
    assert (hall.state("A003"), hall.at("3"), hall.hall.emergency is not None) == ("waiting", None, True)


def test_an_alarm_outlives_the_evening_and_the_next_opening(hall: Scene) -> None:
    alarm(hall)
    raised = Emergency("fire", "concierge:sun", hall.now)
    hall.do(c.CloseDay("everybody is outside"))
    assert carry(hall.hall).day.emergency == raised
    hall.pass_time(3600)
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.hall.emergency == raised
    assert hall.refusal(c.Issue("t9", "code9", "id"))[0] == "emergency"


@pytest.mark.parametrize(("columns", "text"), [(16, "请听广播"), (8, "请听广播"), (4, "广播"), (2, "")])
def test_every_sign_asks_to_listen_instead_of_naming_a_number(hall: Scene, columns: int, text: str) -> None:
    alarm(hall)
    said = SignOrder(content_id="emergency-fire", pages=(text,), colour="red", urgent=True)
    assert sign(hall.hall, "1", OUTSIDE, columns) == said


def test_a_board_of_all_windows_asks_to_listen_too_also_after_closing() -> None:
    hall = scene(devices=(*CONFIG.devices, PANEL))
    hall.do(c.CloseDay())
    alarm(hall, "earthquake")
    order = panel(hall.hall, OUTSIDE, PANEL)
    assert (order.content_id, order.pages) == ("emergency-earthquake", ("请听广播",))


def test_the_board_says_what_to_do_in_both_languages(hall: Scene) -> None:
    assert board(hall.hall, OUTSIDE).emergency is None
    said = {kind: _told(hall, kind) for kind in ("fire", "earthquake", "illness")}
    assert all(zh and en for zh, en in said.values())
    assert len(set(said.values())) == len(said)


def _told(hall: Scene, kind: str) -> tuple[str, str]:
    alarm(hall, kind)
    text = board(hall.hall, OUTSIDE).emergency
    return (text.zh, text.en) if text else ("", "")


def test_a_station_is_owed_no_call(hall: Scene) -> None:
    alarm(hall)
    assert owed(hall.hall, "hall", {}, OUTSIDE).speech == ()
