"""A kiosk's own numbers over HTTP: leased, told in any company, refused when they are not its own."""

from typing import Any

from tests.server.halls import Api, problem


def lease(api: Api, holder: str = "log1") -> Any:
    return api.post("/kiosks/K1/lease", {"holder": holder}, "kiosk").get_json()


def one(number: int, **more: object) -> dict[str, object]:
    day = "{day}"
    known = {"ticket": f"w{number}", "code": f"{number:024x}", "day": day, "service": "id", "number": number}
    return known | {"age_s": 0.0} | more


def tell(api: Api, *tickets: dict[str, object], holder: str = "log1") -> Any:
    day = api.server.desk.look(lambda hall: hall.day)
    told = [{**ticket, "day": day if ticket["day"] == "{day}" else ticket["day"]} for ticket in tickets]
    return api.post("/kiosks/K1/tickets", {"holder": holder, "tickets": told}, "kiosk").get_json()


def away(api: Api) -> Any:
    return api.server.live.newest().owed["K1"].away


def test_a_kiosk_hears_on_its_line_which_numbers_it_has_and_which_of_them_became_tickets(api: Api) -> None:
    assert away(api).blocks == ()
    assert lease(api) == {"blocks": 3}
    assert lease(api) == {"blocks": 0}
    tell(api, one(702))
    first = away(api).blocks[0]
    assert (first.holder, first.service, first.first, first.last, first.used) == ("log1", "id", 701, 750, (702,))
    api.post("/tickets/w702/cancel")
    assert api.post("/day/close").status_code == 200
    assert away(api) is None


def test_told_again_in_other_company_nothing_happens_again(api: Api) -> None:
    lease(api)
    assert tell(api, one(701), one(702)) == {"known": ["w701", "w702"], "refused": []}
    rows = api.rows()
    assert tell(api, one(702, age_s=9.0)) == {"known": ["w702"], "refused": []}
    assert api.rows() == rows


def test_the_page_behind_the_code_works_once_the_number_is_told(api: Api) -> None:
    lease(api)
    code = f"{701:024x}"
    assert api.server.desk.ticket_by_code(code) is None
    tell(api, one(701))
    assert api.server.desk.ticket_by_code(code) is not None


def test_a_number_of_somebody_else_is_refused_and_the_others_are_taken(api: Api) -> None:
    lease(api)
    rows = api.rows()
    assert tell(api, one(700), one(701)) == {"known": ["w701"], "refused": ["w700"]}
    assert api.rows() == rows + 1
    assert tell(api, one(702), holder="other") == {"known": [], "refused": ["w702"]}


def test_the_ticket_whose_answer_was_lost_is_given_up(api: Api) -> None:
    lease(api)
    lost = api.post("/tickets", {"service": "id"}, "kiosk", key="asked-in-vain").get_json()["id"]
    tell(api, one(701, request="asked-in-vain"), one(702, request="never-asked"))
    assert api.get(f"/tickets/{lost}").get_json()["state"] == "cancelled"


def test_a_clerk_calls_a_number_that_the_hall_has_not_heard_of(api: Api) -> None:
    lease(api)
    called = api.post("/windows/1/call", {"label": "A705"}, "clerk").get_json()
    assert (called["label"], called["state"]) == ("A705", "called")
    tell(api, one(705, age_s=60.0))
    assert api.server.desk.look(lambda hall: [t.label for t in hall.tickets.values()]) == ["A705"]
    assert api.server.desk.look(lambda hall: hall.codes[f"{705:024x}"]) == called["id"]


def test_what_no_kiosk_of_ours_says_is_refused(api: Api) -> None:
    for body in ({"holder": "x y"}, {}, {"holder": "log1", "more": 1}):
        assert problem(api.post("/kiosks/K1/lease", body, "kiosk")) == (400, "invalid")
    for wrong in ({"code": "short"}, {"age_s": -1.0}, {"number": 0}, {"paper": "perhaps"}):
        told = {"holder": "log1", "tickets": [one(701) | {"day": "2026-11-22/1"} | wrong]}
        assert problem(api.post("/kiosks/K1/tickets", told, "kiosk")) == (400, "invalid")
    assert problem(api.post("/kiosks/K2/lease", {"holder": "log1"}, "kiosk")) == (403, "forbidden")


def test_a_kiosk_gets_the_labels_of_who_waits_in_the_order_of_their_calls(api: Api) -> None:
    for service in ("id", "tax", "id"):
        api.post("/tickets", {"service": service}, "kiosk")
    waiting = api.get("/kiosks/K1/waiting", "kiosk").get_json()
    assert waiting["labels"] == {"id": ["A001", "A002"], "tax": ["B001"], "loans": []}
