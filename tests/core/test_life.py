"""What happens to a ticket besides its way through the queue: held, brought back, marked, in several steps, undone."""

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.facts import life as lf
from hall_server.core.policy.estimate import estimate
from hall_server.core.rules.life import HOLD_S
from hall_server.core.tickets import Care
from tests.core.scene import Scene, scene

DAY_CLOSES = ("day_closed", "The hall is closed: nobody can wait.")


def with_queue(*services: str, **changes: object) -> Scene:
    """A hall where these wait, a second after one another."""
    s = scene(**changes)
    s.issue_many(services or ("id", "id", "id"))
    return s


def hold(s: Scene, window: str = "1", pool: str = "window", not_before_s: int = 0) -> list[f.Fact]:
    return s.do(c.Hold(window, pool, "papers", not_before_s))


def take_up(s: Scene, window: str, label: str, *, here: bool = False) -> list[f.Fact]:
    return s.do(c.TakeUp(window, s.id_of(label), here))


# ---- hold and resume


def test_a_customer_is_set_aside_and_the_window_calls_the_next() -> None:
    s = with_queue()
    s.call("1")
    assert hold(s) == [lf.TicketHeld("t1", "1", "window", "papers", s.now + HOLD_S)]
    assert (s.state("A001"), s.at("1")) == ("held", None)
    assert s.call("1") == "A002"


def test_a_second_customer_needs_an_explicit_hold_of_the_first() -> None:
    """W22: one active ticket a window."""
    s = with_queue()
    s.call("1")
    s.do(c.Start("1"))
    hold(s)
    s.call("1")
    assert s.refusal(c.TakeUp("1", "t1", here=True))[0] == "previous_needed"
    hold(s)
    take_up(s, "1", "A001", here=True)
    assert (s.at("1"), s.state("A001"), s.state("A002")) == ("A001", "serving", "held")


def test_who_is_set_aside_is_called_again_or_served_at_once() -> None:
    s = with_queue()
    s.call("1")
    hold(s)
    assert take_up(s, "1", "A001") == [f.TicketCalled("t1", "1", "held")]
    assert (s.state("A001"), s.hall.held) == ("called", set())
    hold(s)
    assert take_up(s, "1", "A001", here=True) == [lf.TicketResumed("t1", "1")]
    assert s.state("A001") == "serving"


@pytest.mark.parametrize(
    ("pool", "window", "code"),
    [
        ("window", "1", None), ("window", "2", "other_pool"), ("window", "4", "other_pool"),
        ("service", "1", None), ("service", "3", None), ("service", "4", "other_pool"),
        ("hall", "4", None),
    ],
)  # fmt: skip
def test_a_pool_says_which_windows_may_take_somebody_up(pool: str, window: str, code: str | None) -> None:
    s = with_queue()
    s.call("1")
    hold(s, pool=pool)
    if code is None:
        take_up(s, window, "A001")
        assert s.at(window) == "A001"
    else:
        assert s.refusal(c.TakeUp(window, "t1"))[0] == code


def test_whom_a_window_keeps_that_calls_nobody_the_others_take_up() -> None:
    s = with_queue()
    s.call("1")
    hold(s)
    s.do(c.Pause("1"))
    assert s.refusal(c.TakeUp("1", "t1"))[0] == "window_paused"
    take_up(s, "2", "A001")
    assert s.at("2") == "A001"


def test_who_comes_back_later_is_not_called_before_but_served_when_there() -> None:
    s = with_queue()
    s.call("1")
    assert hold(s, not_before_s=600) == [lf.TicketHeld("t1", "1", "window", "papers", s.now + 600, s.now + 600)]
    assert s.refusal(c.TakeUp("1", "t1"))[0] == "hold_not_yet"
    s.pass_time(600)
    take_up(s, "1", "A001")
    hold(s, not_before_s=600)
    take_up(s, "1", "A001", here=True)
    assert s.state("A001") == "serving"


def test_an_overdue_hold_is_said_once() -> None:
    s = with_queue()
    s.call("1")
    hold(s)
    s.pass_time(HOLD_S - 1)
    assert s.do(c.Tick()) == []
    s.pass_time(1)
    assert s.do(c.Tick()) == [lf.TicketHoldOverdue("t1")]
    assert s.do(c.Tick()) == []
    held = s.hall.tickets["t1"].hold
    assert held is not None
    assert held.overdue


def test_a_hold_wants_a_reason_and_somebody_at_the_window() -> None:
    s = with_queue()
    assert s.refusal(c.Hold("1", "window", "papers"))[0] == "illegal_move"
    s.call("1")
    assert s.refusal(c.Hold("1", "window", " "))[0] == "reason_needed"
    assert s.refusal(c.TakeUp("2", "t1"))[0] == "illegal_move"


def test_time_on_hold_is_neither_service_nor_a_sample_for_estimates() -> None:
    s = with_queue()
    s.pass_time(60)
    s.call("1")
    s.do(c.Start("1"))
    s.pass_time(100)
    hold(s)
    s.pass_time(1000)
    take_up(s, "1", "A001", here=True)
    s.pass_time(20)
    s.do(c.Finish("1"))
    assert (list(s.hall.service_times), list(s.hall.ratios)) == ([120.0], [])


def test_who_is_set_aside_may_give_up_and_expires_with_the_day() -> None:
    s = with_queue()
    for window in "12":
        s.call(window)
        hold(s, window)
    s.do(c.Cancel("t1", "went home"))
    assert s.facts[-1] == f.TicketCancelled("t1", "went home")
    s.do(c.CloseDay("a power cut"))
    assert (s.state("A001"), s.state("A002"), s.hall.held) == ("cancelled", "expired", set())


# ---- reinstate


def test_who_had_given_up_joins_as_of_now() -> None:
    s = with_queue()
    s.do(c.Cancel("t1"))
    s.pass_time(5)
    assert s.do(c.Reinstate("t1", "came back")) == [lf.TicketReinstated("t1", "came back")]
    assert [s.call(window) for window in "123"] == ["A002", "A003", "A001"]


def test_a_no_show_is_reinstated_with_a_clean_slate() -> None:
    s = with_queue("id")
    for _ in range(2):
        s.call("1")
        s.do(c.Absent("1", force=True))
    assert s.state("A001") == "no_show"
    s.do(c.Reinstate("t1", "was in the other room"))
    s.call("1")
    s.do(c.Absent("1", force=True))
    assert s.state("A001") == "waiting"


def test_nobody_is_reinstated_without_reason_on_another_day_or_for_nothing() -> None:
    s = with_queue()
    assert s.refusal(c.Reinstate("t1", "why"))[0] == "illegal_move"
    s.do(c.Cancel("t1"))
    assert s.refusal(c.Reinstate("t1", ""))[0] == "reason_needed"
    for window in "123":
        s.do(c.Pause(window))
    assert s.refusal(c.Reinstate("t1", "why"))[0] == "service_closed"
    s.do(c.CloseDay("a power cut"))
    assert s.refusal(c.Reinstate("t1", "why")) == DAY_CLOSES
    s.do(c.OpenDay("2026-11-23"))
    assert s.refusal(c.Reinstate("t1", "why"))[0] == "unknown_ticket"


# ---- urgent, special need


def test_an_urgent_ticket_goes_before_everybody_and_the_call_says_whom_it_overtook() -> None:
    """W17."""
    s = with_queue("id", "id", "tax")
    assert s.do(c.MarkUrgent("t3", "a child is ill")) == [lf.TicketUrgent("t3", "a child is ill")]
    assert s.do(c.MarkUrgent("t3", "again")) == []
    assert s.call("1") == "B001"
    called = s.facts[-1]
    assert isinstance(called, f.TicketCalled)
    assert (called.why, called.overtaken) == ("urgent", 2)
    assert s.call("2") == "A001"


def test_an_urgent_ticket_is_ahead_of_all_estimates_and_can_be_ordinary_again() -> None:
    s = with_queue("id", "id", "id")
    for window in "123":
        s.call(window)
    s.issue_many(["id", "id"])

    def ahead(name: str) -> int:
        found = estimate(s.hall, "id", s.hall.tickets[name])
        assert found is not None
        return found.ahead

    s.do(c.MarkUrgent("t5", "a child is ill"))
    assert (ahead("t4"), ahead("t5")) == (1, 0)
    s.do(c.MarkUrgent("t5", "", urgent=False))
    assert (ahead("t4"), ahead("t5")) == (0, 1)
    assert s.call("1", "served") == "A004"


def test_who_is_urgent_and_not_there_is_passed_over_like_others() -> None:
    s = with_queue()
    s.do(c.MarkUrgent("t3", "a child is ill"))
    s.call("1")
    s.do(c.Absent("1", force=True))
    assert s.call("1") == "A001"


def test_urgent_wants_a_reason_and_somebody_who_waits() -> None:
    s = with_queue()
    assert s.refusal(c.MarkUrgent("t1", " "))[0] == "reason_needed"
    s.call("1")
    assert s.refusal(c.MarkUrgent("t1", "why"))[0] == "illegal_move"
    assert s.refusal(c.NoteNeed("t1"))[0] == "illegal_move"


def test_a_special_need_is_a_bounded_head_start() -> None:
    """C4: five minutes, and no more."""
    s = with_queue("id")
    s.pass_time(298)
    s.issue("id")
    s.do(c.NoteNeed("t2"))
    assert s.facts[-1] == lf.TicketNeedNoted("t2")
    assert s.do(c.NoteNeed("t2")) == []
    assert s.call("1") == "A002"
    s.pass_time(2)
    s.issue("id")
    s.do(c.NoteNeed("t3"))
    s.do(c.NoteNeed("t3", need=False))
    assert s.call("2") == "A001"


def test_C18_a_word_to_somebody_who_waits_is_noted_once_with_who_and_when() -> None:
    s = with_queue()
    s.pass_time(1000)
    s.do(c.TakeCare("t1", "apologised"), "concierge:wu")
    assert s.facts[-1] == lf.TicketCared("t1", "apologised")
    assert s.do(c.TakeCare("t1", "apologised"), "manager:-") == []
    s.pass_time(60)
    s.do(c.TakeCare("t1", "offered"), "manager:-")
    said = (Care("apologised", "concierge:wu", s.now - 60), Care("offered", "manager:-", s.now))
    assert s.hall.tickets["t1"].care == said
    s.do(c.Cancel("t1"), "concierge:wu")
    s.do(c.Undo("concierge:wu"), "concierge:wu")
    assert s.hall.tickets["t1"].care == said
    s.call("1")
    assert s.refusal(c.TakeCare("t1", "offered"))[0] == "illegal_move"


# ---- several services with one ticket


def test_a_further_service_has_to_be_one() -> None:
    assert scene().refusal(c.Issue("t1", "code", "id", then=("moon",)))[0] == "unknown_service"


# ---- the whole


@pytest.mark.parametrize("state", ["waiting", "called", "serving", "done"])
def test_only_who_is_set_aside_is_taken_up_and_only_who_left_is_reinstated(state: str) -> None:
    s = with_queue("id")
    moves: dict[str, tuple[c.Command, ...]] = {
        "waiting": (), "called": (c.CallNext("1"),), "serving": (c.CallNext("1"), c.Start("1")),
        "done": (c.CallNext("1"), c.Finish("1")),
    }  # fmt: skip
    for command in moves[state]:
        s.do(command)
    assert s.refusal(c.TakeUp("2", "t1"))[0] == "illegal_move"
    assert s.refusal(c.Reinstate("t1", "why"))[0] == "illegal_move"
