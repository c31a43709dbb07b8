"""A review: another window looks at what was done; it passes and the customer is done, or goes back to the window."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import folds as fold
from hall_server.core.calendar import DayRules
from hall_server.core.config import Device, Service, Window
from hall_server.core.facts.life import TicketStepped
from hall_server.core.facts.windows import TicketTransferred
from hall_server.core.figures.devices import Told
from hall_server.core.figures.kpi import figures
from hall_server.core.figures.visits import day_of
from hall_server.core.hall import Hall
from hall_server.core.materials import Checklist, Material
from hall_server.views.staff import card
from tests.core.scene import CONFIG, OPENED_AT, Scene, picture, scene

RATING = Device("rating5", "rating", "评价器", "Rating", "window", "5", "hall")
SERVICES = (replace(CONFIG.services[0], review="check"), *CONFIG.services[1:], Service("check", "复核", "Review", "R"))
LINES = ("queues", "held", "calls", "service_times")
REVIEWING = replace(
    CONFIG, services=SERVICES, windows=(*CONFIG.windows, Window("5", ("check",))), devices=(*CONFIG.devices, RATING),
    checklists=(Checklist("id", (Material("photo", "照片", "Photo"),), ()),),
)  # fmt: skip


@pytest.fixture
def desk() -> Scene:
    """A001 and A002 wait for a service whose work window 5 reviews; A001 is at window 1."""
    found = scene()
    found.do(c.Configure(REVIEWING))
    found.issue_many(["id", "id"])
    found.call("1")
    found.do(c.Start("1"))
    found.pass_time(100)
    return found


def reviewed(desk: Scene) -> Scene:
    """The same with A001 before the reviewer."""
    desk.do(c.Finish("1"))
    desk.pass_time(20)
    assert desk.call("5") == "A001"
    desk.pass_time(30)
    return desk


def test_what_was_done_is_reviewed_before_the_customer_is_done_and_asked(desk: Scene) -> None:
    assert desk.do(c.Finish("1")) == [TicketStepped("t1", "1", "check", review=True)]
    ticket = desk.hall.tickets["t1"]
    assert (ticket.label, ticket.state.value, ticket.service, ticket.arrival) == ("A001", "waiting", "check", OPENED_AT)
    assert desk.call("5") == "A001"
    assert desk.do(c.Finish("5")) == [f.TicketFinished("t1", "5", "rating5")]
    assert (desk.state("A001"), desk.hall.ratings) == ("done", {"1": {"served": 1}, "5": {"served": 1, "asked": 1}})


def test_who_does_not_pass_goes_back_first_in_line_with_a_note_and_is_reviewed_again(desk: Scene) -> None:
    back = reviewed(desk).do(c.SendBack("5", "the photo is too old"))
    assert back == [TicketTransferred("t1", "5", "id", "1", "the photo is too old")]
    ticket = desk.hall.tickets["t1"]
    assert (ticket.bound, ticket.sent_from, ticket.note) == ("1", "5", "the photo is too old")
    assert desk.call("2") == "A002", "nobody but the window whose work it was has them"
    assert desk.call("1") == "A001"
    assert desk.do(c.Finish("1")) == [TicketStepped("t1", "1", "check", review=True)]
    assert (desk.call("5"), type(desk.do(c.Finish("5"))[-1]), desk.state("A001")) == ("A001", f.TicketFinished, "done")


def test_the_cards_of_both_windows_say_what_comes_and_whose_work_it_is(desk: Scene) -> None:
    first = card(desk.hall, desk.hall.tickets["t1"])
    second = card(reviewed(desk).hall, desk.hall.tickets["t1"])
    assert ([one.en for one in first.then], first.reviewed) == (["Review"], None)
    assert second.reviewed is not None
    assert (second.then, second.reviewed.window, second.reviewed.service_name.en) == ((), "1", "ID card")


def test_a_window_that_calls_nobody_leaves_whom_it_gets_back_to_the_others(desk: Scene) -> None:
    reviewed(desk).do(c.Pause("1"))
    desk.do(c.SendBack("5", "again"))
    assert desk.call("3") == "A001"


def test_a_window_that_lost_the_service_gets_nobody_back(desk: Scene) -> None:
    reviewed(desk).do(c.Configure(replace(REVIEWING, windows=(Window("1", ("tax",)), *REVIEWING.windows[1:]))))
    assert desk.do(c.SendBack("5", "again")) == [TicketTransferred("t1", "5", "id", None, "again")]


def test_only_a_review_is_sent_back_and_only_with_a_reason(desk: Scene) -> None:
    assert desk.refusal(c.SendBack("1", "again"))[0] == "nothing_to_review"
    assert desk.refusal(c.SendBack("5", "again"))[0] == "illegal_move"
    assert reviewed(desk).refusal(c.SendBack("5", " "))[0] == "reason_needed"
    assert desk.refusal(c.SendBack("9", "again"))[0] == "unknown_window"


def test_who_reviews_may_send_on_and_who_comes_for_something_else_is_no_review(desk: Scene) -> None:
    reviewed(desk).do(c.Transfer("5", "tax"))
    assert desk.call("2") == "A001", "came before A002"
    assert desk.refusal(c.SendBack("2", "again"))[0] == "nothing_to_review"
    assert desk.do(c.Finish("2")) == [f.TicketFinished("t1", "2", None)]


def test_a_review_that_wants_the_customer_back_is_still_one_afterwards(desk: Scene) -> None:
    reviewed(desk).do(c.Transfer("5", "loans", come_back=True))
    desk.call("4")
    desk.do(c.Finish("4"))
    assert desk.call("5") == "A001"
    assert desk.do(c.SendBack("5", "again")) == [TicketTransferred("t1", "5", "id", "1", "again")]


def test_services_that_follow_come_after_the_review(desk: Scene) -> None:
    desk.do(c.Issue("m1", "code-m1", "id", then=("tax",)))
    assert desk.call("3") == "A002"
    desk.do(c.Finish("3"))
    assert desk.call("3") == "A003"
    steps = [desk.do(c.Finish("3")), desk.call("5"), desk.do(c.Finish("5")), desk.call("5"), desk.do(c.Finish("5"))]
    assert steps == [
        [TicketStepped("m1", "3", "check", review=True)], "A002", [f.TicketFinished("t2", "5", "rating5")],
        "A003", [TicketStepped("m1", "5", "tax")],
    ]  # fmt: skip


def test_who_only_learnt_what_is_missing_is_not_reviewed(desk: Scene) -> None:
    desk.do(c.TellMissing("1", ("photo",), "m1", "0123456789", "page"))
    assert desk.state("A001") == "done"


@pytest.mark.parametrize("moves", [(c.Finish("1"),), (c.Finish("1"), c.CallNext("5"), c.SendBack("5", "again"))])
def test_undo_takes_the_end_and_the_way_back_back(desk: Scene, moves: tuple[c.Command, ...]) -> None:
    for command in moves[:-1]:
        desk.do(command)
    before = picture(desk.hall)
    desk.pass_time(2)
    desk.do(moves[-1])
    desk.do(c.Undo("test"))
    after = picture(desk.hall)
    assert [after[name] for name in LINES] == [before[name] for name in LINES]
    assert not any(desk.hall.sent.values())
    assert (desk.state("A001"), desk.hall.ratings.get("5"), list(desk.hall.service_times)) == (
        ("serving", None, []) if len(moves) == 1 else ("called", None, [100.0])
    )


def test_the_night_keeps_whose_work_is_reviewed(desk: Scene) -> None:
    desk.do(c.Finish("1"))
    desk.do(c.Configure(replace(REVIEWING, day=DayRules(overnight="carry"))))
    desk.do(c.CloseDay("a power cut"))
    desk.do(c.OpenDay("2026-11-23"))
    assert desk.call("5") == "A001"
    assert desk.do(c.SendBack("5", "again"))[0] == TicketTransferred("t1", "5", "id", "1", "again")


def test_whoever_reads_the_journal_has_the_same_hall(desk: Scene) -> None:
    reviewed(desk).do(c.SendBack("5", "again"))
    again = Hall()
    for seq, fact in enumerate(desk.facts, 1):
        fold.apply(again, fact, seq, desk.now, "test")
    assert again.tickets["t1"].reviewed == desk.hall.tickets["t1"].reviewed == ("1", "id")
    assert (again.counts, again.sent) == (desk.hall.counts, desk.hall.sent)


def test_figures_count_the_customer_once_and_the_reviews_beside() -> None:
    desk, told = scene(), list[Told]()

    def do(after_s: float, command: c.Command) -> None:
        desk.pass_time(after_s)
        told.extend(Told(desk.now, "test", fact) for fact in desk.do(command))

    told.extend(Told(OPENED_AT, "test", fact) for fact in desk.facts)
    do(0, c.Configure(REVIEWING))
    do(0, c.Issue("t1", "c1", "id"))
    for after_s, command in (
        (30, c.CallNext("1")), (100, c.Finish("1")), (20, c.CallNext("5")), (40, c.SendBack("5", "again")),
        (10, c.CallNext("1")), (60, c.Finish("1")), (15, c.CallNext("5")), (25, c.Finish("5")),
    ):  # fmt: skip
        do(after_s, command)
    day = day_of(told)
    assert day is not None
    found = figures(day)
    assert (found.arrived, found.served, found.steps, found.reviews, found.sent_back) == (1, 1, 3, 2, 1)
    assert [(one.name, one.arrived, one.served) for one in found.by_service] == [("id", 1, 1)]
    assert [(one.window, one.served) for one in found.windows if one.served] == [("1", 2), ("5", 1)]
    assert found.service.sum_s == 100 + 60 + 25
    assert day.queues == {"id": 0, "check": 0}


def test_a_wish_for_the_customer_that_the_window_itself_met_is_over(hall: Scene) -> None:
    hall.do(c.Issue("m1", "code-m1", "id", then=("loans",)))
    hall.call("1")
    hall.do(c.Transfer("1", "tax", come_back=True))
    assert hall.call("1") == "A001"
    assert hall.do(c.Finish("1")) == [TicketStepped("m1", "1", "loans")]
    hall.call("4")
    assert hall.do(c.Finish("4")) == [f.TicketFinished("m1", "4", None)]
