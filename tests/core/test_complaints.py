"""Complaints: anybody may make one, somebody answers for each by a day, and the hall remembers them over its nights."""

import pytest

from hall_server.core import commands as c
from hall_server.core.commands.complaints import CloseComplaint, Complain, NoteComplaint, TakeComplaint
from hall_server.core.complaints import MOST_A_TICKET, MOST_AN_HOUR
from hall_server.core.facts import complaints as cf
from hall_server.records.complaints import Words
from hall_server.views.complaints import view
from tests.core.scene import Scene, scene

NIGHT_S = 24 * 3600


@pytest.fixture
def hall() -> Scene:
    made = scene()
    made.do(Complain("c1", "wait", "page"))
    return made


def test_a_complaint_about_a_ticket_names_its_label_and_window_and_no_person(hall: Scene) -> None:
    label = hall.issue("id")
    (ticket,) = hall.hall.tickets
    hall.do(c.CallNext("1"))
    number = hall.hall.seq + 1
    assert hall.do(Complain("c2", "attitude", "page", ticket, named=True)) == [
        cf.ComplaintMade("c2", number, "attitude", "page", ticket, label, "1", True)
    ]
    told = hall.do(Complain("c3", "fees", "staff", "gone", "4"))
    assert told == [cf.ComplaintMade("c3", number + 1, "fees", "staff", "", "", "4")]


def test_it_is_taken_up_until_a_day_that_is_still_to_come_and_only_then_closed(hall: Scene) -> None:
    assert hall.refusal(CloseComplaint("c1", "settled"))[0] == "complaint_not_taken"
    assert hall.refusal(TakeComplaint("c1", "wang", "2026-11-21"))[0] == "complaint_due"
    assert hall.do(TakeComplaint("c1", "wang", "2026-11-22")) == [cf.ComplaintTaken("c1", "wang", "2026-11-22")]
    assert hall.do(NoteComplaint("c1")) == [cf.ComplaintNoted("c1")]
    assert hall.do(CloseComplaint("c1", "settled")) == [cf.ComplaintClosed("c1", "settled")]
    for late in (TakeComplaint("c1", "lin", "2026-11-30"), NoteComplaint("c1"), CloseComplaint("c1", "unfounded")):
        assert hall.refusal(late)[0] == "complaint_closed"
    assert hall.refusal(NoteComplaint("c9"))[0] == "unknown_complaint"


def test_what_is_overdue_stands_first_then_what_nobody_has_and_then_by_day(hall: Scene) -> None:
    for name, day in (("c2", "2026-11-30"), ("c3", "2026-11-22"), ("c4", "2026-11-25"), ("c5", "2026-11-24")):
        hall.do(Complain(name, "other", "staff"))
        hall.do(TakeComplaint(name, "wang", day))
    hall.do(CloseComplaint("c5", "elsewhere"))
    words = {"c1": Words("main", "c1", "李", "139", "太久了", "2026-11-22T02:00:00Z manager:wang rang\n")}
    rows = view(hall.hall, words, "2026-11-23").rows
    assert [(one.id, one.state) for one in rows] == [
        ("c3", "overdue"), ("c1", "new"), ("c4", "open"), ("c2", "open"), ("c5", "closed"),
    ]  # fmt: skip
    assert (rows[1].name, rows[1].said, rows[1].notes, rows[1].forgotten) == (
        "李", "太久了", ("2026-11-22T02:00:00Z manager:wang rang",), False,
    )  # fmt: skip
    assert (rows[0].said, rows[0].forgotten) == ("", True)


def test_a_ticket_complains_three_times_and_nameless_pages_twenty_times_an_hour(hall: Scene) -> None:
    hall.issue("id")
    (ticket,) = hall.hall.tickets
    for n in range(MOST_A_TICKET):
        hall.do(Complain(f"t{n}", "wait", "page", ticket))
    assert hall.refusal(Complain("t9", "wait", "page", ticket))[0] == "complaint_limit"
    for n in range(MOST_AN_HOUR - 1):
        hall.do(Complain(f"p{n}", "wait", "kiosk"))
    assert hall.refusal(Complain("p99", "wait", "page"))[0] == "complaint_limit"
    hall.do(Complain("s1", "wait", "staff"))
    hall.pass_time(3601)
    hall.do(Complain("p99", "wait", "page"))


def test_open_ones_outlive_every_night_and_closed_ones_a_month(hall: Scene) -> None:
    hall.do(Complain("c2", "fees", "staff"))
    hall.do(TakeComplaint("c2", "wang", "2026-11-30"))
    hall.do(CloseComplaint("c2", "justified"))
    before = dict(hall.hall.complaints)
    hall.do(c.CloseDay())
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.hall.complaints == before
    hall.do(c.CloseDay())
    hall.pass_time(31 * NIGHT_S)
    for day in ("2026-12-24", "2026-12-25"):
        hall.do(c.OpenDay(day))
        hall.do(c.CloseDay())
    hall.do(c.OpenDay("2026-12-26"))
    assert list(hall.hall.complaints) == ["c1"]
