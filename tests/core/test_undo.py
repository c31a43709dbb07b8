"""A move taken back by whoever made it: afterwards the hall is as if it had not been made, and a fact says so."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core.facts import life as lf
from hall_server.core.rules.life import UNDO_S
from tests.core.scene import Scene, picture, scene
from tests.core.test_life import with_queue

MOVES: dict[str, c.Command] = {
    "call": c.CallNext("1"),
    "chosen": c.CallTicket("1", "A003", reason="asked for"),
    "start": c.Start("1"),
    "finish": c.Finish("1"),
    "finish_and_call": c.CallNext("1", "served"),
    "absent": c.Absent("1", force=True),
    "absent_and_call": c.CallNext("1", "absent"),
    "hold": c.Hold("1", "window", "papers"),
    "transfer": c.Transfer("1", "tax", come_back=True),
    "cancel": c.Cancel("t1"),
}


@pytest.mark.parametrize("move", MOVES)
def test_undoing_a_move_makes_the_hall_as_it_was(move: str) -> None:
    s = with_queue("id", "id", "id", "tax")
    if move not in ("call", "chosen"):
        s.call("1")
    before = picture(s.hall)
    s.pass_time(5)
    s.do(MOVES[move])
    s.pass_time(UNDO_S)
    undone = s.do(c.Undo("test"))[-1]
    assert isinstance(undone, lf.TicketUndone)
    after = picture(s.hall)
    for name in ("counts", "queues", "calls", "urgent", "held", "sent", "service_times", "ratios", "asking", "speech"):
        told = {k: v for k, v in before[name].items() if v} if isinstance(before[name], dict) else before[name]
        now = {k: v for k, v in after[name].items() if v} if isinstance(after[name], dict) else after[name]
        assert _without_zeros(now) == _without_zeros(told), name
    assert {t.id: replace(t, moved=0) for t in s.hall.tickets.values()} == _tickets(before, s)
    assert s.at("1") == (None if move in ("call", "chosen") else "A001")


def _without_zeros(value: object) -> object:
    if isinstance(value, dict):
        kept = {key: _without_zeros(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in (0, {}, set(), frozenset(), [])}
    return value


def _tickets(before: dict[str, object], s: Scene) -> dict[str, object]:
    kinds = before["tickets"]
    assert isinstance(kinds, dict)
    found = {}
    for name, (kind, values) in kinds.items():
        fields = dict(zip(kind.__dataclass_fields__, values, strict=True))
        found[name] = replace(kind(**fields), moved=0, incidents=s.hall.tickets[name].incidents)
    return found


def test_an_undone_call_is_on_no_screen_and_is_not_said() -> None:
    s = with_queue()
    s.call("1")
    s.do(c.Undo("test"))
    assert (list(s.hall.calls), s.hall.windows["1"].ticket) == ([], None)
    assert s.call("1") == "A001", "the number was never taken back, and is called again"


def test_an_undo_is_refused_with_its_own_code() -> None:
    s = with_queue()
    assert s.refusal(c.Undo("test"))[0] == "nothing_to_undo"
    s.call("1")
    s.pass_time(UNDO_S + 1)
    assert s.refusal(c.Undo("test"))[0] == "undo_too_late"
    s.do(c.Start("1"), "somebody")
    assert s.refusal(c.Undo("test"))[0] == "undo_too_late"


def test_what_another_has_moved_since_stays() -> None:
    s = with_queue()
    s.call("1")
    s.do(c.Start("1"), "a manager")
    assert s.refusal(c.Undo("test"))[0] == "moved_since"
    s.do(c.Undo("a manager"))
    assert s.state("A001") == "called"


def test_a_finished_customer_does_not_come_back_to_a_window_that_is_taken() -> None:
    s = with_queue()
    s.call("1")
    s.do(c.Finish("1"))
    s.do(c.CallNext("1"), "somebody else")
    assert s.refusal(c.Undo("test"))[0] == "moved_since"


def test_an_undo_is_not_undone_and_a_move_is_undone_once() -> None:
    s = with_queue()
    s.call("1")
    s.do(c.Undo("test"))
    assert s.refusal(c.Undo("test"))[0] == "nothing_to_undo"


def test_paper_that_was_dropped_is_owed_again() -> None:
    s = scene()
    s.issue("id")
    s.do(c.Issue("p1", "code-p1", "id", "K1"))
    s.do(c.Cancel("p1"))
    assert s.hall.slips["s-p1"].state == "failed"
    s.health("printer1", "ok")
    s.do(c.Undo("test"))
    assert s.paper("A002") == ("owed", "printer1", 2, False)


def test_what_others_have_shown_since_is_not_forgotten_with_it() -> None:
    s = with_queue("id", "id")
    for window, seconds in (("1", 60), ("2", 90)):
        s.pass_time(seconds)
        s.call(window)
    for window in "12":
        s.pass_time(7)
        s.do(c.Finish(window), f"clerk {window}")
    times, ratios = list(s.hall.service_times), list(s.hall.ratios)
    assert (len(set(times)), len(set(ratios))) == (2, 2), "each customer shows something else"
    s.do(c.Undo("clerk 1"))
    assert (list(s.hall.service_times), list(s.hall.ratios)) == (times[1:], ratios[1:])
    assert s.hall.ratios_sorted == ratios[1:], "a thousand waits later the one that is not there could not be taken out"


def test_what_one_person_does_at_two_windows_at_once_is_taken_back_apart() -> None:
    s = with_queue("id", "id")
    s.call("2")
    s.do(c.Absent("2", force=True))
    s.do(c.CallNext("1"))
    undone = s.do(c.Undo("test"))[-1]
    assert isinstance(undone, lf.TicketUndone)
    assert (undone.tickets, undone.moves) == (("t2",), ("TicketCalled",))
