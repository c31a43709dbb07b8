"""Repair orders: the moves between their steps, how urgent and how late they are, tests, and what proves a repair."""

from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import repairs
from hall_server.core.config import Device, HallConfig, Party
from hall_server.core.refusal import Refused
from hall_server.core.repairs import Step
from tests.core.scene import OPENED_AT, Scene, scene

DAY_S = 24 * 3600.0

# From each step: where an order may go. Written out by hand, so that a changed table is seen.
ALLOWED = {
    "reported": {"accepted", "on_site", "fixed"},
    "accepted": {"on_site", "waiting_parts", "fixed"},
    "on_site": {"waiting_parts", "fixed"},
    "waiting_parts": {"on_site", "fixed"},
    "fixed": {"on_site"},
}


def may(now: str, wanted: str) -> bool:
    """Whether an order may go from one step to another without a word."""
    try:
        repairs.require_move(now, wanted, said=False)
    except Refused:
        return False
    return True


@pytest.mark.parametrize("now", ALLOWED)
def test_an_order_makes_the_moves_of_the_table_and_no_other(now: str) -> None:
    assert {wanted for wanted in (*repairs.WAY, "nonsense") if may(now, wanted)} == ALLOWED[now]


def test_an_order_may_stay_where_it_is_only_to_say_more(hall: Scene) -> None:
    hall.do(c.DeclareFault("sign1", "r1"))
    hall.do(c.AdvanceRepair("sign1", "accepted"))
    assert hall.refusal(c.AdvanceRepair("sign1", "accepted")) == (
        "illegal_move", "This repair is accepted: it cannot become accepted from there.",
    )  # fmt: skip
    later = "2026-11-22T12:00:00+08:00"
    assert hall.do(c.AdvanceRepair("sign1", "accepted", expected=later)) == [
        f.RepairAdvanced("r1", "sign1", "accepted", "", later)
    ]
    assert hall.hall.repairs["sign1"].expected == later


def test_an_order_tells_who_did_what_when(hall: Scene) -> None:
    hall.do(c.DeclareFault("sign1", "r1", "dark"), actor="clerk:li")
    hall.pass_time(60)
    hall.do(c.AdvanceRepair("sign1", "on_site", "looking"), actor="maintenance:wu")
    hall.pass_time(60)
    hall.do(c.AdvanceRepair("sign1", "fixed", "new cable"), actor="maintenance:wu")
    assert hall.hall.repairs["sign1"].steps == (
        Step("reported", OPENED_AT, "clerk:li", "dark"),
        Step("on_site", OPENED_AT + 60, "maintenance:wu", "looking"),
        Step("fixed", OPENED_AT + 120, "maintenance:wu", "new cable"),
    )


def fail_again(hall: Scene, after_s: float, fault: str) -> f.Fact:
    """A sign fails, recovers, and fails so long after that; how its second repair was opened."""
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    hall.health("sign1", "ok")
    hall.pass_time(after_s)
    return hall.do(c.ReportHealth("sign1", "failed", "r2", (fault,)))[1]


def test_the_same_fault_within_a_day_goes_on_with_its_order(hall: Scene) -> None:
    assert fail_again(hall, DAY_S - 1, "no_ack") == f.RepairOpened("r2", "sign1", "no_ack", declared=False, order="r1")
    again = hall.hall.repairs["sign1"]
    assert (again.id, again.order, [step.state for step in again.steps]) == (
        "r2", "r1", ["reported", "verified", "reported"],
    )  # fmt: skip


@pytest.mark.parametrize(("after_s", "fault"), [(DAY_S, "no_ack"), (60, "nak")])
def test_another_fault_or_another_day_is_an_order_of_its_own(hall: Scene, after_s: float, fault: str) -> None:
    assert fail_again(hall, after_s, fault) == f.RepairOpened("r2", "sign1", fault, declared=False)
    assert len(hall.hall.repairs["sign1"].steps) == 1


def test_an_order_and_one_that_ended_lately_outlive_the_night(hall: Scene) -> None:
    hall.do(c.DeclareFault("sign2", "r9", "dark"))
    hall.do(c.AdvanceRepair("sign2", "on_site"))
    open_one = hall.hall.repairs["sign2"]
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    hall.health("sign1", "ok")
    hall.do(c.CloseDay("we close"))
    hall.pass_time(15 * 3600)
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.hall.repairs["sign2"] == open_one
    hall.do(c.ReportHealth("sign1", "failed", "r3", ("no_ack",)))
    assert hall.hall.repairs["sign1"].order == "r1"
    hall.do(c.CloseDay("we close"))
    hall.pass_time(2 * DAY_S)
    hall.do(c.OpenDay("2026-11-25"))
    assert hall.hall.verified == {}


@pytest.mark.parametrize(
    ("criticality", "waiting", "said"),
    [(1, 0, "low"), (2, 0, "low"), (3, 0, "normal"), (2, 4, "high"), (1, 29, "urgent"), (3, 9, "urgent")],
)
def test_priority_grows_with_criticality_and_with_the_customers_who_wait(
    criticality: int, waiting: int, said: str
) -> None:
    assert repairs.priority(criticality, waiting) == said


def test_a_repair_remembers_how_many_waited_for_its_window_or_for_any(hall: Scene) -> None:
    hall.issue_many(["id", "id", "tax", "loans"])
    hall.do(c.ReportHealth("sign3", "failed", "r1", ("no_ack",)))
    hall.do(c.DeclareFault("tv1", "r2"))
    assert {name: repair.waiting for name, repair in hall.hall.repairs.items()} == {"sign3": 2, "tv1": 4}


CONFIG = HallConfig("", "", parties=(Party("it", "", "", kinds=("printer",)), Party("rest", "", "")))
NOON = 1_795_320_000.0  # 2026-11-22 12:00 in Shanghai


@pytest.mark.parametrize(
    ("states", "expected", "due"),
    [
        (("reported",), None, NOON + 15 * 60),
        (("reported", "accepted"), None, NOON + 100 + 60 * 60),
        (("reported", "accepted", "accepted"), None, NOON + 100 + 60 * 60),
        (("reported", "accepted"), "2026-11-22T12:30:00+08:00", NOON + 30 * 60),
        (("reported", "accepted"), "2026-11-22T18:30:00+08:00", NOON + 100 + 60 * 60),
        (("reported", "fixed"), "2026-11-22T12:30:00+08:00", NOON + 100 + 60 * 60),
        (("reported", "accepted"), "noon", NOON + 100 + 60 * 60),
        ((), None, None),
    ],
)
def test_a_step_is_late_after_its_own_limit_or_when_what_was_promised_has_passed(
    states: tuple[str, ...], expected: str | None, due: float | None
) -> None:
    steps = tuple(Step(state, NOON + 100 * n, "test") for n, state in enumerate(states))
    assert repairs.due(CONFIG, steps, expected) == due


def test_a_device_has_the_party_that_names_its_kind_else_the_one_that_takes_the_rest() -> None:
    parties = [repairs.party_for(CONFIG, kind) for kind in ("printer", "sign")]
    assert [party.id for party in parties if party] == ["it", "rest"]
    assert repairs.party_for(HallConfig("", ""), "sign") is None


# ---- tests


def ask(hall: Scene, device: str, name: str = "x1") -> None:
    assert hall.do(c.AskTest(device, name)) == [f.DeviceTestAsked(device, name)]


def test_only_one_test_of_a_device_runs_and_only_of_what_can_show_something(hall: Scene) -> None:
    ask(hall, "printer1")
    assert hall.refusal(c.AskTest("printer1", "x2"))[0] == "test_running"
    assert hall.refusal(c.AskTest("scanner2", "x2"))[0] == "no_test"
    assert hall.refusal(c.AskTest("sign9", "x2"))[0] == "unknown_device"
    ask(hall, "sign1", "x2")


def report(hall: Scene, outcome: str, test: str = "x1", *faults: str) -> list[f.Fact]:
    return hall.do(c.ReportSlip(f"test-{test}", "printer1", 1, outcome, outcome.upper(), faults, "seen"))


def test_a_test_slip_is_claimed_without_a_fact_and_its_outcome_is_taken_once(hall: Scene) -> None:
    ask(hall, "printer1")
    assert report(hall, "claim") == []
    assert report(hall, "failed", "x1", "paper_end") == [
        f.DeviceTestDone("printer1", "x1", "failed", "paper_end; FAILED; seen")
    ]
    assert report(hall, "failed", "x1", "paper_end") == []
    assert hall.refusal(c.ReportSlip("test-x1", "printer1", 1, "claim"))[0] == "slip_moved"
    ask(hall, "printer1", "x2")


def test_a_printed_test_slip_verifies_a_detected_fault(hall: Scene) -> None:
    hall.do(c.ReportHealth("printer1", "failed", "r1", ("paper_end",)))
    hall.health("printer1", "ok")
    assert list(hall.hall.repairs) == ["printer1"], "an answer alone is no proof of paper"
    ask(hall, "printer1")
    assert report(hall, "printed") == [
        f.DeviceTestDone("printer1", "x1", "printed", "PRINTED; seen"),
        f.RepairVerified("r1", "printer1", "printed"),
    ]


def test_a_slip_that_is_out_before_the_printer_says_that_it_is_well_counts_when_it_says_so(hall: Scene) -> None:
    hall.do(c.ReportHealth("printer1", "failed", "r1", ("paper_end",)))
    ask(hall, "printer1")
    assert report(hall, "printed") == [f.DeviceTestDone("printer1", "x1", "printed", "PRINTED; seen")]
    assert hall.health("printer1", "ok")[1:] == [f.RepairVerified("r1", "printer1", "printed")]


def test_a_slip_from_before_the_fault_proves_nothing(hall: Scene) -> None:
    ask(hall, "printer1")
    report(hall, "printed")
    hall.pass_time(1)
    hall.health("printer1", "failed", "paper_end")
    assert len(hall.health("printer1", "ok")) == 1


@pytest.mark.parametrize("outcome", ["unconfirmed", "failed"])
def test_what_is_not_surely_on_paper_proves_nothing(hall: Scene, outcome: str) -> None:
    hall.health("printer1", "failed", "paper_end")
    hall.health("printer1", "ok")
    ask(hall, "printer1")
    assert [type(fact) for fact in report(hall, outcome)] == [f.DeviceTestDone]


def test_a_declared_fault_waits_for_a_person_whatever_a_test_shows(hall: Scene) -> None:
    hall.health("printer1", "ok")
    hall.do(c.DeclareFault("printer1", "r1", "smells"))
    ask(hall, "printer1")
    assert [type(fact) for fact in report(hall, "printed")] == [f.DeviceTestDone]
    hall.do(c.VerifyRepair("printer1", "I looked"))
    assert hall.hall.repairs == {}


def hall_device(config: HallConfig, name: str) -> Device:
    return next(device for device in config.devices if device.id == name)


def test_a_slip_of_a_printer_at_a_window_gives_the_window_back() -> None:
    base = scene().hall.config
    at_window = replace(hall_device(base, "printer1"), place="window", at="1")
    hall = scene(devices=tuple(at_window if one.id == "printer1" else one for one in base.devices))
    hall.do(c.ReportHealth("printer1", "failed", "r1", ("paper_end",)))
    assert hall.refusal(c.CallNext("1"))[0] == "window_redirected"
    hall.health("printer1", "ok")
    ask(hall, "printer1")
    assert report(hall, "printed")[1:] == [
        f.RepairVerified("r1", "printer1", "printed"),
        f.WindowRestored("1", "r1"),
    ]


def shown(hall: Scene, content: str) -> list[f.Fact]:
    return hall.do(c.ReportShown("sign1", content, 41.6))


def test_a_sign_that_answers_its_pattern_has_passed_and_a_call_meanwhile_is_a_call(hall: Scene) -> None:
    ask(hall, "sign1")
    assert shown(hall, "call-7") == [f.SignShown("sign1", "call-7", 41.6)]
    assert shown(hall, "test-x1") == [f.DeviceTestDone("sign1", "x1", "shown", "42 ms")]


def test_a_pattern_does_not_overrule_a_sign_that_has_not_held_for_thirty_seconds(hall: Scene) -> None:
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("no_ack",)))
    ask(hall, "sign1")
    assert [type(fact) for fact in shown(hall, "test-x1")] == [f.DeviceTestDone]
    hall.health("sign1", "degraded", "nak")
    ask(hall, "sign1", "x2")
    assert shown(hall, "test-x2")[1:] == [f.RepairVerified("r1", "sign1", "shown"), f.WindowRestored("1", "r1")]


def test_a_sign_that_never_answers_was_sent_its_pattern_and_proves_nothing(hall: Scene) -> None:
    hall.do(c.ReportHealth("sign1", "failed", "r1", ("port_missing",)))
    hall.health("sign1", "unknown", "unmonitored")
    ask(hall, "sign1")
    assert hall.do(c.ReportShown("sign1", "test-x1", None)) == [f.DeviceTestDone("sign1", "x1", "sent")]
    assert "sign1" in hall.hall.repairs


def test_a_test_that_nobody_reports_on_has_not_worked(hall: Scene) -> None:
    ask(hall, "sign1")
    hall.pass_time(90)
    assert hall.do(c.Tick()) == []
    hall.pass_time(1)
    assert hall.do(c.Tick()) == [f.DeviceTestDone("sign1", "x1", "no_answer")]
    assert hall.do(c.Tick()) == []
    ask(hall, "sign1", "x2")


# ---- paper


def test_slips_are_counted_from_the_roll_that_was_seen_to_be_put_in(hall: Scene) -> None:
    def count() -> int | None:
        return hall.hall.devices["printer1"].slips

    hall.health("printer1", "ok")
    hall.issue("id", "K1")
    hall.slip_report("A001", "claim")
    hall.slip_report("A001", "printed")
    assert count() is None, "how much of this roll was used before nobody knows"
    hall.health("printer1", "failed", "paper_end")
    hall.health("printer1", "ok")
    ask(hall, "printer1")
    report(hall, "printed")
    hall.issue("id", "K1")
    hall.slip_report("A002", "claim")
    hall.slip_report("A002", "printed")
    assert count() == 2
    hall.do(c.CloseDay("we close"))
    hall.do(c.OpenDay("2026-11-23"))
    assert count() == 2
    hall.health("printer1", "degraded", "paper_low")
    assert count() == 2
    hall.health("printer1", "ok")
    assert count() == 0
