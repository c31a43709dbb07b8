"""Another unit over the API: all mistakes at once, file and journal together or not at all, once for each key."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hall_server.app import Hosting, follow
from hall_server.core.facts import DeviceReplaced
from hall_server.register.replacing import Workshop
from hall_server.settings import FILE, load
from hall_server.wiring import Wiring
from tests.model.moves import Clock
from tests.server.halls import HALL, Api, open_api, problem

UNIT = {"url": "tcp://192.0.2.8:9100", "serial": "SN 2", "model": "T 82", "reason": "seen to print"}
HALL_OF_OLD = HALL.replace(
    'station = "K1"',
    'station = "K1"   # behind the counter\nmodel = "T 80"\nserial = "SN 1"\nbought = 2020-01-02\nmanual = "https://maker.invalid/t80"',
).replace('id = "scanner2"', 'id = "scanner2"\nmodel = "T 82"\nmanual = "https://maker.invalid/t82"')


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    opened = open_api(tmp_path, HALL_OF_OLD)
    yield opened
    opened.server.stop()


def replace(api: Api, role: str = "maintenance", device: str = "printer1", **more: Any) -> Any:
    return api.post(f"/devices/{device}/replace", UNIT | more, role)


def kinds(api: Api) -> list[str]:
    return [row["kind"] for row in api.get("/journal?after=0").get_json()["rows"]]


def test_a_unit_is_written_and_in_force_with_its_history(api: Api, tmp_path: Path) -> None:
    answer = replace(api, options={"width": "384"})
    assert answer.status_code == 200, answer.text
    row = answer.get_json()
    old = {"opened_by": "tcp://127.0.0.1:9", "model": "T 80", "serial": "SN 1", "firmware": ""}
    new = {"opened_by": "tcp://192.0.2.8:9100 width=384", "model": "T 82", "serial": "SN 2", "firmware": ""}
    assert [(one["by"], one["old"], one["new"], one["reason"]) for one in row["replaced"]] == [
        ("maintenance:zhao", old, new, "seen to print")
    ]
    assert row["asset"]["manual"] == "https://maker.invalid/t82", "that of its model, not the old one's"
    assert (row["address"], row["asset"]["serial"], row["asset"]["bought"]) == ("tcp://192.0.2.8:9100", "SN 2", "")
    assert kinds(api)[-3:] == ["DeviceReplaced", "HallConfigured", "DeviceTestAsked"]
    text = (tmp_path / FILE).read_text("utf-8")
    assert "# behind the counter" in text
    assert load(tmp_path / FILE).device[0].options == {"width": "384"}
    assert [path.read_text("utf-8") for path in tmp_path.glob(f"{FILE}.*.old")] == [HALL_OF_OLD]
    told = api.server.live.newest().owed["K1"]
    assert [(one.url, one.options) for one in told.devices] == [("tcp://192.0.2.8:9100", {"width": "384"})]


def test_a_real_unit_is_not_marked_simulated_where_a_simulated_one_stood(tmp_path: Path) -> None:
    api = open_api(tmp_path, HALL.replace('station = "K1"', 'station = "K1"\nsimulated = true'))
    try:
        rows = {one["id"]: one["simulated"] for one in api.get("/devices").get_json()["devices"]}
        assert rows == {"printer1": True, "sign1": False, "scanner2": False}
        assert replace(api).get_json()["simulated"] is False
        assert "simulated" not in (tmp_path / FILE).read_text("utf-8")
    finally:
        api.server.stop()


def test_all_mistakes_are_told_and_nothing_is_changed(api: Api, tmp_path: Path) -> None:
    rows = api.rows()
    for wrong, fields in (
        ({"url": "file:///etc/passwd"}, [("url", "address_scheme")]),
        ({"url": "tcp://8.8.8.8:9100"}, [("url", "address_host")]),
        ({"options": {"profile": "admin.token"}}, [("options", "profile_name")]),
        ({"options": {"profile": "hallcall.toml"}}, [("options", "profile_name")]),
        ({"options": {"site": "/etc/passwd"}}, [("options", "site_by_hand")]),
        ({"device": "scanner2"}, [("device", "no_cable")]),
        ({"device": "nobody"}, [("device", "no_cable")]),
    ):
        answer = replace(api, **wrong)
        assert problem(answer) == (400, "not_replaceable")
        assert [(one["field"], one["message"]) for one in answer.get_json()["fields"]] == fields
    both = replace(api, device="sign1", url="socket://192.0.2.9:4001", options={"family": "nobody"})
    assert len(both.get_json()["fields"]) >= 1
    assert problem(replace(api, reason="")) == (409, "not_tried")
    assert (api.rows(), (tmp_path / FILE).read_text("utf-8")) == (rows, HALL_OF_OLD)
    assert list(tmp_path.glob(f"{FILE}.*")) == []


def test_a_repeated_key_writes_nothing_a_second_time(api: Api, tmp_path: Path) -> None:
    first = api.post("/devices/printer1/replace", UNIT, "maintenance", key="once-only")
    other = api.post("/devices/printer1/replace", UNIT | {"url": "tcp://192.0.2.9:9100"}, "maintenance")
    again = api.post("/devices/printer1/replace", UNIT, "maintenance", key="once-only")
    assert (first.status_code, other.status_code, again.get_json()) == (200, 200, first.get_json())
    assert load(tmp_path / FILE).device[0].url == "tcp://192.0.2.9:9100"
    assert kinds(api).count("DeviceReplaced") == 2


def test_a_folder_that_cannot_be_written_leaves_the_journal_alone(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_self: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    rows = api.rows()
    monkeypatch.setattr(Path, "write_bytes", full)
    assert problem(replace(api)) == (409, "not_written")
    assert (api.rows(), (tmp_path / FILE).read_text("utf-8")) == (rows, HALL_OF_OLD)


def test_a_trial_is_owed_to_the_station_with_the_cable_and_its_word_counts(api: Api) -> None:
    asked = api.post("/devices/printer1/trial", {"url": UNIT["url"]}, "maintenance").get_json()["trial"]
    order = api.server.live.newest().owed["K1"].trials[0]
    assert (order.trial, order.url, order.device, order.network) == (asked["id"], UNIT["url"], "printer1", "")
    assert api.server.live.newest().owed["hall"].trials == ()
    said = {"trials": [{"trial": order.trial, "outcome": "printed", "evidence": "calls itself T 82"}]}
    assert api.post("/stations/hall/reports", said, "station").status_code == 200
    assert api.get("/devices").get_json()["devices"][0]["trial"]["outcome"] is None
    assert api.post("/stations/K1/reports", said, "kiosk").status_code == 200
    row = replace(api, reason="").get_json()
    assert (row["replaced"][0]["outcome"], row["trial"]) == ("printed", None)


def test_managers_and_clerks_cannot_have_addresses_opened(api: Api) -> None:
    for role in ("manager", "clerk", "kiosk", "station", "tv"):
        assert replace(api, role).status_code == 403
        assert api.post("/devices/printer1/trial", {"url": UNIT["url"]}, role).status_code == 403


def test_another_server_writes_what_it_reads_in_the_journal(tmp_path: Path) -> None:
    first, second = open_api(tmp_path / "a"), tmp_path / "b"
    try:
        assert replace(first, options={"width": "384"}).status_code == 200
        second.mkdir()
        (second / FILE).write_text(HALL.replace("[hall]", "[hall]  # the second"), "utf-8")
        wiring = Wiring()
        settings = load(second / FILE)
        wiring.renew(settings)
        workshop = Workshop(second, settings.server, wiring)
        rows = (row.fact() for row in first.server.journal.rows())
        facts = [fact for fact in rows if isinstance(fact, DeviceReplaced)]
        assert [follow(workshop, fact) for fact in facts * 2] == [True, False]
        assert wiring.orders["printer1"][1].url == UNIT["url"]
        after = (second / FILE).read_text("utf-8")
        assert (after.count("# the second"), load(second / FILE).device[0].serial) == (1, "SN 2")
    finally:
        first.server.stop()


def test_repairs_and_the_report_tell_of_all_devices(api: Api) -> None:
    api.post("/devices/printer1/fault", {"note": "jams"}, "maintenance")
    api.post("/devices/printer1/verify", {"note": "cleaned"}, "maintenance")
    replace(api)
    repairs = api.get("/repairs").get_json()["repairs"]
    assert [(one["fault"], one["how"], one["notes"]) for one in repairs] == [
        ("replaced", "", "T 80 SN 1 tcp://127.0.0.1:9 → T 82 SN 2 tcp://192.0.2.8:9100 / seen to print"),
        ("declared", "person", "jams / cleaned"),
    ]
    assert api.get("/repairs?device=sign1").get_json() == {"repairs": []}
    assert problem(api.get("/repairs?device=nobody")) == (404, "unknown_device")
    report = api.get("/devices/report").get_json()
    rows = {row["device"]: row for row in report["rows"]}
    assert set(rows) == {"printer1", "sign1", "scanner2"}
    assert (rows["printer1"]["failures"], rows["printer1"]["advice"], rows["printer1"]["age_days"]) == (0, "keep", 0)


def test_a_unit_is_as_old_as_the_days_where_the_hall_stands(tmp_path: Path) -> None:
    after_midnight = datetime(2026, 11, 23, 0, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    clock = Clock(after_midnight.timestamp())  # in Greenwich it is still the 22nd
    api = open_api(tmp_path, HALL_OF_OLD, Hosting(clock=clock))
    try:
        replace(api)
        for later, age in ((0, 0), (1, 1)):
            clock.now = (after_midnight + timedelta(days=later)).timestamp()
            row = next(one for one in api.get("/devices/report").get_json()["rows"] if one["device"] == "printer1")
            assert (row["since"], row["age_days"]) == ("2026-11-23", age)
    finally:
        api.server.stop()
