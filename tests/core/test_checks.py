"""Checks: the one before opening, inspections and their defects, help at once, and repairs that are late."""

from dataclasses import replace
from datetime import date

import pytest

from hall_server.core import checks
from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.check_state import Checked, Inspected
from hall_server.core.commands import checks as cc
from hall_server.core.config import ChecklistItem, Device, HallConfig, Inspection, Party
from hall_server.core.facts import checks as k
from tests.core.scene import CONFIG, OPENED_AT, Scene, scene

DAY_S = 24 * 3600.0
PLAN = Inspection(
    "weekly-sign", "sign", "week", "显示屏检查", "Sign check",
    (ChecklistItem("屏面清洁", "Clean front"), ChecklistItem("接线牢固", "Cable tight")),
)  # fmt: skip
FEW = tuple(device for device in CONFIG.devices if device.id in ("sign1", "printer1", "scanner2", "tv1"))


def small(**more: object) -> Scene:
    """A hall with one device of each sort, all of them well."""
    made = scene(devices=FEW, **more)
    for device in ("sign1", "printer1", "tv1"):
        made.health(device, "ok")
    return made


def closed(**more: object) -> Scene:
    """The same in the morning before it opens."""
    made = small(**more)
    made.do(c.CloseDay())
    made.pass_time(12 * 3600)
    return made


def checked(hall: Scene) -> dict[str, tuple[str, str]]:
    return {item.device: (item.state, item.why) for item in checks.items(hall.hall)}


def done(hall: Scene, device: str, outcome: str) -> None:
    hall.do(c.ReportSlip(f"test-{hall.hall.tests[device].id}", device, 1, outcome, outcome.upper()))


def all_well(hall: Scene) -> None:
    done(hall, "printer1", "printed")
    hall.do(c.ReportShown("sign1", f"test-{hall.hall.tests['sign1'].id}", 20.0))
    hall.do(cc.ConfirmDevice("scanner2", True, "r9"))


def test_a_hall_is_ready_when_everything_has_shown_that_it_works() -> None:
    hall = closed()
    assert hall.do(cc.StartDayCheck("c1")) == [
        k.DayCheckStarted("c1"), f.DeviceTestAsked("sign1", "c1-0"), f.DeviceTestAsked("printer1", "c1-1"),
    ]  # fmt: skip
    assert checked(hall) == {
        "sign1": ("running", "testing"), "printer1": ("running", "testing"),
        "scanner2": ("hand", "to_confirm"), "tv1": ("ok", ""),
    }  # fmt: skip
    assert hall.refusal(cc.StartDayCheck("c2"))[0] == "test_running"
    all_well(hall)
    assert (checks.verdict(checks.items(hall.hall)), set(checked(hall).values())) == ("ready", {("ok", "")})


def test_each_device_says_why_a_hall_is_not_ready() -> None:
    hall = closed()
    hall.health("tv1", "unknown", "stale")
    hall.do(cc.StartDayCheck("c1"))
    done(hall, "printer1", "unconfirmed")
    hall.do(cc.ConfirmDevice("scanner2", False, "r7", "glass broken"))
    hall.health("sign1", "failed", "no_ack")
    assert checked(hall) == {
        "sign1": ("bad", "no_ack"), "printer1": ("bad", "test_unconfirmed"),
        "scanner2": ("bad", "declared"), "tv1": ("bad", "stale"),
    }  # fmt: skip
    assert checks.verdict(checks.items(hall.hall)) == "not_ready"


def test_what_fails_is_not_tested_and_is_tested_again_by_hand_when_it_works() -> None:
    hall = closed()
    hall.health("printer1", "failed", "paper_end")
    hall.do(cc.StartDayCheck("c1"))
    assert "printer1" not in hall.hall.tests
    hall.health("printer1", "ok")
    assert checked(hall)["printer1"] == ("bad", "paper_end")  # its repair is not verified
    hall.do(c.AskTest("printer1", "t1"))
    done(hall, "printer1", "printed")
    assert checked(hall)["printer1"] == ("ok", "")


def test_a_hall_that_is_not_ready_opens_only_for_a_reason_and_says_so() -> None:
    hall = closed()
    hall.do(cc.StartDayCheck("c1"))
    all_well(hall)
    hall.health("printer1", "degraded", "paper_low")  # a remark, and no reason to stay closed
    hall.health("sign1", "failed", "no_ack")
    code, why = hall.refusal(c.OpenDay("2026-11-23"))
    assert (code, why) == ("not_ready", "The hall is not ready: sign1: no_ack. Say why it opens despite that.")
    opened = hall.do(c.OpenDay("2026-11-23", "TV shows the calls"))[0]
    assert isinstance(opened, f.DayOpened)
    assert (opened.despite, opened.unready) == ("TV shows the calls", ("sign1: no_ack",))
    assert hall.hall.check is not None
    assert hall.hall.check.despite == "TV shows the calls"
    assert checked(hall)["printer1"] == ("ok", "paper_low")  # what was tested is known after the opening, too


def test_a_hall_opens_without_a_check_and_no_old_check_counts() -> None:
    hall = closed()
    hall.do(cc.StartDayCheck("c1"))
    hall.pass_time(checks.FRESH_S + 1)
    assert checks.against_opening(hall.hall, hall.now) == ()
    hall.do(c.OpenDay("2026-11-23"))
    hall.do(c.CloseDay())
    assert hall.hall.check is None
    assert [type(fact) for fact in hall.do(c.OpenDay("2026-11-24"))] == [f.DayOpened]


def test_a_test_that_was_asked_for_before_the_opening_ends_after_it() -> None:
    hall = closed()
    hall.do(cc.StartDayCheck("c1"))
    hall.do(c.OpenDay("2026-11-23", "late"))
    all_well(hall)
    assert checks.verdict(checks.items(hall.hall)) == "ready"


def test_ten_minutes_before_it_opens_a_hall_is_checked_once() -> None:
    hall = closed(opens="22:30")  # it is 22:00 there
    assert hall.do(c.Tick()) == []
    hall.pass_time(20 * 60)
    begun = hall.do(c.Tick())
    assert [type(fact) for fact in begun] == [k.DayCheckStarted, f.DeviceTestAsked, f.DeviceTestAsked]
    all_well(hall)
    for seconds in (300, 299, 1):
        hall.pass_time(seconds)
        assert hall.do(c.Tick()) == []
    hall.pass_time(DAY_S - 600)
    assert isinstance(hall.do(c.Tick())[0], k.DayCheckStarted)
    hall.do(c.OpenDay("2026-11-24", "open"))
    hall.pass_time(DAY_S)
    assert not any(isinstance(fact, k.DayCheckStarted) for fact in hall.do(c.Tick()))  # it is open


def test_only_what_cannot_say_how_it_is_is_confirmed_by_hand() -> None:
    hall = closed()
    assert hall.refusal(cc.ConfirmDevice("scanner2", True, "r1"))[0] == "no_check"
    hall.do(cc.StartDayCheck("c1"))
    assert hall.refusal(cc.ConfirmDevice("sign1", True, "r1"))[0] == "not_by_hand"
    hall.do(cc.ConfirmDevice("scanner2", True, "r1"))
    hall.do(cc.ConfirmDevice("scanner2", False, "r1", "dark"))
    assert (checked(hall)["scanner2"], hall.hall.repairs["scanner2"].note) == (("bad", "declared"), "dark")


# ---- inspections


def items(*notes: str | None) -> tuple[Checked, ...]:
    """The list as filled in: None is in order."""
    pairs = zip(PLAN.items, notes, strict=True)
    return tuple(Checked(item.zh, item.en, note is None, note or "") for item, note in pairs)


def test_an_inspection_in_order_opens_no_repair() -> None:
    hall = scene(inspections=(PLAN,))
    assert hall.do(cc.Inspect("sign1", PLAN.id, items(None, None), "r1"), "maintenance:wu") == [
        k.DeviceInspected("sign1", PLAN.id, "ok", items(None, None))
    ]
    assert hall.hall.inspected["sign1", PLAN.id] == Inspected(
        "sign1", PLAN.id, OPENED_AT, OPENED_AT, "maintenance:wu", 0
    )


def test_a_defect_opens_an_order_and_the_device_works_on() -> None:
    hall = scene(inspections=(PLAN,))
    hall.health("sign1", "ok")
    _, opened = hall.do(cc.Inspect("sign1", PLAN.id, items(None, "loose"), "r1"))
    assert opened == f.RepairOpened("r1", "sign1", "defect", declared=True, note="接线牢固 Cable tight: loose")
    assert hall.hall.windows["1"].incidents == {}
    hall.health("sign1", "failed", "no_ack")  # and when it fails, its order is there already
    assert set(hall.hall.windows["1"].incidents) == {"r1"}
    hall.health("sign1", "ok")
    assert "sign1" in hall.hall.repairs  # only a person can say that the cable is tight


def test_a_defect_that_puts_a_device_out_of_use_is_a_declared_fault() -> None:
    hall = scene(inspections=(PLAN,))
    hall.do(cc.Inspect("sign1", PLAN.id, items("cracked", None), "r1", usable=False))
    assert (hall.hall.repairs["sign1"].fault, set(hall.hall.windows["1"].incidents)) == ("declared", {"r1"})
    again = hall.do(cc.Inspect("sign1", PLAN.id, items("cracked", None), "r2", usable=False))
    assert [type(fact) for fact in again] == [k.DeviceInspected]


def test_a_defect_may_become_worse() -> None:
    hall = scene(inspections=(PLAN,))
    hall.do(cc.Inspect("sign1", PLAN.id, items("loose", None), "r1"))
    hall.do(c.DeclareFault("sign1", "r2", "dark now"))
    assert (hall.hall.repairs["sign1"].id, hall.hall.repairs["sign1"].fault) == ("r1", "declared")
    assert set(hall.hall.windows["1"].incidents) == {"r1"}


def test_another_list_another_plan_and_another_kind_are_refused() -> None:
    hall = scene(inspections=(PLAN,))
    asked = (("sign1", PLAN.id, items(None, None)[:1]), ("sign1", "none", ()), ("printer1", PLAN.id, ()))
    codes = [hall.refusal(cc.Inspect(*one, "r1"))[0] for one in asked]
    assert codes == ["other_checklist", "unknown_plan", "unknown_plan"]


@pytest.mark.parametrize(
    ("every", "due"),
    [("day", "2026-12-01"), ("week", "2026-12-07"), ("month", "2026-12-30"), ("quarter", "2027-02-28")],
)
def test_an_inspection_is_due_a_period_after_the_last(every: str, due: str) -> None:
    evening = 1_796_047_200.0  # 22:00 on the thirtieth of November where the hall stands
    known = Inspected("d", "p", since=0.0, done_at=evening)
    assert checks.due_day(HallConfig("", ""), every, known) == date.fromisoformat(due)
    assert checks.due_day(HallConfig("", ""), every, Inspected("d", "p", evening)) == date(2026, 11, 30)


def test_what_was_inspected_is_known_the_next_day_and_new_plans_begin_when_they_are_made() -> None:
    hall = scene(inspections=(PLAN,))
    hall.do(cc.Inspect("sign1", PLAN.id, items(None, "loose"), "r1"))
    known = hall.hall.inspected["sign1", PLAN.id]
    hall.do(c.CloseDay())
    hall.pass_time(DAY_S)
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.hall.inspected["sign1", PLAN.id] == known
    daily = replace(PLAN, id="daily", every="day", kind="asset")
    hall.do(c.Configure(replace(hall.hall.config, inspections=(daily,))))
    assert hall.hall.inspected == {("scanner2", "daily"): Inspected("scanner2", "daily", OPENED_AT + DAY_S)}


# ---- help at once, and late repairs


def test_who_helps_a_device_needs_no_repair_and_it_is_noted(hall: Scene) -> None:
    hall.health("printer1", "degraded", "paper_low")
    assert hall.do(cc.FixByMyself("printer1", "new roll")) == [k.FaultFixed("printer1", "paper_low", "new roll")]
    assert hall.hall.repairs == {}
    hall.do(c.DeclareFault("printer1", "r1"))
    assert hall.refusal(cc.FixByMyself("printer1"))[0] == "already_reported"


PARTY = Party("it", "信息中心", "IT", "8001", ("sign",), escalate="8000")


def test_a_late_step_is_said_once_with_whom_to_call_until_somebody_acts() -> None:
    hall = scene(parties=(PARTY,))
    hall.do(c.DeclareFault("sign1", "r1"))
    hall.pass_time(15 * 60)
    assert hall.do(c.Tick()) == []
    hall.pass_time(1)
    assert hall.do(c.Tick()) == [k.RepairEscalated("r1", "sign1", "reported", OPENED_AT + 900, "8000")]
    assert (hall.do(c.Tick()), hall.hall.repairs["sign1"].escalated) == ([], OPENED_AT + 901)
    hall.do(c.AdvanceRepair("sign1", "accepted", expected="2026-11-22T10:30:00+08:00"))
    assert hall.hall.repairs["sign1"].escalated is None
    hall.pass_time(14 * 60 + 59)
    assert hall.do(c.Tick()) == []
    hall.pass_time(1)
    assert hall.do(c.Tick()) == [k.RepairEscalated("r1", "sign1", "accepted", OPENED_AT + 1800, "8000")]  # the promise
    hall.do(c.CloseDay())
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.hall.repairs["sign1"].escalated == OPENED_AT + 1801


def test_a_late_repair_of_what_nobody_repairs_names_nobody() -> None:
    hall = scene(devices=(*CONFIG.devices, Device("ups", "ups", "电源", "UPS")))
    hall.do(c.DeclareFault("ups", "r1"))
    hall.pass_time(16 * 60)
    assert hall.do(c.Tick()) == [k.RepairEscalated("r1", "ups", "reported", OPENED_AT + 900, "")]


def test_what_a_probe_finds_has_the_effect_of_any_fault_and_a_camera_concerns_no_customer() -> None:
    hall = scene(devices=(*CONFIG.devices, Device("cam", "camera", "摄像头", "Camera", "window", "3", "hall"),
                          Device("pc1", "pc", "电脑", "PC", "window", "1", "hall")))  # fmt: skip
    hall.health("cam", "failed", "no_answer")
    hall.health("pc1", "failed", "no_answer")
    assert {name: repair.fault for name, repair in hall.hall.repairs.items()} == {
        "cam": "no_answer",
        "pc1": "no_answer",
    }
    assert [len(hall.hall.windows[window].incidents) for window in ("1", "3")] == [1, 0]
    hall.health("pc1", "ok")
    assert (set(hall.hall.repairs), hall.hall.windows["1"].incidents) == ({"cam"}, {})
