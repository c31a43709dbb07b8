"""Calling, recalling, serving and missing customers at a window."""

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.policy import choice as policy
from hall_server.core.policy.estimate import estimate
from tests.core.scene import Scene


def test_customers_are_called_in_the_order_of_arrival_across_the_services_of_a_window(hall: Scene) -> None:
    hall.issue_many(["tax", "id", "loans", "id", "tax"])
    assert [hall.serve(window) for window in "1321"] == ["B001", "A001", "A002", "B002"]
    assert hall.serve("1") is None
    assert hall.serve("4") == "C001"


def test_tickets_of_the_same_moment_are_called_in_the_order_of_the_journal(hall: Scene) -> None:
    for service in ("tax", "id", "tax"):
        hall.issue(service)
    assert [hall.serve("1") for _ in range(3)] == ["B001", "A001", "B002"]


def test_a_call_says_who_where_and_why(hall: Scene) -> None:
    hall.issue()
    assert hall.do(c.CallNext("1")) == [f.TicketCalled("t1", "1", "fifo", 0)]
    assert hall.at("1") == "A001"


def test_next_finds_nobody_and_says_so_without_a_fact(hall: Scene) -> None:
    assert hall.do(c.CallNext("1")) == []


def test_next_while_serving_finishes_and_calls_in_one_breath(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    hall.call("1")
    hall.do(c.Start("1"))
    assert hall.do(c.CallNext("1")) == [f.TicketFinished("t1", "1"), f.TicketCalled("t2", "1", "fifo", 0)]


def test_next_while_serving_finishes_even_when_nobody_waits(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    hall.do(c.Start("1"))
    assert hall.do(c.CallNext("1")) == [f.TicketFinished("t1", "1")]
    assert hall.at("1") is None


def test_next_while_a_customer_is_only_called_asks_what_became_of_them(hall: Scene) -> None:
    hall.issue_many(["id", "id", "id"])
    hall.call("1")
    code, sentence = hall.refusal(c.CallNext("1"))
    assert (code, sentence) == ("previous_needed", "A001 is called: say whether it was served or absent.")
    assert hall.call("1", "served") == "A002"
    assert hall.call("1", "absent") == "A003"
    assert [hall.state(label) for label in ("A001", "A002", "A003")] == ["done", "waiting", "called"]


@pytest.mark.parametrize(
    "command", [c.Recall("1"), c.Start("1"), c.Finish("1"), c.Absent("1"), c.Absent("1", force=True)]
)
def test_a_window_with_nobody_at_it_refuses_every_move(hall: Scene, command: c.Command) -> None:
    assert hall.refusal(command)[0] == "illegal_move"


@pytest.mark.parametrize(
    "command",
    [c.CallNext("9"), c.Recall("9"), c.Start("9"), c.Finish("9"), c.Absent("9"), c.Redirect("9")],
)
def test_a_window_that_does_not_exist_refuses_every_move(hall: Scene, command: c.Command) -> None:
    assert hall.refusal(command) == ("unknown_window", "There is no window '9'.")


@pytest.mark.parametrize("command", [c.Recall("1"), c.Start("1"), c.Absent("1", force=True)])
def test_a_customer_being_served_can_only_be_finished(hall: Scene, command: c.Command) -> None:
    hall.issue()
    hall.call("1")
    hall.do(c.Start("1"))
    assert hall.refusal(command)[0] == "illegal_move"
    assert hall.do(c.Finish("1")) == [f.TicketFinished("t1", "1")]


def test_finishing_a_called_customer_needs_no_start(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    hall.do(c.Finish("1"))
    assert hall.state("A001") == "done"


def test_a_closed_hall_calls_nobody(hall: Scene) -> None:
    hall.issue()
    hall.do(c.CloseDay("we close"))
    assert hall.refusal(c.CallNext("1"))[0] == "day_closed"


def test_a_recall_waits_until_the_announcement_has_been_heard(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    hall.pass_time(9.9)
    assert hall.refusal(c.Recall("1"))[0] == "recall_too_soon"
    hall.pass_time(0.1)
    assert hall.do(c.Recall("1")) == [f.TicketRecalled("t1", "1")]
    assert hall.refusal(c.Recall("1"))[0] == "recall_too_soon"
    assert [(call.label, call.recall) for call in hall.hall.calls] == [("A001", 0), ("A001", 1)]


def test_absent_needs_two_recalls_unless_the_key_is_held(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    for _ in range(2):
        assert hall.refusal(c.Absent("1"))[0] == "recalls_needed"
        hall.pass_time(10)
        hall.do(c.Recall("1"))
    assert hall.do(c.Absent("1")) == [f.TicketRequeued("t1", "1", 3)]
    hall.call("1")
    assert hall.do(c.Absent("1", force=True)) == [f.TicketNoShow("t1", "1")]


def test_a_requeued_ticket_lets_three_of_its_service_go_first_and_keeps_its_place_after_that(hall: Scene) -> None:
    hall.issue_many(["id"] * 6)
    hall.call("1")
    hall.do(c.Absent("1", force=True))
    assert [hall.serve("1") for _ in range(6)] == ["A002", "A003", "A004", "A001", "A005", "A006"]


def test_who_comes_next_is_foretold_as_it_then_happens(hall: Scene) -> None:
    hall.issue_many(["id", "tax", "id", "id", "tax", "id"])
    hall.call("2")
    hall.do(c.Absent("2", force=True))
    hall.call("2")
    hall.do(c.Absent("2", force=True))
    foretold = [ticket.label for ticket in policy.coming(hall.hall, ("id", "tax"), "2")]
    assert foretold == [hall.serve("2") for _ in foretold]
    assert foretold == ["A002", "A003", "B002", "A004", "A001", "B001"]


def test_a_ticket_sent_to_a_window_is_foretold_there_alone(hall: Scene) -> None:
    hall.issue_many(["id", "id", "id", "id"])
    for window in ("2", "3", "1"):
        hall.call(window)
    hall.do(c.Redirect("1"))
    assert [ticket.label for ticket in policy.coming(hall.hall, ("id", "tax"), "2")] == ["A003", "A004"]
    assert [ticket.label for ticket in policy.coming(hall.hall, ("id",), "3")] == ["A004"]
    assert [ticket.label for ticket in policy.coming(hall.hall, ("id",))] == ["A003", "A004"]


def test_who_did_not_come_is_told_how_many_go_first_now(hall: Scene) -> None:
    hall.issue_many(["id"] * 3)
    first = hall.hall.tickets[hall.id_of("A001")]
    hall.call("1")
    hall.do(c.Absent("1", force=True))
    told = estimate(hall.hall, "id", first)
    assert told is not None
    assert told.ahead == 2  # three may, but only two wait


def test_calls_of_other_services_do_not_count_for_a_requeued_ticket(hall: Scene) -> None:
    hall.issue_many(["id", "tax", "tax", "tax", "tax", "id", "id", "id", "id"])
    hall.call("3")
    hall.do(c.Absent("3", force=True))
    assert [hall.serve("1") for _ in range(4)] == ["B001", "B002", "B003", "B004"]
    assert [hall.serve("3") for _ in range(5)] == ["A002", "A003", "A004", "A001", "A005"]


def test_a_requeued_ticket_is_called_at_once_when_nobody_else_waits(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    hall.do(c.Absent("1", force=True))
    assert hall.do(c.CallNext("2")) == [f.TicketCalled("t1", "2", "passed_over", 0)]


def test_a_ticket_absent_twice_is_a_no_show_and_never_called_again(hall: Scene) -> None:
    hall.issue()
    for _ in range(2):
        hall.call("1")
        hall.do(c.Absent("1", force=True))
    assert hall.state("A001") == "no_show"
    assert hall.call("1") is None


def test_a_clock_that_jumps_back_changes_neither_order_nor_the_recall_gap(hall: Scene) -> None:
    # The writer gives rules a time that never runs backwards: the hall's own, however wrong the clock is.
    hall.issue_many(["id", "id"])
    hall.call("1")
    at = hall.hall.at
    hall.now = max(hall.now - 3600, at)
    assert hall.refusal(c.Recall("1"))[0] == "recall_too_soon"
    assert hall.call("2") == "A002"
