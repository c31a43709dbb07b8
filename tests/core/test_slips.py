"""Paper: owed to one printer at a time, begun once, and a second paper only with the COPY mark."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.rules.slips import CLAIM_LIMIT_S, MOST_ATTEMPTS, OWED_LIMIT_S
from tests.core.scene import CONFIG, Scene, scene


@pytest.fixture
def printing(hall: Scene) -> Scene:
    """A hall with two good printers."""
    hall.health("printer1", "ok")
    hall.health("printer2", "ok")
    return hall


def test_a_slip_is_claimed_once_and_printed(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    assert printing.slip_report(label, "claim") == [f.SlipClaimed("s-t3", "printer1", 1)]
    assert printing.paper(label) == ("printing", "printer1", 1, False)
    told = c.ReportSlip("s-t3", "printer1", 1, "claim")
    assert printing.refusal(told) == ("slip_claimed", "This slip is printing: it must not be started again.")
    assert printing.slip_report(label, "printed") == [f.SlipPrinted("s-t3", "printer1", 1, "PRINTED")]
    assert printing.refusal(told)[0] == "slip_claimed"
    assert (printing.paper(label), printing.hall.owed_slips()) == (("printed", "printer1", 1, False), ())


def test_a_printer_that_prints_nothing_hands_its_slip_on_in_the_same_breath(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "claim")
    assert printing.slip_report(label, "failed", "paper_end") == [
        f.SlipFailed("s-t3", "t3", "printer1", 1, "paper_end", "seen"),
        f.SlipOwed("s-t3", "t3", "printer2", 2),
    ]
    assert printing.paper(label) == ("owed", "printer2", 2, False)


def test_a_slip_that_moved_on_cannot_be_claimed_and_its_late_outcome_changes_nothing(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "failed", "cover_open")
    assert printing.refusal(c.ReportSlip("s-t3", "printer1", 1, "claim"))[0] == "slip_moved"
    assert printing.refusal(c.ReportSlip("s-unknown", "printer1", 1, "claim"))[0] == "slip_moved"
    for outcome in ("printed", "unconfirmed", "failed"):
        assert printing.slip_report(label, outcome, printer="printer1", attempt=1) == []
    assert printing.paper(label) == ("owed", "printer2", 2, False)


def test_when_no_printer_is_left_the_number_stays_on_the_screen(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "failed", "paper_end")
    assert printing.slip_report(label, "failed", "paper_end") == [
        f.SlipFailed("s-t3", "t3", "printer2", 2, "paper_end", "seen"),
        f.SlipFailed("s-t3", "t3", "", 2, "no_printer"),
    ]
    assert printing.paper(label)[0] == "failed"
    assert printing.state(label) == "waiting"


def test_without_a_working_printer_a_ticket_is_issued_and_says_that_no_paper_comes(printing: Scene) -> None:
    printing.health("printer1", "failed", "paper_end")
    printing.health("printer2", "failed", "no_answer")
    found = printing.do(c.Issue("t1", "c1", "id", "K1"))
    assert found[1:] == [f.SlipFailed("s-t1", "t1", "", 0, "no_printer")]


def test_the_next_customer_of_a_kiosk_gets_paper_from_the_printer_in_force(printing: Scene) -> None:
    printing.health("printer1", "failed", "paper_end")
    label = printing.issue("id", "K1")
    assert printing.paper(label) == ("owed", "printer2", 1, False)
    printing.health("printer1", "degraded", "paper_low")
    assert printing.paper(printing.issue("id", "K1"))[1] == "printer1"


def test_a_printer_that_works_comes_before_one_nobody_has_heard_of(hall: Scene) -> None:
    assert hall.paper(hall.issue("id", "K1"))[1] == "printer1"
    hall.health("printer2", "ok")
    assert hall.paper(hall.issue("id", "K1"))[1] == "printer2"


def test_a_printer_with_a_doubtful_paper_inside_gets_no_new_slip(printing: Scene) -> None:
    waiting = printing.issue("id", "K1")
    printing.health("printer1", "degraded", "ticket_unconfirmed")
    assert printing.paper(waiting) == ("owed", "printer2", 2, False)
    assert printing.paper(printing.issue("id", "K1"))[1] == "printer2"


def test_a_printer_that_fails_hands_on_what_it_has_not_begun_and_keeps_what_it_has(printing: Scene) -> None:
    begun, waiting = printing.issue("id", "K1"), printing.issue("id", "K1")
    printing.slip_report(begun, "claim")
    found = printing.health("printer1", "failed", "paper_end")
    assert [type(fact) for fact in found] == [f.DeviceChanged, f.RepairOpened, f.SlipFailed, f.SlipOwed]
    assert printing.paper(begun) == ("printing", "printer1", 1, False)
    assert printing.paper(waiting) == ("owed", "printer2", 2, False)


def test_a_declared_printer_hands_its_slips_on_and_gets_none_until_verified(printing: Scene) -> None:
    waiting = printing.issue("id", "K1")
    printing.do(c.DeclareFault("printer1", "r1", "jams"))
    assert printing.paper(waiting)[1] == "printer2"
    assert printing.paper(printing.issue("id", "K1"))[1] == "printer2"
    printing.do(c.VerifyRepair("printer1"))
    assert printing.paper(printing.issue("id", "K1"))[1] == "printer1"


def test_a_detected_printer_fault_is_verified_by_one_printed_slip_and_by_nothing_less(printing: Scene) -> None:
    printing.do(c.ReportHealth("printer1", "failed", "r1", ("paper_end",)))
    assert printing.health("printer1", "ok") == [f.DeviceChanged("printer1", "ok", (), "seen")]
    assert "printer1" in printing.hall.repairs, "the notice stays until paper has been seen"
    label = printing.issue("id", "K1")
    assert printing.slip_report(label, "printed")[1:] == [f.RepairVerified("r1", "printer1", "printed")]
    assert printing.hall.repairs == {}


def test_a_declared_printer_fault_is_not_verified_by_paper(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "claim")
    printing.do(c.DeclareFault("printer1", "r1"))
    assert printing.slip_report(label, "printed") == [f.SlipPrinted("s-t3", "printer1", 1, "PRINTED")]
    assert "printer1" in printing.hall.repairs


def test_a_customer_is_asked_only_about_doubtful_paper_and_yes_settles_it(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "claim")
    assert printing.refusal(c.AnswerSlip("t3", got=True))[0] == "illegal_move"
    assert printing.slip_report(label, "unconfirmed") == [
        f.SlipUnconfirmed("s-t3", "printer1", 1, "UNCONFIRMED", "seen")
    ]
    assert printing.slip_report(label, "unconfirmed") == []
    assert printing.do(c.AnswerSlip("t3", got=True)) == [f.SlipPrinted("s-t3", "printer1", 1, "customer")]
    assert printing.refusal(c.AnswerSlip("t3", got=False))[0] == "illegal_move"


def test_no_asks_for_one_more_paper_marked_as_a_copy(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "unconfirmed")
    assert printing.do(c.AnswerSlip("t3", got=False)) == [f.SlipOwed("s-t3", "t3", "printer1", 2, copied=True)]
    printing.slip_report(label, "failed", "paper_end")
    assert printing.paper(label) == ("owed", "printer2", 3, True), "once doubtful, every later paper is a copy"


def test_copies_that_fail_everywhere_do_not_go_round_in_circles(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "unconfirmed")
    printing.do(c.AnswerSlip("t3", got=False))
    printing.slip_report(label, "failed", "paper_end")
    printing.slip_report(label, "failed", "paper_end")
    assert printing.paper(label)[0] == "failed"


def test_a_ticket_that_is_over_needs_no_copy(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "unconfirmed")
    printing.do(c.Cancel("t3"))
    assert printing.refusal(c.AnswerSlip("t3", got=False))[0] == "illegal_move"


def test_doubtful_paper_may_still_turn_out_to_be_printed(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    printing.slip_report(label, "unconfirmed")
    assert printing.slip_report(label, "printed") == [f.SlipPrinted("s-t3", "printer1", 1, "PRINTED")]


def test_a_slip_is_not_tried_for_ever(printing: Scene) -> None:
    label = printing.issue("id", "K1")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert printing.paper(label)[2] == attempt
        printing.slip_report(label, "unconfirmed")
        printing.do(c.AnswerSlip("t3", got=False))
    assert printing.paper(label)[:3] == ("failed", "printer1", MOST_ATTEMPTS)


def test_paper_that_nobody_begins_goes_elsewhere_and_begun_paper_that_never_ends_is_in_doubt(printing: Scene) -> None:
    begun, waiting = printing.issue("id", "K1"), printing.issue("id", "K2")
    printing.slip_report(begun, "claim")
    printing.pass_time(CLAIM_LIMIT_S)
    assert printing.do(c.Tick()) == []
    printing.pass_time(0.1)
    assert printing.do(c.Tick()) == [f.SlipUnconfirmed("s-t3", "printer1", 1, "no_answer")]
    printing.pass_time(OWED_LIMIT_S - CLAIM_LIMIT_S)
    assert printing.do(c.Tick()) == [
        f.SlipFailed("s-t4", "t4", "printer2", 1, "no_answer"),
        f.SlipOwed("s-t4", "t4", "printer1", 2),
    ]
    assert printing.do(c.Tick()) == []
    assert printing.paper(waiting) == ("owed", "printer1", 2, False)


def test_a_station_that_falls_silent_hands_its_slips_on_and_gets_no_new_ones(printing: Scene) -> None:
    printing.do(c.StationSeen("K1", connected=True))
    waiting = printing.issue("id", "K1")
    printing.do(c.StationSeen("K1", connected=False))
    printing.pass_time(5.1)
    assert printing.do(c.Tick()) == [
        f.DeviceChanged("printer1", "unknown", ("stale",), "station K1 is silent"),
        f.SlipFailed("s-t3", "t3", "printer1", 1, "stale"),
        f.SlipOwed("s-t3", "t3", "printer2", 2),
    ]
    printing.health("printer2", "failed", "paper_end")
    assert printing.paper(waiting)[0] == "failed"
    assert printing.paper(printing.issue("id", "K1"))[0] == "failed"


def test_paper_that_nobody_needs_any_more_is_not_begun(hall: Scene) -> None:
    ticket = hall.id_of(hall.issue(kiosk="K1"))
    assert hall.do(c.Cancel(ticket))[1:] == [f.SlipFailed(f"s-{ticket}", ticket, "printer1", 1, "cancelled")]
    assert hall.hall.owed_slips() == ()


def test_paper_of_a_ticket_that_the_day_closed_over_is_not_begun(hall: Scene) -> None:
    ticket = hall.id_of(hall.issue(kiosk="K1"))
    assert f.SlipFailed(f"s-{ticket}", ticket, "printer1", 1, "day_closed") in hall.do(c.CloseDay("we close"))


def test_a_printer_that_can_never_say_it_works_is_taken_in_its_turn() -> None:
    devices = tuple(replace(one, monitored=one.id != "printer1") for one in CONFIG.devices)
    hall = scene(devices=devices)
    hall.health("printer1", "unknown", "unmonitored")
    hall.health("printer2", "ok")
    label = hall.issue("id", "K1")
    assert hall.paper(label)[:2] == ("owed", "printer1")
    hall.slip_report(label, "claim")
    hall.slip_report(label, "unconfirmed")
    assert hall.paper(label)[:2] == ("unconfirmed", "printer1")
    hall.health("printer1", "failed", "refused")
    assert hall.paper(hall.issue("id", "K1"))[:2] == ("owed", "printer2")
    hall.health("printer1", "unknown", "unmonitored")
    hall.do(c.StationSeen("K1", connected=True))
    hall.do(c.StationSeen("K1", connected=False))
    assert hall.paper(hall.issue("id", "K1"))[:2] == ("owed", "printer2")
