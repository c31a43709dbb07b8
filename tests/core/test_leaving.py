"""Leaving a window by the hall's policy, and handing it over."""

import pytest

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core import routing
from hall_server.core.calendar import DayRules
from hall_server.core.config import Clerk
from hall_server.core.day_state import Handover, Leave
from hall_server.core.facts import day as d
from hall_server.core.facts import windows as w
from hall_server.core.hall import Hall
from tests.core.scene import Scene, picture, scene


def leaving(policy: str) -> Scene:
    return scene(day=DayRules(leave=policy))


def test_each_pause_is_kept_with_who_why_for_how_long_and_who_stood_in(hall: Scene) -> None:
    began = hall.now
    hall.do(c.Pause("1", "meal", "wu"), "clerk:li")
    hall.pass_time(600)
    hall.do(c.Resume("1"), "clerk:wu")
    assert hall.hall.leaves == [Leave("1", "clerk:li", began, "meal", "wu", "", began + 600, "clerk:wu")]


def test_where_somebody_has_to_stand_in_nobody_leaves_without_naming_them() -> None:
    hall = leaving("cover")
    assert hall.refusal(c.Pause("1", "meal")) == ("cover_needed", "Say who stands in at window 1.")
    assert hall.do(c.Pause("1", "meal", "wu")) == [w.WindowPaused("1", "meal", "wu")]


def test_where_leaving_needs_a_yes_the_window_calls_until_it_comes() -> None:
    hall = leaving("approval")
    hall.issue()
    asked = hall.do(c.Pause("1", "meal"), "clerk:li")
    assert asked == [d.WindowPauseAsked("1", "meal")]
    assert hall.refusal(c.Pause("1"))[0] == "already_asked"
    assert hall.call("1") == "A001"
    assert hall.do(c.AnswerLeave("1", True, "manager:wang")) == [w.WindowPaused("1", "meal", "", "manager:wang")]
    assert hall.hall.leaves[0].approved_by == "manager:wang"
    assert hall.hall.leaves[0].by == "clerk:li"
    assert hall.refusal(c.AnswerLeave("1", True, "manager:wang"))[0] == "no_question"


def test_a_no_and_a_change_of_mind_leave_everything_as_it_was() -> None:
    hall = leaving("approval")
    hall.do(c.Pause("1", "meal"))
    assert hall.do(c.AnswerLeave("1", False, "manager:wang", "not now")) == [d.WindowPauseRefused("1", "not now")]
    hall.do(c.Pause("1", "meal"))
    assert hall.do(c.Resume("1")) == [d.WindowPauseRefused("1")]
    assert (hall.hall.windows["1"].asks, hall.hall.leaves) == (None, [])


@pytest.mark.parametrize("policy", ["inform", "cover", "approval"])
def test_a_supervisor_needs_nobodys_leave(policy: str) -> None:
    hall = leaving(policy)
    assert hall.do(c.Pause("1", approved_by="manager:wang")) == [w.WindowPaused("1", "", "", "manager:wang")]


# ---- hand-over


def written(hall: Scene) -> None:
    hall.issue_many(["id", "tax", "tax"])
    hall.call("1")
    hall.do(c.DeclareFault("sign1", "r1"))
    hall.do(c.HandOver("1", "clerk:li", "forms are in the drawer", "wu"))


def test_a_hand_over_says_what_stands_and_the_next_clerk_signs_before_the_first_call(hall: Scene) -> None:
    began = hall.now
    hall.issue_many(["id", "tax", "tax"])
    hall.call("1")
    hall.do(c.HandOver("1", "clerk:li", "forms are in the drawer", "wu"))
    assert hall.hall.handovers["1"] == Handover(
        "1", "clerk:li", began + 3, "forms are in the drawer", "wu", ("A001",), (), 0, 2
    )
    hall.do(c.Start("1"))
    hall.do(c.Hold("1", "hall", "papers"))
    said = ("handover_unread", "clerk:li left a hand-over at window 1: sign it first.")
    for call in (c.CallNext("1"), c.CallTicket("1", "B001", reason="asked"), c.TakeUp("1", "t1", here=True)):
        assert hall.refusal(c.AtDesk("1", "clerk:wu", call)) == said
    assert hall.refusal(c.SignHandover("1", "clerk:li"))[0] == "same_person"
    assert hall.do(c.SignHandover("1", "clerk:wu")) == [d.WindowHandoverSigned("1", "clerk:wu")]
    assert hall.refusal(c.SignHandover("1", "clerk:wu"))[0] == "no_handover"
    hall.do(c.AtDesk("1", "clerk:wu", c.CallNext("1")))
    assert hall.at("1") == "B001"


def test_a_hand_over_names_who_was_set_aside_or_sent_there_and_nobody_elses_customers(hall: Scene) -> None:
    hall.issue_many(["id", "id", "tax", "id"])
    for window in "12":
        hall.call(window)
        hall.do(c.Hold(window, "hall", "a copy"))
    hall.call("3")
    hall.do(c.Transfer("3", to="1"))
    hall.call("2")
    hall.do(c.HandOver("1", "clerk:li"))
    assert (hall.at("2"), hall.hall.handovers["1"].tickets) == ("B001", ("A001", "A003"))


def test_who_wrote_it_too_early_goes_on_calling(hall: Scene) -> None:
    hall.issue()
    hall.do(c.HandOver("1", "clerk:li"))
    hall.do(c.AtDesk("1", "clerk:li", c.CallNext("1")))
    assert hall.at("1") == "A001"


def test_what_nobody_has_read_is_there_in_the_morning_also_for_a_start_from_the_last_opening(hall: Scene) -> None:
    written(hall)
    hall.do(c.HandOver("2", "clerk:xu"))
    hall.do(c.SignHandover("2", "clerk:wu"))
    hall.do(c.CloseDay("late"))
    hall.do(c.SignOffDay())
    opened = hall.do(c.OpenDay("2026-11-23"))[0]
    assert list(hall.hall.handovers) == ["1"]
    assert hall.hall.handovers["1"].faults == ("sign1: declared",)
    fresh = Hall()
    fold.apply(fresh, opened, hall.hall.seq, hall.now, "test")
    assert picture(fresh) == picture(hall.hall)


# ---- who has a window, and what they can do


def signed_in(hall: Scene, clerk: str, window: str, credential: str) -> None:
    hall.do(c.Grant(credential, "session", "clerk", clerk, window))


def test_a_window_calls_for_what_its_clerk_can_do() -> None:
    hall = scene(clerks=(Clerk("li", ("tax", "loans")),))
    hall.issue_many(["id", "tax"])
    assert routing.serves(hall.hall, "1") == ("id", "tax")
    signed_in(hall, "li", "1", "s1")
    assert routing.serves(hall.hall, "1") == ("tax",)
    assert hall.call("1") == "B001"
    hall.do(c.Revoke("s1"))
    assert routing.serves(hall.hall, "1") == ("id", "tax")
    signed_in(hall, "wu", "2", "s2")  # of whom nobody said what they can do
    assert routing.serves(hall.hall, "2") == ("id", "tax")


def test_help_needs_the_skill_too() -> None:
    hall = scene(clerks=(Clerk("li", ("id", "loans")),))
    signed_in(hall, "li", "1", "s1")
    hall.do(c.Substitute("1", "loans", 30))
    assert routing.serves(hall.hall, "1") == ("id", "loans")
