"""A review over HTTP: finished, looked at elsewhere, sent back with a note, passed; told by the journal."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from hall_server.owed import owed
from hall_server.past.whys import why_command
from tests.server.halls import HALL, HERE, Api, open_api, problem

REVIEWED = (
    HALL.replace('id = "id"\n', 'id = "id"\nreview = "check"\n', 1)
    + """
[[service]]
id = "check"
prefix = "R"
zh = "复核"
en = "Review"
offered = false

[[window]]
id = "9"
services = ["check"]
"""
)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Api]:
    api = open_api(tmp_path, REVIEWED)
    yield api
    api.server.stop()


def test_a_customer_is_done_only_when_the_review_has_passed(hall: Api, tmp_path: Path) -> None:
    ticket = hall.post("/tickets", {"service": "id"}, "concierge").get_json()
    hall.post("/windows/1/next", {}, "clerk")
    assert [one["en"] for one in hall.get("/windows/1", "clerk").get_json()["ticket"]["then"]] == ["Review"]
    assert problem(hall.post("/windows/1/send-back", {"note": "again"}, "clerk")) == (409, "nothing_to_review")
    sent = hall.post("/windows/1/finish", {}, "clerk").get_json()
    assert (sent["state"], sent["service"], sent["to"], sent["ahead"]) == ("waiting", "check", None, 0)
    hall.post("/windows/9/next")
    card = hall.get("/windows/9").get_json()["ticket"]
    assert card["reviewed"] == {"window": "1", "service_name": {"zh": "身份证", "en": "ID card"}}
    assert problem(hall.post("/windows/9/send-back", {"note": " "})) == (400, "invalid")
    back = hall.post("/windows/9/send-back", {"note": "sign it"}).get_json()
    assert (back["state"], back["service"], back["to"]) == ("waiting", "id", "1")
    page = Client(hall.server.wsgi).get(f"/t/{ticket['url'].rpartition('/')[2]}?lang=zh", environ_base=HERE).text
    assert ("1号窗口" in page, "身份证" in page) == (True, True)
    hall.post("/windows/1/next", {}, "clerk")
    again = hall.get("/windows/1", "clerk").get_json()["ticket"]
    assert (again["label"], again["sent_from"], again["note"], again["reviewed"]) == ("A001", "9", "sign it", None)
    hall.post("/windows/1/finish", {}, "clerk")
    hall.post("/windows/9/next")
    assert hall.post("/windows/9/finish").get_json()["state"] == "done"
    figures = hall.get("/figures").get_json()
    assert [figures[name] for name in ("arrived", "served", "steps", "reviews", "sent_back", "returned")] == [
        1, 1, 3, 2, 1, 0,
    ]  # fmt: skip
    why = CliRunner().invoke(why_command, ["A001", "--home", str(tmp_path)]).output
    assert [re.sub(r"\d\d:\d\d:\d\d", "TIME", line) for line in why.splitlines()] == [
        "A001 came at TIME for ID card.",
        "Called at TIME to window 1 by clerk:li: first come, first called.",
        "Done at TIME at window 1; to be reviewed: Review.",
        "Called at TIME to window 9 by admin:root: first come, first called.",
        "Sent at TIME by window 9 to window 1 for ID card. Note: sign it",
        "Called at TIME to window 1 by clerk:li: sent here by another window.",
        "Done at TIME at window 1; to be reviewed: Review.",
        "Called at TIME to window 9 by admin:root: first come, first called.",
        "Nobody who came later was called before it.",
    ]


def test_the_slip_names_what_follows(hall: Api) -> None:
    hall.post("/tickets", {"service": "id", "then": ["tax"], "kiosk": "K1"}, "concierge")
    desk = hall.server.desk
    (slip,) = desk.look(lambda now: owed(now, "K1", desk.orders, desk.outside)).slips
    assert (slip.service.en, [one.en for one in slip.then]) == ("ID card", ["Review", "Tax"])


def test_nobody_is_offered_a_ticket_for_a_review(hall: Api) -> None:
    board = {row["id"]: row["offered"] for row in hall.get("/board", "kiosk").get_json()["services"]}
    lobby = [row["id"] for row in hall.get("/lobby", "concierge").get_json()["services"]]
    assert (board["check"], board["id"], lobby) == (False, True, ["id", "tax", "loans"])
