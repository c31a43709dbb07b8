"""A test asked over the API and reported by a station, and what the journal then tells of the device."""

from typing import Any

import pytest

from hall_server.records.device_rows import page
from tests.server.halls import HALL, Api, open_api, problem

PARTY = """
[repair]
reported_min = 5

[[party]]
id = "it"
zh = "信息中心"
en = "IT"
phone = "8001"
kinds = ["printer"]
escalate = "8000"
"""


@pytest.fixture
def worn(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A hall whose printer has been without paper, has got some and has been tested."""
    monkeypatch.delenv("HALLCALL_PORT", raising=False)
    api = open_api(tmp_path / "home", HALL.replace('kiosk = "K1"\n', 'kiosk = "K1"\nroll_m = 9\n') + PARTY)
    health(api, "failed", "paper_end")
    health(api, "ok")
    yield api
    api.server.stop()


def health(api: Api, state: str, *faults: str) -> None:
    told = {"health": [{"device": "printer1", "state": state, "faults": faults}]}
    assert api.post("/stations/K1/reports", told, "kiosk").status_code == 200


def row(api: Api) -> dict[str, Any]:
    devices = api.get("/devices", "maintenance").get_json()["devices"]
    return dict(next(device for device in devices if device["id"] == "printer1"))


def owed(api: Api, station: str) -> Any:
    return api.server.live.newest().owed[station]


def report_test(api: Api, outcome: str) -> Any:
    slip = f"test-{row(api)['test']['id']}"
    told = {"slip": slip, "printer": "printer1", "attempt": 1, "outcome": outcome, "verdict": outcome}
    return api.post("/stations/K1/reports", {"slips": [told]}, "kiosk").get_json()["granted"]


def test_a_test_slip_is_owed_until_it_is_printed_and_ends_the_repair(worn: Api) -> None:
    assert row(worn)["repair"]["party"] == {"name": {"zh": "信息中心", "en": "IT"}, "phone": "8001", "escalate": "8000"}
    assert worn.post("/devices/printer1/test", {}, "maintenance").get_json()["test"]["outcome"] is None
    order = owed(worn, "K1").slips[0]
    assert (order.test, order.label, order.ticket, order.service.en, order.url) == (True, "TEST", "", "Printer", None)
    assert problem(worn.post("/devices/printer1/test", {}, "maintenance")) == (409, "test_running")
    assert report_test(worn, "claim") == [order.slip]
    assert report_test(worn, "printed") == []
    after = row(worn)
    assert (after["test"]["outcome"], after["repair"]) == ("printed", None)
    assert (owed(worn, "K1").slips, worn.get("/board", None).get_json()["notices"]) == ((), [])
    assert after["paper"] == {"left_m": 8.9, "left_slips": 99, "until": None}


def test_a_pattern_is_owed_to_a_sign_until_it_has_answered(worn: Api) -> None:
    assert worn.post("/devices/sign1/test", {}, "maintenance").status_code == 200
    pattern = owed(worn, "hall").patterns["sign1"]
    assert (pattern.pages, pattern.colour, pattern.urgent) == (("88888888", "1"), "yellow", False)
    told = {"shown": [{"device": "sign1", "content_id": pattern.content_id, "ms": 50.0}]}
    assert worn.post("/stations/hall/reports", told, "station").status_code == 200
    assert owed(worn, "hall").patterns == {}
    assert problem(worn.post("/devices/scanner2/test", {}, "maintenance")) == (409, "no_test")


def test_figures_are_those_of_the_journal_and_only_for_days_that_are_days(worn: Api) -> None:
    worn.post("/devices/printer1/test", {}, "maintenance")
    report_test(worn, "printed")
    figures = worn.get("/devices/printer1/figures", "maintenance").get_json()
    assert {key: figures[key] for key in ("failures", "customers", "slips", "paper_m")} == {
        "failures": 1, "customers": 0, "slips": 1, "paper_m": 0.1,
    }  # fmt: skip
    (day,) = figures["days"]
    assert (day["failures"], day["repairs"], day["slips"]) == (1, 1, 1)
    assert figures["open_s"] >= figures["down_s"] >= 0
    earlier = worn.get("/devices/printer1/figures?from=2020-01-01&to=2020-01-31", "maintenance").get_json()
    assert (earlier["days"], earlier["mtbf_s"], earlier["mttr_s"]) == ([], None, None)
    for wrong in ("from=2020-01-01&to=2020-02-01", "from=yesterday", "from=2020-01-02&to=2020-01-01", "from=20200101"):
        assert problem(worn.get(f"/devices/printer1/figures?{wrong}", "maintenance")) == (400, "invalid")
    assert problem(worn.get("/devices/none/figures", "maintenance")) == (404, "unknown_device")


def test_an_order_moves_over_the_api_and_a_promise_needs_a_moment(worn: Api) -> None:
    def advance(**body: Any) -> Any:
        return worn.post("/devices/printer1/repair", body, "maintenance")

    assert problem(advance(state="accepted", expected="noon")) == (400, "invalid")
    assert problem(advance(state="accepted", expected="2026-11-22T11:30:00")) == (400, "invalid")
    promise = "2026-11-22T11:30:00+08:00"
    repair = advance(state="accepted", expected=promise).get_json()["repair"]
    assert (repair["state"], repair["expected"], repair["order"]) == ("accepted", promise, repair["id"])
    assert worn.get("/board", None).get_json()["notices"][0]["expected"] == promise
    assert problem(advance(state="accepted")) == (409, "illegal_move")
    assert [step["state"] for step in advance(state="fixed").get_json()["repair"]["steps"]] == [
        "reported", "accepted", "fixed",
    ]  # fmt: skip


def test_the_log_of_a_device_tells_what_its_fault_did_to_windows_and_customers(worn: Api) -> None:
    label = worn.post("/tickets", {"service": "id"}).get_json()["label"]
    assert worn.post("/windows/2/next", {}).get_json()["label"] == label
    worn.post("/devices/scanner2/fault", {"note": "lamp"}, "maintenance")
    worn.post("/devices/scanner2/verify", {}, "maintenance")
    history = worn.server.desk.histories.device("scanner2", 10**15)
    assert history is not None
    assert [(row.kind, row.said) for row in reversed(history.log)] == [
        ("RepairOpened", "declared · lamp"), ("FaultDeclared", "lamp"), ("WindowRedirected", "2 · declared"),
        ("TicketRedirected", f"{label} 2 → 1"), ("RepairVerified", "person"), ("WindowRestored", "2"),
    ]  # fmt: skip


def test_the_log_of_a_device_is_read_page_by_page_newest_first(worn: Api) -> None:
    for _ in range(3):
        health(worn, "degraded", "paper_low")
        health(worn, "ok")
    journal = worn.server.journal
    seen, before = [], worn.rows() + 1
    while before is not None:
        rows, older = page(journal, "printer1", before, 4)
        seen += [(row.seq, row.kind) for row in rows]
        before = older  # type: ignore[assignment]  # the loop ends there
    assert [kind for _, kind in seen[:6]] == ["DeviceChanged"] * 6
    assert [seq for seq, _ in seen] == sorted({seq for seq, _ in seen}, reverse=True)
    assert "RepairOpened" in {kind for _, kind in seen}
    assert all('"printer1"' in row.body for row in journal.rows() if row.seq in dict(seen))
    history = worn.server.desk.histories.device("printer1", 10**15)
    assert history is not None
    assert (history.log[0].said, history.orders[0].fault, history.older) == ("ok", "paper_end", None)
    assert worn.server.desk.histories.device("none", 10**15) is None
