"""Faults reported and declared, the repairs they open, the windows they redirect, and stations that fall silent."""

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from tests.core.scene import Scene, covered


def test_a_change_of_health_is_told_once(hall: Scene) -> None:
    assert hall.health("sign1", "ok") == [f.DeviceChanged("sign1", "ok", (), "seen")]
    assert hall.health("sign1", "ok") == []
    assert hall.health("sign1", "degraded", "slow") == [f.DeviceChanged("sign1", "degraded", ("slow",), "seen")]


@pytest.mark.parametrize(
    "command",
    [
        c.ReportHealth("sign9", "ok", "r"),
        c.ReportShown("sign9", "call-1", 1.0),
        c.DeclareFault("sign9", "r"),
        c.AdvanceRepair("sign9", "fixed"),
        c.VerifyRepair("sign9"),
    ],
)
def test_a_device_that_does_not_exist_is_refused_by_name(hall: Scene, command: c.Command) -> None:
    assert hall.refusal(command) == ("unknown_device", "There is no device 'sign9'.")


def test_a_failed_sign_opens_a_repair_and_sends_the_called_ticket_to_the_nearest_free_window(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    found = hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",), "3 polls"))
    assert found == [
        f.DeviceChanged("sign1", "failed", ("no_ack",), "3 polls"),
        f.RepairOpened("r1", "sign1", "no_ack", declared=False),
        f.WindowRedirected("1", "r1", "no_ack"),
        f.TicketRedirected("t1", "1", "2", "r1"),
        f.TicketCalled("t1", "2", "redirected", redirected_from="1"),
    ]
    assert (hall.at("1"), hall.at("2"), hall.hall.calls[-1].window) == (None, "A001", "2")


def test_without_a_free_window_the_called_ticket_waits_and_is_first_at_the_nearest(hall: Scene) -> None:
    hall.issue_many(["id"] * 6)
    assert [hall.call(window) for window in "123"] == ["A001", "A002", "A003"]
    found = hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    assert found[-1] == f.TicketRedirected("t1", "1", "2", "r1")
    assert hall.state("A001") == "waiting"
    assert hall.call("3", "served") == "A004", "another window must not take what was promised to window 2"
    hall.do(c.CallNext("2", "served"))
    assert hall.facts[-1] == f.TicketCalled("t1", "2", "redirected_here", 0)


def test_a_ticket_sent_to_a_window_comes_before_earlier_ones_that_wait_there(hall: Scene) -> None:
    hall.issue_many(["id"] * 7)
    hall.call("1")
    hall.do(c.Absent("1", force=True))
    assert [hall.call(window) for window in "123"] == ["A002", "A003", "A004"]
    hall.health("sign1", "failed", "no_ack")
    assert [ticket.pass_over for ticket in hall.hall.tickets.values() if ticket.label == "A001"] == [0]
    assert hall.call("2", "served") == "A002"
    assert hall.call("2", "served") == "A001"


def test_a_ticket_sent_to_a_window_that_fails_too_belongs_to_everybody(hall: Scene) -> None:
    hall.issue_many(["id"] * 3)
    for window in "123":
        hall.call(window)
    hall.health("sign1", "failed", "no_ack")
    assert hall.call("3", "served") is None
    hall.do(c.Finish("2"))
    hall.health("sign1", "ok")
    hall.do(c.Redirect("2"))
    assert hall.call("3") == "A001"


def test_a_ticket_requeued_once_and_then_redirected_is_called_again_before_new_ones(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    hall.do(c.Absent("1", force=True))
    hall.issue_many(["tax", "tax"])
    assert [hall.call(window) for window in ("3", "2", "1")] == ["A001", "B001", "B002"]
    hall.health("sign3", "failed", "no_ack")
    hall.issue_many(["id"] * 5)
    assert hall.call("1", "served") == "A002"
    assert hall.call("2", "served") == "A001"


def test_a_customer_being_served_stays_where_they_are_and_next_is_refused_with_the_reason(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    hall.call("1")
    hall.do(c.Start("1"))
    hall.health("sign1", "failed", "no_ack")
    assert hall.at("1") == "A001"
    assert hall.refusal(c.CallNext("1")) == (
        "window_redirected",
        "Window 1 calls nobody: Sign 1 is out of order; customers go to 2.",
    )
    hall.do(c.Finish("1"))
    assert hall.state("A001") == "done"


def test_a_window_whose_service_has_no_other_home_keeps_calling(hall: Scene) -> None:
    found = hall.do(c.ReportHealth("sign4", "failed", "r1", ("no_ack",)))
    assert [type(fact) for fact in found] == [f.DeviceChanged, f.RepairOpened]
    hall.issue("loans")
    assert hall.call("4") == "C001"


def test_the_last_window_of_a_service_keeps_calling_when_all_its_signs_fail(hall: Scene) -> None:
    for sign in ("sign1", "sign3", "sign2"):
        hall.health(sign, "failed", "no_ack")
    hall.issue_many(["id", "tax"])
    assert hall.call("2") == "A001"
    assert {name for name, w in hall.hall.windows.items() if w.incidents} == {"1", "3"}


def test_a_hall_that_covers_dead_signs_redirects_nobody_for_them_but_still_for_a_persons_word() -> None:
    hall = covered()
    hall.health("sign1", "failed", "no_ack")
    hall.issue()
    assert hall.call("1") == "A001"
    assert hall.do(c.DeclareFault("scanner2", "r9", "dark"))[-1] == f.WindowRedirected("2", "r9", "declared")


def test_a_sign_that_says_ok_again_verifies_its_own_repair_and_gives_the_window_back(hall: Scene) -> None:
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    assert hall.health("sign1", "degraded", "probing") == [f.DeviceChanged("sign1", "degraded", ("probing",), "seen")]
    assert hall.refusal(c.CallNext("1"))[0] == "window_redirected"
    assert hall.health("sign1", "ok") == [
        f.DeviceChanged("sign1", "ok", (), "seen"),
        f.RepairVerified("r1", "sign1", "recovered"),
        f.WindowRestored("1", "r1"),
    ]
    assert hall.hall.repairs == {}


def test_a_second_failure_of_the_same_device_opens_no_second_repair(hall: Scene) -> None:
    hall.health("sign1", "failed", "no_ack")
    assert hall.health("sign1", "failed", "no_ack", "bus_dead") == [
        f.DeviceChanged("sign1", "failed", ("no_ack", "bus_dead"), "seen")
    ]


def test_a_declared_fault_redirects_at_once_and_only_a_person_ends_it(hall: Scene) -> None:
    hall.health("sign1", "ok")
    assert hall.do(c.DeclareFault("sign1", "r1", "flickers")) == [
        f.RepairOpened("r1", "sign1", "declared", declared=True, note="flickers"),
        f.FaultDeclared("sign1", "flickers"),
        f.WindowRedirected("1", "r1", "declared"),
    ]
    assert hall.refusal(c.DeclareFault("sign1", "r2"))[0] == "already_reported"
    hall.health("sign1", "failed", "no_ack")
    assert hall.refusal(c.VerifyRepair("sign1")) == ("still_failing", "Sign 1 still reports: no_ack.")
    assert hall.health("sign1", "ok") == [f.DeviceChanged("sign1", "ok", (), "seen")]
    assert hall.refusal(c.CallNext("1"))[0] == "window_redirected"
    assert hall.do(c.VerifyRepair("sign1", "new cable")) == [
        f.RepairVerified("r1", "sign1", "person", "new cable"),
        f.WindowRestored("1", "r1"),
    ]


def test_declaring_a_fault_that_was_detected_keeps_the_repair_and_asks_for_a_person(hall: Scene) -> None:
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    assert hall.do(c.DeclareFault("sign1", "r2", "dark")) == [f.FaultDeclared("sign1", "dark")]
    hall.health("sign1", "ok")
    assert (hall.hall.repairs["sign1"].id, hall.hall.repairs["sign1"].declared) == ("r1", True)


def test_two_broken_devices_at_a_window_must_both_be_repaired_before_it_calls(hall: Scene) -> None:
    hall.do(c.ReportHealth("sign2", "failed", "r1", ("no_ack",)))
    hall.do(c.DeclareFault("scanner2", "r2"))
    hall.health("sign2", "ok")
    assert hall.refusal(c.CallNext("2"))[0] == "window_redirected"
    hall.do(c.VerifyRepair("scanner2"))
    assert hall.do(c.CallNext("2")) == []


def test_a_repair_goes_its_way_and_without_one_there_is_nothing_to_advance_or_verify(hall: Scene) -> None:
    assert hall.refusal(c.AdvanceRepair("sign1", "accepted"))[0] == "no_repair"
    assert hall.refusal(c.VerifyRepair("sign1"))[0] == "no_repair"
    hall.do(c.DeclareFault("sign1", "r1", "dark"))
    hall.do(c.AdvanceRepair("sign1", "accepted", expected="noon"))
    hall.do(c.AdvanceRepair("sign1", "fixed", "new cable"))
    repair = hall.hall.repairs["sign1"]
    assert (repair.state, repair.note, repair.expected) == ("fixed", "new cable", "noon")


def test_a_window_is_redirected_by_hand_and_given_back_by_hand(hall: Scene) -> None:
    assert hall.refusal(c.Redirect("1", undo=True))[0] == "illegal_move"
    assert hall.do(c.Redirect("1", reason="lunch")) == [f.WindowRedirected("1", "manual", "lunch")]
    assert hall.refusal(c.Redirect("1"))[0] == "illegal_move"
    assert hall.refusal(c.CallNext("1"))[1] == "Window 1 calls nobody: it was taken out of service; customers go to 2."
    assert hall.do(c.Redirect("1", undo=True)) == [f.WindowRestored("1", "manual")]
    assert hall.refusal(c.Redirect("4"))[0] == "no_other_window"


def test_a_service_whose_windows_are_all_redirected_but_one_is_still_issued(hall: Scene) -> None:
    hall.do(c.Redirect("1"))
    hall.do(c.Redirect("3"))
    assert hall.refusal(c.Redirect("2"))[0] == "no_other_window"
    assert hall.issue() == "A001"


def test_a_sign_acknowledges_each_content_once(hall: Scene) -> None:
    assert hall.do(c.ReportShown("sign1", "call-3", 41.26)) == [f.SignShown("sign1", "call-3", 41.3)]
    assert hall.do(c.ReportShown("sign1", "call-3", 50.0)) == []


def test_a_station_comes_and_goes_and_says_so_once(hall: Scene) -> None:
    assert hall.do(c.StationSeen("hall", connected=False)) == []
    assert hall.do(c.StationSeen("hall", connected=True)) == [f.StationConnected("hall")]
    assert hall.do(c.StationSeen("hall", connected=True)) == []
    assert hall.do(c.StationSeen("hall", connected=False)) == [f.StationLost("hall")]


def test_devices_of_a_station_that_stays_silent_become_unknown_after_five_seconds_and_not_before(hall: Scene) -> None:
    hall.do(c.StationSeen("hall", connected=True))
    hall.health("sign1", "ok")
    hall.health("sign2", "failed", "no_ack")
    hall.do(c.StationSeen("hall", connected=False))
    hall.pass_time(5)
    assert hall.do(c.Tick()) == []
    hall.pass_time(0.1)
    assert hall.do(c.Tick()) == [
        f.DeviceChanged(sign, "unknown", ("stale",), "station hall is silent") for sign in ("sign1", "sign2")
    ]
    assert hall.do(c.Tick()) == []
    assert hall.refusal(c.CallNext("2"))[0] == "window_redirected", "silence repairs nothing"


def test_a_station_that_comes_back_in_time_changes_nothing(hall: Scene) -> None:
    hall.do(c.StationSeen("hall", connected=True))
    hall.health("sign1", "ok")
    hall.do(c.StationSeen("hall", connected=False))
    hall.pass_time(3)
    hall.do(c.StationSeen("hall", connected=True))
    hall.pass_time(60)
    assert hall.do(c.Tick()) == []


def test_a_printer_that_may_hold_a_ticket_is_released_by_the_person_who_looked(hall: Scene) -> None:
    hall.health("printer1", "failed", "ticket_unconfirmed", "paper_end")
    assert hall.refusal(c.VerifyRepair("printer1")) == ("still_failing", "Printer 1 still reports: paper_end.")
    hall.health("printer1", "failed", "ticket_unconfirmed")
    repair = hall.hall.repairs["printer1"].id
    assert hall.do(c.VerifyRepair("printer1")) == [f.RepairVerified(repair, "printer1", "person", "")]
    assert hall.hall.released == {"printer1": repair}


def test_a_person_who_declares_what_was_detected_is_named_from_then_on(hall: Scene) -> None:
    hall.health("sign1", "failed", "no_ack")
    hall.do(c.DeclareFault("sign1", "r2", "dark"), "clerk:li")
    repair = hall.hall.repairs["sign1"]
    assert (repair.declared, repair.by, repair.note, repair.steps[0].by) == (True, "clerk:li", "dark", "test")
    assert hall.health("sign1", "ok")[1:] == [], "what a person said ends with a person"
