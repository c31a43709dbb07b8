"""The fourteen rules of a queue, one after another, each through the rules and the fold."""

from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import folds as fold
from hall_server.core import numbering
from hall_server.core.appointments import Slots
from hall_server.core.calendar import DayRules
from hall_server.core.closing import orphans
from hall_server.core.config import Away, Service, Window
from hall_server.core.facts import life as lf
from hall_server.core.facts.away import NumbersVoided
from hall_server.core.figures.devices import Told
from hall_server.core.figures.kpi import figures
from hall_server.core.figures.visits import day_of
from hall_server.core.hall import Hall
from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.core.refusal import Refused
from hall_server.core.tickets import State
from tests.core.busy_day import BUSY, moves
from tests.core.scene import CONFIG, OPENED_AT, Scene, picture, scene

LEASING = Away(block=20, first=701)


def told(number: int, age_s: float = 0.0, **more: object) -> c.IssueAway:
    made = c.IssueAway(f"w{number}", f"code-w{number}", "K1", "log1", "2026-11-22/1", "id", number, age_s)
    return replace(made, **more)  # type: ignore[arg-type]  # each test names fields of the command


def leasing() -> Scene:
    made = scene(away=LEASING)
    made.do(c.Lease("K1", "log1"))
    return made


def test_q1_numbers_of_a_series_grow_in_the_order_of_the_journal_and_none_is_given_out_again(hall: Scene) -> None:
    hall.issue_many(["id", "tax", "id"])
    hall.do(c.Cancel(hall.id_of("A002")))
    hall.issue_many(["id", "tax"])
    issued = [(fact.series, fact.number) for fact in hall.facts if isinstance(fact, f.TicketIssued)]
    assert issued == [("A", 1), ("B", 1), ("A", 2), ("A", 3), ("B", 2)]


def test_q1_the_hall_itself_never_gives_out_a_leased_number() -> None:
    hall = leasing()
    hall.hall.series["A"] = 699
    assert [hall.issue() for _ in range(3)] == ["A700", "A721", "A722"]
    assert getattr(hall.do(c.Lease("K2", "log2"))[0], "first", None) == 723


def test_q1_each_hole_in_a_series_has_its_record_when_the_day_is_closed() -> None:
    hall = leasing()
    hall.issue_many(["id", "id"])
    for number in (701, 703):
        hall.do(told(number))
    hall.do(c.CloseDay("we close"))
    voids = [fact for fact in hall.facts if isinstance(fact, NumbersVoided) and fact.series == "A"]
    assert voids == [NumbersVoided("K1", "A", 702, 702), NumbersVoided("K1", "A", 704, 720)]
    assert numbering.mistakes(hall.facts) == []


def test_q2_only_facts_begin_and_end_a_day_and_no_midnight_and_no_clock(hall: Scene) -> None:
    first = hall.issue()
    hall.pass_time(20 * 3600)
    hall.do(c.Tick())
    second = hall.issue()
    hall.pass_time(-60 * 3600)
    hall.do(c.Tick())
    assert ((first, second, hall.issue()), hall.hall.day) == (("A001", "A002", "A003"), "2026-11-22/1")
    hall.do(c.CloseDay("we close"))
    hall.do(c.OpenDay("2026-11-20"))
    assert (hall.hall.day, hall.issue()) == ("2026-11-22/2", "A001"), "a date whose labels are given out is not reused"


def test_q2_a_start_that_reads_the_facts_again_goes_on_with_the_same_day(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    again = Scene(hall=Hall(), now=hall.now)
    for seq, fact in enumerate(hall.facts, 1):
        fold.apply(again.hall, fact, seq, hall.now, "test")
    assert (again.hall.day, again.call("1"), again.hall.series) == ("2026-11-22/1", "A001", {"A": 2})


def test_q3_a_label_that_somebody_holds_since_yesterday_is_skipped_with_a_record() -> None:
    hall = scene(day=DayRules(overnight="carry"))
    hall.issue_many(["id"] * 3)
    hall.call("1")
    hall.do(c.Finish("1"))
    hall.do(c.CloseDay("a power cut"))
    hall.do(c.OpenDay("2026-11-23"))
    assert [hall.issue() for _ in range(3)] == ["A001", "A004", "A005"]
    assert NumbersVoided("", "A", 2, 2, "taken") in hall.facts
    assert NumbersVoided("", "A", 3, 3, "taken") in hall.facts
    assert len({ticket.label for ticket in hall.hall.tickets.values()}) == 5
    hall.do(c.CloseDay("we close"))
    assert numbering.mistakes(hall.facts) == []


def test_q3_a_full_range_grows_a_digit_and_never_wraps(hall: Scene) -> None:
    hall.hall.series["A"] = 998
    assert [hall.issue() for _ in range(3)] == ["A999", "A1000", "A1001"]


def test_q4_no_move_changes_a_label(hall: Scene) -> None:
    label = hall.issue()
    hall.call("1")
    hall.do(c.Absent("1", force=True))
    hall.do(c.CallTicket("1", label, reason="is here"))
    hall.do(c.Redirect("1"))
    hall.do(c.CallNext("3", "served"))
    hall.do(c.Hold("2", "hall", "papers"))
    hall.do(c.TakeUp("2", "t1", here=True))
    hall.do(c.Transfer("2", "loans"))
    hall.call("4")
    hall.do(c.Finish("4"))
    assert [(t.label, t.service, t.state) for t in hall.hall.tickets.values()] == [("A001", "loans", State.DONE)]


def test_q5_arrival_is_the_servers_stamp_and_ties_go_by_the_journal(hall: Scene) -> None:
    first, second = hall.issue(), hall.issue("tax")
    hall.pass_time(-3600)
    third = hall.issue()
    arrivals = {ticket.label: ticket.arrival for ticket in hall.hall.tickets.values()}
    assert arrivals == {first: OPENED_AT, second: OPENED_AT, third: OPENED_AT - 3600}
    assert [hall.call(window) for window in "12"] == [third, first]


def test_q5_a_number_told_afterwards_has_come_when_its_customer_did() -> None:
    hall = leasing()
    hall.pass_time(100)
    later = hall.issue()
    hall.pass_time(20)
    issued = hall.do(told(701, age_s=60.0, paper="printed", printer="printer1"))
    assert issued == [
        f.TicketIssued(
            "w701", "code-w701", "A701", "A", 701, "id", "K1", came_at=OPENED_AT + 60.0, away="kiosk",
        ),
        f.SlipOwed("s-w701", "w701", "printer1", 1),
        f.SlipClaimed("s-w701", "printer1", 1),
        f.SlipPrinted("s-w701", "printer1", 1, "printed"),
    ]  # fmt: skip
    assert (hall.call("1"), hall.call("2"), hall.issue()) == ("A701", later, "A002")


@pytest.mark.parametrize(
    ("age_s", "heard", "came"),
    [(1000.0, 30.0, 30.0), (1000.0, -500.0, 0.0), (5.0, 900.0, 100.0), (0.0, 0.0, 100.0)],
)
def test_q5_nobody_came_before_the_hall_was_last_heard_nor_after_now(age_s: float, heard: float, came: float) -> None:
    hall = leasing()
    hall.pass_time(100)
    hall.do(told(701, age_s, heard_at=OPENED_AT + heard))
    assert hall.hall.tickets["w701"].arrival == OPENED_AT + came


@pytest.mark.parametrize(
    ("early_s", "arrival_s", "order"),
    [(1800, 1800, ["A002", "A001"]), (0, 1800, ["A001", "A002"]), (-600, 1800, ["A001", "A002"])],
)
def test_q6_within_its_tolerance_an_appointment_stands_in_line_by_its_time_and_being_early_gains_nothing(
    early_s: int, arrival_s: int, order: list[str]
) -> None:
    hall = scene(appointments=(Slots("id", 9 * 60, 12 * 60, 30, 2),))
    due = OPENED_AT + arrival_s
    hall.do(c.Book("a1", "id", due))
    hall.now = due - early_s
    hall.do(c.CheckIn("a1", "t-a1", "code-a1"))
    hall.pass_time(1)
    hall.issue()
    assert hall.hall.tickets["t-a1"].arrival == due
    assert [hall.serve("1"), hall.serve("1")] == order


def test_q6_later_than_that_it_is_an_ordinary_ticket_as_of_now() -> None:
    hall = scene(appointments=(Slots("id", 9 * 60, 12 * 60, 30, 2),))
    hall.do(c.Book("a1", "id", OPENED_AT))
    hall.pass_time(901)
    assert hall.refusal(c.CheckIn("a1", "t-a1", "code-a1"))[0] == "too_late"
    hall.do(c.CheckIn("a1", "t-a1", "code-a1", walk_in=True))
    assert (hall.hall.tickets["t-a1"].arrival, hall.hall.tickets["t-a1"].due) == (OPENED_AT + 901, None)


def test_q7_a_wait_ends_with_the_last_call_and_the_waits_of_several_steps_are_added() -> None:
    hall, rows = Scene(), list[Told]()

    def do(command: c.Command, after_s: float = 0.0) -> None:
        hall.pass_time(after_s)
        rows.extend(Told(hall.now, "test", fact) for fact in hall.do(command))

    do(c.Configure(CONFIG))
    do(c.OpenDay("2026-11-22"))
    do(c.Issue("t1", "c1", "id", then=("loans",)))
    do(c.CallNext("1"), 60)
    do(c.Absent("1", force=True), 20)
    do(c.CallNext("2"), 40)  # the last call: 120 s after it came
    do(c.Finish("2"), 300)
    do(c.CallNext("4"), 30)
    do(c.Finish("4"), 100)
    day = day_of(rows)
    assert day is not None
    assert (day.visits["t1"].wait_s, figures(day).waits.sum_s) == (120.0 + 30.0, 150.0)


def test_q8_a_window_has_one_customer_and_a_customer_one_window(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    hall.call("1")
    assert hall.refusal(c.CallNext("1"))[0] == "previous_needed"
    assert hall.refusal(c.CallTicket("2", "A001", reason="mine"))[0] == "not_waiting"
    hall.do(c.Start("1"))
    hall.do(c.Hold("1", "window", "papers"))
    assert (hall.call("1"), hall.state("A001")) == ("A002", "held"), "another one needs a hold of the first"
    active = [t.window for t in hall.hall.tickets.values() if t.state in (State.CALLED, State.SERVING)]
    assert active == ["1"]


def test_q9_one_key_finishes_and_calls_and_asks_about_who_was_only_called(hall: Scene) -> None:
    hall.issue_many(["id"] * 4)
    hall.call("1")
    asked = hall.refusal(c.CallNext("1"))
    hall.do(c.Start("1"))
    assert hall.do(c.CallNext("1")) == [f.TicketFinished("t1", "1"), f.TicketCalled("t2", "1", "fifo")]
    assert hall.do(c.CallNext("1", "absent")) == [f.TicketRequeued("t2", "1", 3), f.TicketCalled("t3", "1", "fifo")]
    assert hall.do(c.CallNext("1", "served"))[0] == f.TicketFinished("t3", "1")
    assert (asked[0], hall.do(c.Finish("1"))) == ("previous_needed", [f.TicketFinished("t4", "1")])


def test_q10_transfer_and_redirect_keep_number_and_arrival(hall: Scene) -> None:
    hall.issue_many(["id", "tax", "tax"])
    hall.call("1")
    hall.do(c.Transfer("1", "tax"))
    sent = hall.hall.tickets["t1"]
    assert (sent.label, sent.arrival, hall.call("1")) == ("A001", OPENED_AT, "A001")
    hall.do(c.Redirect("1"))
    assert (hall.at("2"), sent.arrival) == ("A001", OPENED_AT)


def test_q10_one_label_goes_through_several_services_with_its_original_arrival(hall: Scene) -> None:
    hall.do(c.Issue("m1", "code-m1", "id", then=("tax", "loans")))
    hall.pass_time(10)
    hall.issue("tax")
    hall.call("1")
    hall.pass_time(30)
    assert hall.do(c.Finish("1")) == [lf.TicketStepped("m1", "1", "tax")]
    assert (hall.state("A001"), hall.hall.tickets["m1"].service) == ("waiting", "tax")
    assert hall.call("1") == "A001", "it came before the other one for the taxes"
    hall.do(c.Finish("1"))
    assert hall.call("4") == "A001"
    assert isinstance(hall.do(c.Finish("4"))[-1], f.TicketFinished)
    assert (hall.state("A001"), next(iter(hall.hall.service_times))) == ("done", 30.0)


def test_q11_class_and_need_are_set_at_issue_and_each_change_is_a_fact() -> None:
    policy = Policy("head_start", (CustomerClass("gold", head_start_s=60), CustomerClass("all")), "all")
    hall = scene(policy=policy)
    hall.do(c.Issue("t1", "c1", "id", klass="gold", need=True))
    assert isinstance(issued := hall.facts[-1], f.TicketIssued)
    assert (issued.klass, issued.need) == ("gold", True)
    assert hall.do(c.NoteNeed("t1", need=False)) == [lf.TicketNeedNoted("t1", need=False)]
    assert (hall.hall.tickets["t1"].klass, hall.hall.tickets["t1"].need) == ("gold", False)


def test_q12_a_ticket_that_no_window_could_serve_is_on_a_list_and_never_invisible(hall: Scene) -> None:
    hall.issue("loans")
    hall.do(c.Configure(replace(CONFIG, windows=CONFIG.windows[:3])))
    assert ([t.label for t in orphans(hall.hall)], hall.state("C001")) == (["C001"], "waiting")
    new = Service("new", "新", "New", "D")
    hall.do(c.Configure(replace(CONFIG, services=(*CONFIG.services, new), windows=(Window("9", ("loans",)),))))
    assert (orphans(hall.hall), hall.call("9")) == ([], "C001"), "it kept its service through both changes"


def test_q13_what_a_kiosk_tells_twice_happens_once_and_a_refusal_leaves_no_trace() -> None:
    hall = leasing()
    hall.do(told(701))
    before = picture(hall.hall)
    assert hall.do(told(701)) == []
    assert hall.do(c.NoteNeed("w701", need=False)) == []
    assert hall.refusal(c.Start("1"))[0] == "illegal_move"
    assert picture(hall.hall) == before


def test_q14_every_ticket_is_in_exactly_one_state_after_each_of_six_hundred_moves() -> None:
    hall, chance = scene(), Random(14)
    hall.do(c.Configure(BUSY))
    for count in range(600):
        for command in moves(lambda: hall.hall, chance, count):
            hall.pass_time(chance.randint(0, 20))
            with suppress(Refused):
                hall.do(command)
        counted = {state: sum(counts.get(state, 0) for counts in hall.hall.counts.values()) for state in State}
        assert counted == {state: sum(t.state is state for t in hall.hall.tickets.values()) for state in State}
    again = Hall()
    for seq, fact in enumerate(hall.facts, 1):
        fold.apply(again, fact, seq, 0.0, "test")
    assert again.counts == hall.hall.counts, "whoever reads the journal counts the same"
    issued = sum(isinstance(fact, f.TicketIssued) for fact in hall.facts)
    assert (issued, issued > 100) == (sum(counted.values()), True)
