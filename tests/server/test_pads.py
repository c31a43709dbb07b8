"""Pauses, chosen calls, and keys and ratings that a station reports, through the API."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.halls import HALL, Api, open_api, problem
from tests.server.test_settings import mistakes

PAD = """
[[device]]
id = "pad1"
kind = "pad"
zh = "一号呼叫器"
en = "Pad 1"
window = "1"
url = "socket://127.0.0.1:7#2"

[[device]]
id = "rating1"
kind = "rating"
zh = "一号评价器"
en = "Rating unit 1"
window = "1"
url = "socket://127.0.0.1:7#3"
"""


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    opened = open_api(tmp_path, HALL + PAD)
    yield opened
    opened.server.stop()


def press(api: Api, press_id: str, action: str, **more: str) -> dict[str, Any]:
    """One key in a report of its own; what the pad is answered."""
    told = {"device": "pad1", "press": press_id, "action": action, **more}
    answer = api.post("/stations/hall/reports", {"presses": [told]}, "station")
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json()["presses"][0])


def test_a_window_is_paused_and_resumed_through_the_api(api: Api) -> None:
    paused = api.post("/windows/1/pause", {"reason": "meal"}, "clerk").get_json()
    assert (paused["id"], paused["state"], paused["to"]) == ("1", "paused", ["2", "3", "4", "5", "6"])
    view = api.get("/windows/1", "clerk").get_json()
    assert (view["state"], view["paused_why"], view["paused_since"]) == ("paused", "meal", paused["since"])
    assert problem(api.post("/windows/1/next", {}, "clerk")) == (409, "window_paused")
    assert problem(api.post("/windows/1/pause", {}, "clerk")) == (409, "already_paused")
    assert api.post("/windows/1/resume", {}, "clerk").get_json()["state"] == "idle"
    assert problem(api.post("/windows/1/resume", {}, "clerk")) == (409, "not_paused")


def test_a_certain_customer_is_called_through_the_api(api: Api) -> None:
    for service in ("id", "id", "tax", "loans"):
        api.post("/tickets", {"service": service})
    called = api.post("/windows/1/call", {"label": "A002", "reason": "wheelchair"}, "clerk").get_json()
    assert (called["label"], called["state"], called["window"]) == ("A002", "called", "1")
    assert problem(api.post("/windows/1/call", {"label": "1"}, "clerk")) == (409, "previous_needed")
    said = [
        problem(api.post("/windows/1/call", {"label": label, "previous": "served"}, "clerk"))
        for label in ("1", "A002", "C001", "Z")
    ]
    assert said == [
        (409, "ambiguous_number"), (409, "not_waiting"), (409, "other_service"), (404, "unknown_ticket"),
    ]  # fmt: skip
    assert problem(api.post("/windows/1/call", {"label": ""}, "clerk")) == (400, "invalid")


def test_a_repeated_press_calls_once_whatever_report_it_comes_in(api: Api) -> None:
    for _ in range(3):
        api.post("/tickets", {"service": "id"})
    first = press(api, "p1", "next")
    assert first == {"press": "p1", "ok": True, "label": "A001", "code": ""}
    rows = api.rows()
    assert press(api, "p1", "next") == first
    assert api.rows() == rows
    assert press(api, "p2", "next") == {"press": "p2", "ok": False, "label": "", "code": "pad_behind"}
    assert press(api, "p3", "next", seen="A001")["label"] == "A002"


def test_a_key_that_does_nothing_says_why(api: Api) -> None:
    said = [press(api, f"k{n}", action)["code"] for n, action in enumerate(("next", "recall", "transfer", "resume"))]
    assert said == ["nobody", "illegal_move", "no_such_key", "not_paused"]
    assert press(api, "k9", "call", digits="7")["code"] == "unknown_ticket"


def test_who_pressed_stands_in_the_journal(api: Api) -> None:
    api.post("/tickets", {"service": "id"})
    press(api, "p1", "next")
    rows = api.get("/journal").get_json()["rows"]
    assert [row["actor"] for row in rows if row["kind"] == "TicketCalled"] == ["pad:pad1"]


def test_a_pad_of_another_station_and_a_level_that_does_not_exist_are_refused(api: Api) -> None:
    told = {"device": "pad1", "press": "p1", "action": "next"}
    assert problem(api.post("/stations/K1/reports", {"presses": [told]}, "kiosk")) == (404, "unknown_device")
    rated = {"device": "rating1", "ticket": "t1", "level": 6}
    assert problem(api.post("/stations/hall/reports", {"ratings": [rated]}, "station")) == (400, "invalid")


def test_a_rating_is_kept_once(api: Api) -> None:
    ticket = api.post("/tickets", {"service": "id"}).get_json()["id"]
    press(api, "p1", "next")
    press(api, "p2", "finish", seen="A001")
    for level in (5, 1):
        told = {"ratings": [{"device": "rating1", "ticket": ticket, "level": level}]}
        assert api.post("/stations/hall/reports", told, "station").status_code == 200
    rated = [row["body"] for row in api.get("/journal").get_json()["rows"] if row["kind"].endswith("Rated")]
    assert rated == [{"ticket": ticket, "level": 5, "device": "rating1"}]


def test_a_pad_has_a_window_and_a_window_has_one_pad() -> None:
    nowhere = PAD.replace(
        'kind = "pad"\nzh = "一号呼叫器"\nen = "Pad 1"\nwindow = "1"', 'kind = "pad"\nzh = "p"\nen = "p"'
    )
    assert any("pad1: a pad needs its window." in sentence for sentence in mistakes(HALL + nowhere))
    second = PAD.replace("pad1", "pad2").replace("rating1", "rating2").replace("#2", "#4").replace("#3", "#5")
    found = mistakes(HALL + PAD + second)
    assert any("pad1, pad2: window 1 has one pad." in sentence for sentence in found)
    assert any("rating1, rating2: window 1 has one rating unit." in sentence for sentence in found)


def test_two_pads_of_one_address_are_refused_with_both_names() -> None:
    second = PAD.replace("pad1", "pad2").replace("rating1", "rating2").replace('window = "1"', 'window = "2"')
    assert any("pad1, pad2: all claim 127.0.0.1:7#2" in sentence for sentence in mistakes(HALL + PAD + second))


def test_a_customer_is_sent_on_through_the_api_and_the_next_clerk_reads_why(api: Api) -> None:
    api.post("/tickets", {"service": "id"})
    press(api, "p1", "next")
    view = api.get("/windows/1", "clerk").get_json()
    assert {("loans", None), ("id", "6")} <= {(target["service"], target["window"]) for target in view["targets"]}
    wanted = {"window": "6", "service": "loans", "note": "needs a stamp", "come_back": True}
    sent = api.post("/windows/1/transfer", wanted, "clerk", key="transfer-once").get_json()
    assert (sent["label"], sent["state"], sent["service"], sent["to"]) == ("A001", "waiting", "loans", "6")
    assert api.post("/windows/1/transfer", wanted, "clerk", key="transfer-once").get_json() == sent
    assert problem(api.post("/windows/1/transfer", wanted, "clerk")) == (409, "illegal_move")
    assert api.post("/windows/6/next", {}).get_json()["label"] == "A001"
    card = api.get("/windows/6").get_json()["ticket"]
    assert (card["sent_from"], card["note"], card["back_to"]) == ("1", "needs a stamp", "1")
    api.post("/windows/6/finish", {})
    assert press(api, "p2", "next")["label"] == "A001"
    rows = [row for row in api.get("/journal").get_json()["rows"] if row["kind"] == "TicketTransferred"]
    assert [(row["actor"], row["body"]["window"], row["body"]["to"]) for row in rows] == [
        ("clerk:li", "1", "6"), ("admin:root", "6", "1"),
    ]  # fmt: skip


def test_a_pad_sends_a_customer_to_the_window_that_was_typed(api: Api) -> None:
    api.post("/tickets", {"service": "id"})
    press(api, "p1", "next")
    assert press(api, "p2", "transfer", digits="9", seen="A001")["code"] == "unknown_window"
    assert press(api, "p3", "transfer", digits="3", seen="A001") == {"press": "p3", "ok": True, "label": "", "code": ""}
    assert api.post("/windows/3/next", {}).get_json()["label"] == "A001"


def test_what_customers_said_is_recomputed_from_the_journal_and_equals_what_is_shown(api: Api) -> None:
    def serve(level: int | None) -> None:
        ticket = api.post("/tickets", {"service": "id"}).get_json()["id"]
        for order in ("next", "finish"):
            assert api.post(f"/windows/1/{order}", {}).status_code == 200
        if level is not None:
            told = {"ratings": [{"device": "rating1", "ticket": ticket, "level": level}]}
            assert api.post("/stations/hall/reports", told, "station").status_code == 200

    for level in (5, 4, None, 5):
        serve(level)
    few: dict[str, object] = {"window": None, "served": 4, "asked": 4, "rated": 3, "levels": None, "reasons": {}}
    assert api.get("/floor").get_json()["ratings"] == few
    for level in (1, 5):
        serve(level)
    levels = {"counts": [1, 0, 0, 1, 3], "mean": 4.0}
    total = {"window": None, "served": 6, "asked": 6, "rated": 5, "levels": levels, "reasons": {}}
    figures = api.get("/ratings").get_json()
    assert (figures["total"], figures["windows"]) == (total, [total | {"window": "1"}])
    assert api.get("/floor").get_json()["ratings"] == total
    assert problem(api.get("/ratings?from=yesterday")) == (400, "invalid")
    assert api.get("/ratings?from=2001-01-01&to=2001-01-02").get_json()["total"]["served"] == 0


def test_a_pad_that_does_not_work_is_said_to_its_clerk_and_to_the_manager(api: Api) -> None:
    def said() -> tuple[str | None, str | None]:
        floor = next(row for row in api.get("/floor").get_json()["windows"] if row["window"] == "1")
        return api.get("/windows/1").get_json()["pad_fault"], floor["pad_fault"]

    def heard(state: str, *faults: str) -> None:
        told = {"health": [{"device": "pad1", "state": state, "faults": faults}]}
        assert api.post("/stations/hall/reports", told, "station").status_code == 200

    heard("unknown", "unmonitored")
    assert said() == (None, None), "an idle pad is as silent as a dead one"
    heard("unknown", "port_missing")
    assert said() == ("port_missing", "port_missing")
    heard("unknown", "unmonitored")
    api.post("/devices/pad1/fault", {"note": "keys stick"}, "clerk")
    assert said() == ("declared", "declared")
    assert api.get("/windows/1").get_json()["state"] == "idle", "the window stays open"
