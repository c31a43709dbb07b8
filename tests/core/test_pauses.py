"""Pausing a window, and calling a certain customer."""

import pytest

from hall_server import views
from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.facts import windows as w
from hall_server.core.policy.because import Overtaken
from hall_server.core.policy.estimate import estimate
from hall_server.views.signs import sign
from tests.core.scene import Scene, early
from tests.core.test_views import OUTSIDE

# ---- pause


def test_nobody_is_called_at_a_paused_window_until_it_resumes(hall: Scene) -> None:
    hall.issue()
    assert hall.do(c.Pause("1", "meal")) == [w.WindowPaused("1", "meal")]
    for command in (c.CallNext("1"), c.CallTicket("1", "A001")):
        assert hall.refusal(command) == ("window_paused", "Window 1 is paused: resume first.")
    assert hall.do(c.Resume("1")) == [w.WindowResumed("1")]
    assert hall.call("1") == "A001"


def test_a_window_pauses_once_and_resumes_once(hall: Scene) -> None:
    assert hall.refusal(c.Resume("1"))[0] == "not_paused"
    hall.do(c.Pause("1"))
    assert hall.refusal(c.Pause("1"))[0] == "already_paused"
    assert hall.refusal(c.Pause("9"))[0] == hall.refusal(c.Resume("9"))[0] == "unknown_window"


@pytest.mark.parametrize("move", [c.Recall("1"), c.Start("1"), c.Finish("1"), c.Absent("1", force=True)])
def test_who_is_at_a_window_when_it_pauses_is_served_to_the_end(hall: Scene, move: c.Command) -> None:
    hall.issue_many(["id", "id"])
    hall.call("1")
    hall.pass_time(10)
    hall.do(c.Pause("1"))
    assert views.window_state(hall.hall, "1") == "called"
    assert hall.do(move)
    if hall.at("1"):
        hall.do(c.Finish("1"))
    assert views.window_state(hall.hall, "1") == "paused"


def test_next_at_a_paused_window_settles_nothing_either(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    hall.call("1")
    hall.do(c.Start("1"))
    hall.do(c.Pause("1"))
    assert hall.refusal(c.CallNext("1"))[0] == "window_paused"
    assert hall.state("A001") == "serving"


def test_a_paused_window_counts_for_no_wait_and_is_no_way_out(hall: Scene) -> None:
    hall.issue_many(["tax"] * 4)
    both = estimate(hall.hall, "tax")
    hall.do(c.Pause("2"))
    one = estimate(hall.hall, "tax")
    assert both is not None
    assert one is not None
    assert one.point_s > both.point_s
    assert routing.windows_for(hall.hall, "tax") == ("1",)
    assert hall.refusal(c.Redirect("1"))[0] == "no_other_window"
    hall.do(c.Pause("1"))
    assert hall.refusal(c.Issue("t9", "code-t9", "tax"))[0] == "service_closed"


def test_a_ticket_that_was_sent_to_a_window_is_called_elsewhere_while_that_one_pauses(hall: Scene) -> None:
    hall.issue_many(["id", "id", "id"])
    for window in ("2", "3", "1"):
        hall.call(window)
    hall.do(c.Redirect("1"))
    hall.do(c.Finish("3"))
    hall.do(c.Pause("2"))
    assert hall.call("3") == "A003"


def test_a_pause_ends_with_the_day_and_begins_in_none(hall: Scene) -> None:
    hall.do(c.Pause("1"))
    hall.do(c.CloseDay("we close"))
    assert hall.refusal(c.Pause("2"))[0] == "day_closed"
    hall.do(c.OpenDay("2026-11-23"))
    assert views.window_state(hall.hall, "1") == "idle"


def test_sign_and_board_say_that_a_window_pauses_and_name_the_nearest_one_that_does_not(hall: Scene) -> None:
    hall.pass_time(7)
    hall.do(c.Pause("1", "meal"))
    at = views.iso(hall.now)
    assert sign(hall.hall, "1", OUTSIDE, 16).pages == ("暂停服务", "请到2号窗口")
    row = views.window_row(hall.hall, "1")
    assert (row.state, row.to, row.since, row.reason) == ("paused", ("2",), at, None)
    hall.do(c.Pause("2"))
    assert sign(hall.hall, "1", OUTSIDE, 16).pages == ("暂停服务",)
    assert views.window_row(hall.hall, "1").to == ()


# ---- a certain customer


@pytest.mark.parametrize("said", ["A002", "a002", " A002 ", "2", "002"])
def test_a_ticket_is_called_by_its_label_or_by_its_number(hall: Scene, said: str) -> None:
    hall.issue_many(["tax", "id", "id", "id"])
    because = early(2, 5, Overtaken("B001", 2), Overtaken("A001", 1))
    expected = [f.TicketCalled("t3", "1", "chosen", 2, reason="wheelchair", because=because)]
    assert hall.do(c.CallTicket("1", said, reason="wheelchair")) == expected
    assert hall.call("2") == "B001"


def test_a_chosen_call_settles_the_customer_before_as_next_does(hall: Scene) -> None:
    hall.issue_many(["id", "id", "id"])
    hall.call("1")
    assert hall.refusal(c.CallTicket("1", "A003"))[0] == "previous_needed"
    assert hall.do(c.CallTicket("1", "A003", "served", "asked")) == [
        f.TicketFinished("t1", "1"),
        f.TicketCalled("t3", "1", "chosen", 1, reason="asked", because=early(2, 5, Overtaken("A002", 1))),
    ]


def test_a_number_that_two_waiting_tickets_have_is_asked_back_until_one_is_left(hall: Scene) -> None:
    hall.issue_many(["tax", "id"])
    assert hall.refusal(c.CallTicket("1", "1")) == ("ambiguous_number", "Say which one: B001, A001.")
    hall.call("3")
    hall.do(c.CallTicket("1", "1", reason="asked"))
    assert hall.at("1") == "B001"


def test_who_does_not_wait_or_waits_for_something_else_is_not_called(hall: Scene) -> None:
    hall.issue_many(["id", "loans"])
    hall.call("2")
    said = [hall.refusal(c.CallTicket("1", label)) for label in ("A001", "C001", "A077", "X")]
    assert said == [
        ("not_waiting", "A001 is called: only who waits can be called."),
        ("other_service", "Window 1 does not serve what C001 is for."),
        ("unknown_ticket", "There is no ticket 'A077' today."),
        ("unknown_ticket", "There is no ticket 'X' today."),
    ]
    hall.do(c.CloseDay("we close"))
    assert hall.refusal(c.CallTicket("1", "A001"))[0] == "day_closed"


def test_a_ticket_whose_customer_did_not_come_can_be_called_before_its_turn(hall: Scene) -> None:
    hall.issue_many(["id"] * 3)
    hall.call("1")
    hall.do(c.Absent("1", force=True))
    hall.do(c.CallTicket("1", "A001", reason="asked"))
    assert (hall.at("1"), hall.call("2")) == ("A001", "A002")
