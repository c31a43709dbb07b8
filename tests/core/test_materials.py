"""Missing materials: told once on paper, taken back, printed elsewhere, and a bounded return that counts once."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core.codec import dump, load
from hall_server.core.facts import Carried, SlipFailed, SlipOwed, TicketFinished, TicketIssued
from hall_server.core.facts import materials as m
from hall_server.core.facts.life import TicketUndone
from hall_server.core.hall import Hall
from hall_server.core.materials import Checklist, Material, QuickReturn
from tests.core.scene import CONFIG, Scene, picture, scene

FORM, PHOTO = Material("form", "申请表", "Form"), Material("photo", "照片", "Photo")
LISTS = (Checklist("id", (FORM, PHOTO)),)
END_OF_NOVEMBER_29 = 1_795_968_000.0  # a week after the day of the scene, at midnight where the hall stands
TELL = c.TellMissing("1", ("photo", "form"), "m1", "0123456789", "page1")


def served(**changes: object) -> Scene:
    """A001 is being served at window 1, B001 waits."""
    hall = scene(**{"checklists": LISTS, **changes})
    hall.issue_many(["id", "tax"])
    hall.call("1")
    hall.do(c.Start("1"))
    return hall


def told(hall: Scene | None = None) -> Scene:
    hall = hall or served()
    hall.do(TELL, "clerk:li")
    return hall


def test_what_is_missing_is_kept_printed_at_a_kiosk_and_ends_the_service() -> None:
    hall = served()
    assert hall.do(TELL) == [
        m.TicketMaterialsMissing("t1", "1", "id", "m1", (FORM, PHOTO), "0123456789", "page1", END_OF_NOVEMBER_29),
        SlipOwed("m1", "t1", "printer1", 1),
        TicketFinished("t1", "1"),
    ]
    assert (hall.state("A001"), hall.at("1"), hall.hall.tickets["t1"].slip) == ("done", None, None)


def test_a_window_with_printers_of_its_own_prints_there_and_a_dead_one_hands_the_slip_on() -> None:
    windows = (replace(CONFIG.windows[0], printers=("printer2", "printer1")), *CONFIG.windows[1:])
    hall = told(served(windows=windows))
    assert hall.hall.slips["m1"].printer == "printer2"
    failed = hall.do(c.ReportSlip("m1", "printer2", 1, "failed", "NOT_SENT", ("paper_end",)))
    assert failed == [SlipFailed("m1", "t1", "printer2", 1, "paper_end", ""), SlipOwed("m1", "t1", "printer1", 2)]


def test_a_printer_that_fails_before_it_began_loses_the_slip_to_another() -> None:
    hall = told()
    moved = hall.health("printer1", "failed", "paper_end")
    assert SlipOwed("m1", "t1", "printer2", 2) in moved


def test_without_any_printer_the_code_is_good_all_the_same_and_a_later_print_is_no_copy() -> None:
    hall = served()
    hall.health("printer1", "failed", "offline")
    hall.health("printer2", "failed", "offline")
    assert hall.do(TELL)[1] == SlipFailed("m1", "t1", "", 0, "no_printer")
    assert hall.refusal(c.PrintMissing("m1"))[0] == "no_printer_works"
    hall.health("printer2", "ok")
    assert hall.do(c.PrintMissing("m1")) == [SlipOwed("m1", "t1", "printer2", 1)]


@pytest.mark.parametrize("outcome", ["printed", "unconfirmed"])
def test_one_more_paper_says_that_it_is_a_copy(outcome: str) -> None:
    hall = told()
    assert hall.refusal(c.PrintMissing("m1"))[0] == "slip_claimed"
    hall.do(c.ReportSlip("m1", "printer1", 1, "claim"))
    hall.do(c.ReportSlip("m1", "printer1", 1, outcome, outcome.upper()))
    assert hall.do(c.PrintMissing("m1")) == [SlipOwed("m1", "t1", "printer1", 2, copied=True)]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (c.TellMissing("1", (), "m1", "0", "p"), "nothing_missing"),
        (c.TellMissing("1", ("passport",), "m1", "0", "p"), "other_checklist"),
        (c.TellMissing("2", ("form",), "m1", "0", "p"), "illegal_move"),
        (c.TellMissing("9", ("form",), "m1", "0", "p"), "unknown_window"),
        (c.PrintMissing("m1"), "unknown_slip"),
        (c.ComeBack("m1", "t9", "code"), "unknown_slip"),
    ],
)
def test_what_cannot_be_told_printed_or_redeemed_is_refused(command: c.Command, code: str) -> None:
    assert served().refusal(command)[0] == code


def test_a_service_without_a_list_has_nothing_to_tick() -> None:
    assert served(checklists=()).refusal(TELL)[0] == "other_checklist"


def test_whoever_comes_back_stands_in_line_as_if_come_five_minutes_earlier_and_once() -> None:
    hall = told()
    hall.pass_time(600)
    hall.issue("id")  # A002 has come more than five minutes before
    hall.pass_time(400)
    hall.issue("id")  # A003 has not
    hall.pass_time(10)
    issued, returned = hall.do(c.ComeBack("m1", "t8", "code8", "K3", "en"))
    assert isinstance(issued, TicketIssued)
    assert (issued.label, issued.service, issued.ahead, issued.head_start_s) == ("A004", "id", 2, 300)
    assert returned == m.TicketReturned("t8", "m1")
    hall.call("2")
    assert hall.serve("3") == "A002"
    hall.do(c.CallNext("3"))
    called = hall.hall.active("3")
    assert called is not None
    assert (called.label, called.why, called.since) == ("A004", "return", called.came_at)
    refused = hall.refusal(c.ComeBack("m1", "t9", "code9"))
    assert refused == ("code_used", "Ticket A004 was given out for this code.")


def test_a_code_is_good_to_the_end_of_its_last_day_and_not_longer() -> None:
    hall = told()
    hall.do(c.CloseDay("test"))
    hall.now = END_OF_NOVEMBER_29 - 1
    hall.do(c.OpenDay("2026-11-29"))
    assert hall.hall.missing["m1"].back is None
    hall.now = END_OF_NOVEMBER_29
    assert hall.refusal(c.ComeBack("m1", "t8", "code8"))[0] == "code_expired"
    hall.now -= 1
    hall.do(c.ComeBack("m1", "t8", "code8"))
    assert hall.state("A001") == "waiting"


def test_a_return_obeys_the_hall_like_everybody() -> None:
    hall = told()
    for window in "123":
        hall.do(c.Pause(window))
    assert hall.refusal(c.ComeBack("m1", "t8", "code8"))[0] == "service_closed"
    assert hall.hall.missing["m1"].back is None


def test_who_takes_the_end_of_a_service_back_has_told_nothing() -> None:
    hall = told()
    assert hall.do(c.Undo("clerk:li"), "clerk:li") == [
        SlipFailed("m1", "t1", "printer1", 1, "cancelled"),
        m.TicketMaterialsWithdrawn("t1", "m1"),
        TicketUndone(("t1",), ("TicketFinished",), "clerk:li"),
    ]
    assert (hall.hall.missing, hall.at("1")) == ({}, "A001")
    hall.do(c.Finish("1"), "clerk:li")
    assert hall.do(c.Undo("clerk:li"), "clerk:li") == [TicketUndone(("t1",), ("TicketFinished",), "clerk:li")]


def test_an_opening_carries_the_codes_that_are_still_good_and_a_start_there_equals_the_whole_fold() -> None:
    hall = told(served(quick_return=QuickReturn(days=1)))
    hall.pass_time(86400)
    hall.do(c.ComeBack("m1", "t8", "code8"))
    hall.do(c.CloseDay("test"))
    (opened,) = hall.do(c.OpenDay("2026-11-23"))
    carried = load(Carried, dump(getattr(opened, "carried")))  # noqa: B009 - the first of the facts is the opening
    assert carried.missing == tuple(hall.hall.missing.values())
    again = Hall(seq=hall.hall.seq - 1, at=hall.now)
    fold.apply(again, opened, hall.hall.seq, hall.now, "test")
    assert picture(again) == picture(hall.hall)
    hall.pass_time(2 * 86400)
    hall.do(c.CloseDay())
    hall.do(c.OpenDay("2026-11-25"))
    assert hall.hall.missing == {}


@pytest.mark.parametrize("outcome", ["failed", "printed", "unconfirmed"])
def test_a_slip_that_was_taken_back_while_it_was_printed_never_becomes_the_paper_of_its_ticket(outcome: str) -> None:
    hall = scene(checklists=LISTS)
    hall.issue("id", "K1")
    hall.call("1")
    told(hall)
    hall.do(c.ReportSlip("m1", "printer1", 1, "claim"))
    hall.do(c.Undo("clerk:li"), "clerk:li")
    hall.do(c.ReportSlip("m1", "printer1", 1, outcome, "NOT_SENT", ("paper_end",)))
    assert (hall.hall.tickets["t1"].slip, hall.hall.slips["m1"].state) == ("s-t1", outcome)
    assert [slip.id for slip in hall.hall.owed_slips()] == ["s-t1"]
