"""Help asked for at a kiosk over HTTP: who hears why, and who must not."""

from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import Client

from tests.server.halls import HERE, Api, problem

REASON = "sight"


def asked(api: Api, **more: Any) -> str:
    answer = api.post("/helps", {"reason": REASON, "language": "en", **more}, "kiosk")
    assert answer.status_code == 201
    return str(answer.get_json()["help"])


def test_C4_concierge_and_clerk_read_why_and_paper_screens_and_the_customers_page_do_not(api: Api) -> None:
    name = asked(api)
    (row,) = api.get("/lobby", "concierge").get_json()["helps"]
    assert {key: row[key] for key in ("help", "kiosk", "reason", "language", "ticket")} == {
        "help": name, "kiosk": "K1", "reason": REASON, "language": "en", "ticket": None,
    }  # fmt: skip
    issued = api.post("/tickets", {"service": "id", "help": name}, "kiosk")
    ticket = issued.get_json()
    (row,) = api.get("/lobby", "concierge").get_json()["helps"]
    assert (row["ticket"]["label"], row["ticket"]["need"]) == ("A001", False)
    (coming,) = api.get("/windows/1", "clerk").get_json()["next"]
    assert coming["help"] == REASON
    owed = api.server.live.newest().owed["K1"]
    assert [paper.label for paper in owed.slips] == ["A001"]
    public = (
        issued.get_data(as_text=True), api.get("/board").get_data(as_text=True), owed.model_dump_json(),
        Client(api.server.wsgi).get(urlsplit(ticket["url"]).path, environ_base=HERE).get_data(as_text=True),
    )  # fmt: skip
    assert "A001" in public[-1]
    assert [text for text in public if REASON in text] == []


def test_a_touch_says_that_somebody_was_there_and_priority_is_a_touch_of_its_own(api: Api) -> None:
    name = asked(api)
    api.post("/tickets", {"service": "id", "help": name}, "kiosk")
    api.post("/tickets/A001/need", {"need": True}, "concierge")
    (card,) = api.get("/lobby", "concierge").get_json()["waiting"]
    assert (card["need"], card["help"]) == (True, REASON)
    assert api.post(f"/helps/{name}/done", {}, "concierge").get_json() == {"helps": []}
    assert api.post(f"/helps/{name}/done", {}, "clerk").status_code == 200
    assert api.get("/lobby", "manager").get_json()["helps"] == []
    assert problem(api.post("/helps/nobody/done", {}, "clerk")) == (404, "unknown_help")


def test_a_kiosk_asks_only_for_whoever_stands_before_it_and_only_for_reasons_that_there_are(api: Api) -> None:
    assert problem(api.post("/helps", {"reason": "in a hurry"}, "kiosk")) == (400, "invalid")
    assert problem(api.post("/helps", {"kiosk": "K2"}, "kiosk")) == (403, "forbidden")
    one = asked(api)
    assert asked(api) == one, "nobody has been there yet: it is the same request"
    assert api.post("/day/close", {}, "manager").status_code == 200
    assert problem(api.post("/helps", {}, "kiosk")) == (409, "day_closed")
