"""Setting aside, bringing back, marking and taking back over HTTP: who may, what is answered, what is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.server.halls import Api


def issued(api: Api, many: int = 1, **more: Any) -> list[dict[str, Any]]:
    return [api.post("/tickets", {"service": "id", **more}).get_json() for _ in range(many)]


def later(at: str, seconds: int) -> str:
    moment = datetime.fromisoformat(at) + timedelta(seconds=seconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_a_clerk_sets_a_customer_aside_and_takes_them_up_again(api: Api) -> None:
    issued(api, 2)
    api.post("/windows/1/next", {}, "clerk")
    answer = api.post("/windows/1/hold", {"reason": "papers", "pool": "service", "not_before_min": 10}, "clerk")
    assert (answer.status_code, answer.get_json()["state"], answer.get_json()["window"]) == (200, "held", None)
    (held,) = api.get("/windows/1", "clerk").get_json()["held"]
    assert {name: held[name] for name in ("label", "reason", "pool", "window", "overdue", "mine")} == {
        "label": "A001", "reason": "papers", "pool": "service", "window": "1", "overdue": False, "mine": True,
    }  # fmt: skip
    assert code(api.post("/windows/1/take-up", {"ticket": "A001"}, "clerk")) == (409, "hold_not_yet")
    taken = api.post("/windows/1/take-up", {"ticket": "A001", "here": True}, "clerk").get_json()
    assert (taken["label"], taken["state"], taken["window"]) == ("A001", "serving", "1")
    assert api.get("/windows/1", "clerk").get_json()["held"] == []


def test_a_move_is_taken_back_by_whoever_made_it_and_by_nobody_else(api: Api) -> None:
    issued(api)
    api.post("/windows/1/next", {}, "clerk")
    undo = api.get("/windows/1", "clerk").get_json()["undo"]
    assert (undo["labels"], undo["move"], undo["by"]) == (["A001"], "TicketCalled", "clerk:li")
    assert code(api.post("/undo", {}, "manager")) == (409, "nothing_to_undo")
    assert api.post("/undo", {}, "clerk").get_json() == {"labels": ["A001"]}
    view = api.get("/windows/1", "clerk").get_json()
    assert (view["ticket"], view["undo"], view["next"][0]["label"]) == (None, None, "A001")
    board = api.get("/board").get_json()
    assert (board["hero"], board["calls"]) == (None, [])


def test_two_who_have_no_name_do_not_take_back_each_others_moves(api: Api) -> None:
    one, other = (api.post("/tokens", {"role": "manager"}).get_json()["secret"] for _ in range(2))
    issued(api)
    api.post("/tickets/A001/cancel", {}, one)
    assert code(api.post("/undo", {}, other)) == (409, "nothing_to_undo")
    assert api.get("/lobby", other).get_json()["undo"] is None
    undo = api.get("/lobby", one).get_json()["undo"]
    ids = [row["id"] for row in api.get("/tokens").get_json()["tokens"] if row["subject"] is None]
    assert undo["by"] in {f"manager:{name[:8]}" for name in ids}, "whose it is can be looked up"
    assert api.post("/undo", {}, one).get_json() == {"labels": ["A001"]}


def test_C18_a_long_wait_is_on_the_list_with_what_was_said_to_the_customer(api: Api) -> None:
    (ticket,) = issued(api)
    (card,) = api.get("/lobby", "concierge").get_json()["waiting"]
    assert (card["care"], card["long_at"]) == ([], later(ticket["issued_at"], 900))
    assert api.post("/tickets/A001/care", {"what": "sorry"}, "concierge").status_code == 400
    assert api.post("/tickets/A001/care", {"what": "apologised"}, "concierge").status_code == 200
    assert api.post("/tickets/A001/care", {"what": "apologised"}, "manager").status_code == 200
    (card,) = api.get("/lobby", "manager").get_json()["waiting"]
    assert [(one["what"], one["by"]) for one in card["care"]] == [("apologised", "concierge:sun")]


def test_a_concierge_takes_a_given_up_number_back_and_sees_no_move_of_others(api: Api) -> None:
    issued(api)
    api.post("/tickets/A001/cancel", {}, "concierge")
    undo = api.get("/lobby", "concierge").get_json()["undo"]
    assert (undo["labels"], undo["move"], undo["by"]) == (["A001"], "TicketCancelled", "concierge:sun")
    assert api.get("/lobby", "manager").get_json()["undo"] is None
    assert api.post("/undo", {}, "concierge").get_json() == {"labels": ["A001"]}
    lobby = api.get("/lobby", "concierge").get_json()
    assert (lobby["undo"], lobby["gone"], [one["label"] for one in lobby["waiting"]]) == (None, [], ["A001"])


def test_staff_mark_a_number_and_bring_one_back(api: Api) -> None:
    tickets = issued(api, 3)
    assert api.post("/tickets/a003/urgent", {"reason": "a child is ill"}, "concierge").status_code == 200
    assert api.post("/tickets/A002/need", {}, "clerk").status_code == 200
    assert code(api.post("/tickets/A001/urgent", {}, "clerk")) == (409, "reason_needed")
    coming = [card["label"] for card in api.get("/windows/1", "clerk").get_json()["next"]]
    assert coming == ["A003", "A002", "A001"]
    found = api.get("/tickets?label=A002", "concierge").get_json()["ticket"]
    assert (found["need"], found["urgent"]) == (True, "")
    assert code(api.get("/tickets?label=Z1", "clerk")) == (404, "unknown_ticket")
    assert api.post("/tickets/A001/cancel", {"reason": "went home"}, "concierge").get_json()["id"] == tickets[0]["id"]
    assert code(api.post("/tickets/A001/reinstate", {"reason": " "}, "concierge")) == (400, "invalid")
    back = api.post("/tickets/A001/reinstate", {"reason": "came back"}, "concierge").get_json()
    assert (back["state"], back["ahead"]) == ("waiting", 2)


def test_nothing_that_a_customer_or_a_kiosk_reads_tells_of_a_need(api: Api) -> None:
    """C4."""
    (ticket,) = issued(api, 1, need=True, kiosk="K1")
    said = [api.get(f"/tickets/{ticket['id']}", "kiosk").text, api.get("/board").text]
    assert all("need" not in text and "urgent" not in text for text in said)


def test_one_ticket_goes_through_several_services(api: Api) -> None:
    """W13."""
    issued(api, 1, then=["tax"])
    api.post("/windows/1/next", {}, "clerk")
    assert api.get("/windows/1", "clerk").get_json()["ticket"]["then"][0]["en"] == "Tax"
    after = api.post("/windows/1/finish", {}, "clerk").get_json()
    assert (after["label"], after["state"], after["service"]) == ("A001", "waiting", "tax")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/windows/1/hold", {}),
        ("/windows/1/hold", {"reason": "x", "pool": "moon"}),
        ("/windows/1/hold", {"reason": "x", "not_before_min": 481}),
        ("/windows/1/take-up", {}),
        ("/tickets/A001/reinstate", {}),
    ],
)
def test_a_bad_request_changes_nothing(api: Api, path: str, body: Any) -> None:
    issued(api)
    before = api.rows()
    assert code(api.post(path, body, "clerk")) == (400, "invalid")
    assert api.rows() == before


def test_a_kiosk_cannot_name_a_ticket_by_its_number(api: Api) -> None:
    issued(api, 1, kiosk="K2")
    assert code(api.post("/tickets/A001/cancel", {}, "kiosk")) == (404, "unknown_ticket")


def test_a_concierge_gives_out_a_ticket_that_a_kiosk_prints_and_sees_who_waits(api: Api) -> None:
    """W12."""
    wanted = {"service": "id", "kiosk": "K1", "need": True, "language": "en"}
    given = api.post("/tickets", wanted, "concierge").get_json()
    assert (given["label"], given["slip"]["printer"]) == ("A001", "printer1")
    issued(api, 2)
    api.post("/tickets/A002/cancel", {}, "concierge")
    api.post("/windows/1/next", {}, "clerk")
    api.post("/windows/1/hold", {"reason": "papers"}, "clerk")
    lobby = api.get("/lobby", "concierge").get_json()
    assert [card["label"] for card in lobby["waiting"]] == ["A003"]
    assert ([one["label"] for one in lobby["held"]], [one["label"] for one in lobby["gone"]]) == (["A001"], ["A002"])
    assert (lobby["total"], lobby["kiosks"][0]["id"]) == (1, "K1")
    assert (api.get("/lobby", "clerk").status_code, api.get("/windows/1", "concierge").status_code) == (403, 403)
