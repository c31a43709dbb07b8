"""Checks through the API: a whole opening check, an inspection, help at once, and settings that plan them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hall_server.settings import SettingsError, parse
from tests.server.halls import HALL, Api, open_api, problem

PLAN = """
[[inspection]]
id = "weekly"
kind = "scanner"
every = "week"
zh = "每周检查"
en = "Weekly check"
items = [{ zh = "玻璃清洁", en = "Clean glass" }, { zh = "线缆牢固", en = "Cable tight" }]
"""
TEXT = HALL.replace('kind = "asset"', 'kind = "scanner"') + PLAN
GLASS = {"zh": "玻璃清洁", "en": "Clean glass", "ok": True}
CABLE = {"zh": "线缆牢固", "en": "Cable tight", "ok": False, "note": "loose"}


@pytest.fixture
def planned(tmp_path: Path) -> Iterator[Api]:
    api = open_api(tmp_path, TEXT)
    yield api
    api.server.stop()


def states(view: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {row["device"]: (row["state"], row["why"]) for row in view["check"]["rows"]}


def test_a_hall_is_checked_and_opens_when_everything_works(planned: Api) -> None:
    planned.post("/day/close")
    for station, device in (("kiosk", "printer1"), ("station", "sign1")):
        told = {"health": [{"device": device, "state": "ok", "faults": [], "evidence": ""}]}
        assert (
            planned.post(f"/stations/{'K1' if station == 'kiosk' else 'hall'}/reports", told, station).status_code
            == 200
        )
    view = planned.post("/day/check", {}, "maintenance").get_json()
    assert (view["check"]["state"], states(view)) == (
        "running",
        {"printer1": ("running", "testing"), "sign1": ("running", "testing"), "scanner2": ("hand", "to_confirm")},
    )
    assert problem(planned.post("/day/open", {}, "manager")) == (409, "not_ready")
    tests = planned.server.desk.look(lambda hall: {name: test.name for name, test in hall.tests.items()})
    slip = {"slip": tests["printer1"], "printer": "printer1", "attempt": 1, "outcome": "printed", "verdict": "PRINTED"}
    planned.post("/stations/K1/reports", {"slips": [slip]}, "kiosk")
    shown = {"device": "sign1", "content_id": tests["sign1"], "ms": 12.0}
    planned.post("/stations/hall/reports", {"shown": [shown]}, "station")
    planned.post("/devices/scanner2/confirm", {}, "maintenance")
    assert planned.get("/checks", "manager").get_json()["check"]["state"] == "ready"
    assert planned.post("/day/open", {}, "manager").status_code == 200


def test_a_hall_that_is_not_ready_opens_for_a_reason(planned: Api) -> None:
    planned.post("/day/close")
    planned.post("/day/check", {}, "maintenance")
    assert planned.post("/day/open", {"despite": "signs come at nine"}, "manager").status_code == 200
    assert planned.get("/checks").get_json()["check"]["despite"] == "signs come at nine"


def test_a_defect_found_by_an_inspection_opens_an_order_and_the_plan_is_due_in_a_week(planned: Api) -> None:
    before = planned.get("/checks").get_json()["inspections"]
    body = {"plan": "weekly", "items": [GLASS, CABLE]}
    after = planned.post("/devices/scanner2/inspect", body, "maintenance").get_json()["inspections"]
    assert [(row["defects"], row["by"], row["due"] > before[0]["due"]) for row in after] == [
        (1, "maintenance:zhao", True)
    ]
    row = next(one for one in planned.get("/devices").get_json()["devices"] if one["id"] == "scanner2")
    assert (row["repair"]["fault"], row["repair"]["note"], row["state"]) == (
        "defect",
        "线缆牢固 Cable tight: loose",
        "unknown",
    )
    assert planned.get("/windows/2").get_json()["state"] == "idle"
    assert problem(planned.post("/devices/scanner2/inspect", {"plan": "weekly", "items": [GLASS]})) == (
        409, "other_checklist",
    )  # fmt: skip
    told = planned.server.desk.histories.device("scanner2", 10**9)
    assert told is not None
    assert [line.said for line in told.log if line.kind == "DeviceInspected"] == [
        "defect · 线缆牢固 Cable tight: loose"
    ]


def test_a_clerk_who_helped_a_device_leaves_a_note_and_no_order(planned: Api) -> None:
    row = planned.post("/devices/scanner2/fixed", {"note": "plugged in"}, "clerk").get_json()
    assert row["repair"] is None
    told = planned.server.desk.histories.device("scanner2", 10**9)
    assert told is not None
    assert [(line.kind, line.by, line.said) for line in told.log] == [("FaultFixed", "clerk:li", "plugged in")]


def test_settings_say_when_a_hall_opens_what_is_inspected_and_which_addresses_are_asked() -> None:
    hall = TEXT.replace('id = "main"\n', 'id = "main"\nopens = "08:30"\n')
    asked = '\n[[device]]\nid = "ups"\nkind = "ups"\nzh = "电源"\nen = "UPS"\nurl = "ping://ups.invalid"\n'
    config = parse(hall + asked).hall_config()
    assert (config.opens, [(plan.id, len(plan.items)) for plan in config.inspections]) == ("08:30", [("weekly", 2)])
    assert [(d.kind, d.monitored, d.station) for d in config.devices if d.id == "ups"] == [("ups", True, "hall")]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        ('every = "week"', 'every = "weekly"', 'inspection.weekly.every: Input should be'),
        ('kind = "scanner"\nevery', 'kind = "scaner"\nevery', "Did you mean 'scanner'?"),
        ('id = "weekly"', 'id = "weekly"\nevry = 1', "evry is not a setting. Did you mean 'every'?"),
        ('id = "main"', 'id = "main"\nopens = "8.30"', "hall.opens"),
        ("items = [", "items = []\n# [", "inspection.weekly.items"),
        (PLAN, PLAN + PLAN, "the inspection 'weekly' stands here a second time."),
        ('window = "2"', 'window = "2"\nurl = "ping://a b"', "'ping://a b' is no address to ask"),
    ],
)  # fmt: skip
def test_a_plan_with_a_mistake_is_named(before: str, after: str, what: str) -> None:
    with pytest.raises(SettingsError) as wrong:
        parse(TEXT.replace(before, after))
    assert what in str(wrong.value)
