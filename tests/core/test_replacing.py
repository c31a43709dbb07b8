"""Another unit in a device's place: tried first, taken with its orders and its history, and the paper in printers."""

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import folds as fold
from hall_server.core.config import HallConfig
from hall_server.core.replacements import REPLACEMENTS_KEPT, Replacement, Unit
from hall_server.core.rules.replacing import LIMIT_S, PAUSE_S
from tests.core.scene import CONFIG, Scene

OLD, NEW = Unit("tcp://192.0.2.7", "T 80", "SN 1"), Unit("tcp://192.0.2.8", "T 82", "SN 2", "1.04")
URL = "tcp://192.0.2.8:9100"


def tried(hall: Scene, outcome: str = "printed", device: str = "printer1") -> None:
    hall.pass_time(PAUSE_S)
    hall.do(c.AskTrial(device, "t1", URL, {"width": "384"}))
    hall.do(c.ReportTrial("K1", "t1", outcome, (), "said"))


def taken(reason: str = "", url: str = URL, config: HallConfig = CONFIG) -> c.ReplaceDevice:
    return c.ReplaceDevice("printer1", config, OLD, NEW, url, {"width": "384"}, "x1", reason)


def test_a_unit_that_printed_takes_the_place_and_is_tested_there(hall: Scene) -> None:
    hall.do(c.ReportHealth("printer1", "failed", "r1", ("mechanical",)))
    tried(hall)
    found = hall.do(taken(), "maintenance:wu")
    assert found == [
        f.DeviceReplaced("printer1", OLD, NEW, "t1", "printed", "", URL),
        f.RepairAdvanced("r1", "printer1", "fixed"),
        f.DeviceTestAsked("printer1", "x1"),
    ]
    now = hall.hall.devices["printer1"]
    assert (now.state, now.faults, now.slips) == ("unknown", (), None)
    assert now.replaced == (Replacement(hall.now, "maintenance:wu", OLD, NEW, "printed"),)
    assert "printer1" not in hall.hall.trials
    hall.do(c.ReportHealth("printer1", "ok", "r2"))
    proved = hall.do(c.ReportSlip("test-x1", "printer1", 1, "printed", "printed"))
    assert f.RepairVerified("r1", "printer1", "printed") in proved


@pytest.mark.parametrize("outcome", ["failed", "sent", "unconfirmed", "no_answer"])
def test_what_was_not_proved_needs_a_reason(hall: Scene, outcome: str) -> None:
    tried(hall, outcome)
    assert hall.refusal(taken())[0] == "not_tried"
    fact = hall.do(taken("seen to print"))[0]
    assert isinstance(fact, f.DeviceReplaced)
    assert (fact.outcome, fact.reason) == (outcome, "seen to print")


def test_a_trial_counts_for_its_own_address_only(hall: Scene) -> None:
    tried(hall)
    assert hall.refusal(taken(url="tcp://192.0.2.9:9100"))[0] == "not_tried"
    fact = hall.do(taken("trust me", url="tcp://192.0.2.9:9100"))[0]
    assert isinstance(fact, f.DeviceReplaced)
    assert (fact.trial, fact.outcome) == ("", "")


def test_one_address_is_tried_at_a_time_and_not_in_a_row(hall: Scene) -> None:
    hall.do(c.AskTrial("printer1", "t1", URL, {}))
    assert hall.refusal(c.AskTrial("printer2", "t2", URL, {}))[0] == "trial_running"
    hall.do(c.ReportTrial("K1", "t1", "failed", ("refused",)))
    assert hall.refusal(c.AskTrial("printer1", "t2", URL, {}))[0] == "trial_running"
    hall.pass_time(PAUSE_S)
    hall.do(c.AskTrial("printer1", "t2", URL, {}))


def test_only_the_station_that_was_asked_answers_and_once(hall: Scene) -> None:
    hall.do(c.AskTrial("printer1", "t1", URL, {}))
    assert hall.do(c.ReportTrial("hall", "t1", "printed")) == []
    assert hall.do(c.ReportTrial("K1", "t1", "printed")) == [f.DeviceTrialDone("printer1", "t1", "printed")]
    assert hall.do(c.ReportTrial("K1", "t1", "failed")) == []


def test_silence_about_a_trial_is_no_answer(hall: Scene) -> None:
    hall.do(c.AskTrial("printer1", "t1", URL, {}))
    hall.pass_time(LIMIT_S + 1)
    assert f.DeviceTrialDone("printer1", "t1", "no_answer") in hall.do(c.Tick())


def test_what_has_no_cable_is_not_replaced(hall: Scene) -> None:
    assert hall.refusal(c.AskTrial("scanner2", "t1", URL, {}))[0] == "no_address"


def test_the_same_address_with_another_serial_keeps_the_state_that_its_station_told(hall: Scene) -> None:
    hall.do(c.ReportHealth("printer1", "ok", "r1"))
    same = Unit(OLD.opened_by, "T 80", "SN 9")
    hall.do(c.ReplaceDevice("printer1", CONFIG, OLD, same, URL, {}, "x1", "swapped"))
    assert hall.hall.devices["printer1"].state == "ok"


def test_replacements_and_rolls_outlive_the_night_and_old_ones_are_forgotten(hall: Scene) -> None:
    for number in range(REPLACEMENTS_KEPT + 2):
        hall.pass_time(PAUSE_S)
        hall.do(taken(f"reason {number}"))
    hall.do(c.CountRolls("printer1", 4))
    kept = hall.hall.devices["printer1"].replaced
    assert [one.reason for one in kept] == [f"reason {n}" for n in range(2, REPLACEMENTS_KEPT + 2)]
    hall.do(c.CloseDay())
    carried = next(one for one in fold.carry(hall.hall).devices if one.device == "printer1")
    assert (carried.rolls, carried.replaced) == (4, kept)
    hall.do(c.OpenDay("2026-11-23"))
    assert (hall.hall.devices["printer1"].rolls, hall.hall.devices["printer1"].replaced) == (4, kept)


def test_a_new_roll_begins_the_count_and_leaves_the_stock(hall: Scene) -> None:
    assert hall.hall.devices["printer1"].slips is None
    assert hall.do(c.LoadRoll("printer1")) == [f.DeviceRollLoaded("printer1")]
    now = hall.hall.devices["printer1"]
    assert f"{now.slips} since, {now.rolls} in stock" == "0 since, None in stock"
    hall.do(c.CountRolls("printer1", 1))
    assert hall.do(c.CountRolls("printer1", 1)) == []
    for left in (0, 0):
        hall.do(c.LoadRoll("printer1"))
        assert hall.hall.devices["printer1"].rolls == left
    assert hall.refusal(c.LoadRoll("sign1"))[0] == "no_printer"
