"""Complaints over HTTP: by page, kiosk and staff; what is personal is beside the journal and goes one day."""

from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from hall_server.app import Hosting
from hall_server.records import complaints
from tests.server.halls import HERE, Api, open_api, problem

SAID = {"matter": "wait", "said": "等了一小时\n没有人管", "name": "李明", "contact": "13900008000"}


def browse(api: Api, path: str, form: dict[str, str] | None = None) -> TestResponse:
    method = "GET" if form is None else "POST"
    return Client(api.server.wsgi).open(path, method=method, data=form, environ_base=HERE, buffered=True)


def journal_text(api: Api) -> str:
    return "\n".join(row.body for row in api.server.journal.rows(0))


def test_a_customer_complains_on_the_page_of_the_ticket_and_again_by_mistake_changes_nothing(api: Api) -> None:
    code = api.post("/tickets", {"service": "id"}, "clerk").get_json()["url"].rsplit("/", 1)[1]
    page = browse(api, f"/t/{code}/complaint?lang=en")
    assert (page.status_code, "script" in page.text, len(page.data) < 30_000) == (200, False, True)
    for _ in range(2):
        sent = browse(api, f"/t/{code}/complaint?lang=en", {**SAID, "key": "k1"})
        assert (sent.status_code, sent.headers["Location"]) == (303, f"/t/{code}/complaint?sent=1&lang=en")
    assert "We have it" in browse(api, sent.headers["Location"]).text
    (row,) = api.get("/complaints").get_json()["rows"]
    assert {name: row[name] for name in ("matter", "via", "state", "label", "name", "contact", "said")} == {
        "matter": "wait", "via": "page", "state": "new", "label": "A001", "name": "李明", "contact": "13900008000",
        "said": "等了一小时\n没有人管",
    }  # fmt: skip
    assert not {"李明", "13900008000", "没有人管"} & {word for word in SAID.values() if word in journal_text(api)}
    assert browse(api, "/t/nothing/complaint").status_code == 404


def test_a_form_that_is_not_right_keeps_what_was_typed(api: Api) -> None:
    wrong = browse(api, "/complaint?lang=zh", {**SAID, "matter": "", "key": "k1"})
    assert (wrong.status_code, "李明" in wrong.text, "请选择反映的问题" in wrong.text) == (400, True, True)
    evil = browse(api, "/complaint", {"matter": "", "said": "<script>alert(1)</script>", "key": "k"})
    assert "<script>" not in evil.text
    assert browse(api, "/complaint", {"matter": "other", "key": "k2"}).status_code == 303
    assert api.get("/complaints").get_json()["rows"][0]["contact"] == ""


def test_whoever_goes_back_and_writes_something_else_has_complained_twice(api: Api) -> None:
    for said in ("first", "first", "second"):
        assert browse(api, "/complaint", {"matter": "wait", "said": said, "key": "k1"}).status_code == 303
    assert [row["said"] for row in api.get("/complaints").get_json()["rows"]] == ["first", "second"]


def test_a_browsers_line_ends_count_as_one_sign_each(api: Api) -> None:
    longest = "\r\n".join("字" * 500)
    assert browse(api, "/complaint", {"matter": "wait", "said": longest, "key": "k1"}).status_code == 303
    assert api.get("/complaints").get_json()["rows"][0]["said"] == "\n".join("字" * 500)


def test_staff_write_one_down_work_on_it_and_close_it_with_an_outcome(api: Api) -> None:
    api.post("/tickets", {"service": "id"}, "clerk")
    assert api.post("/complaints", {**SAID, "label": "a001"}, "clerk").status_code == 201
    name = api.get("/complaints").get_json()["rows"][0]["id"]
    path = f"/complaints/{name}"
    for body in ({"assignee": "王"}, {"due": "2099-01-01"}, {"assignee": " ", "due": "2099-01-01"}):
        assert problem(api.post(f"{path}/take", body)) == (400, "invalid")
    assert problem(api.post(f"{path}/take", {"assignee": "王", "due": "2020-01-01"})) == (409, "complaint_due")
    assert problem(api.post(f"{path}/close", {"outcome": "settled"})) == (409, "complaint_not_taken")
    assert api.post(f"{path}/take", {"assignee": "王", "due": "2099-01-01"}, "manager").get_json()["state"] == "open"
    assert api.post(f"{path}/note", {"note": "rang\nLi"}, "manager").status_code == 200
    closed = api.post(f"{path}/close", {"outcome": "settled", "note": "sorry"}, "manager").get_json()
    assert (closed["state"], closed["said"]) == ("closed", ""), "what is kept for a repeated request has no words"
    (row,) = api.get("/complaints").get_json()["rows"]
    assert (row["label"], row["window"], row["via"], row["assignee"]) == ("A001", "1", "staff", "王")
    assert [note.split(" ", 1)[1] for note in row["notes"]] == ["manager:wang rang Li", "manager:wang sorry"]
    assert problem(api.post(f"{path}/note", {"note": "more"})) == (409, "complaint_closed")
    assert problem(api.post("/complaints/none/note", {"note": "more"})) == (404, "unknown_complaint")


def test_a_kiosk_complains_without_a_name_and_too_many_are_refused(api: Api) -> None:
    for _ in range(20):
        assert api.post("/complaints", {"matter": "place"}, "kiosk").status_code == 201
    assert problem(api.post("/complaints", {"matter": "place"}, "kiosk")) == (429, "complaint_limit")
    assert browse(api, "/complaint", {"matter": "place", "key": "k"}).status_code == 429


@pytest.fixture
def clock() -> list[float]:
    return [1_795_312_800.0]


def test_its_words_are_deleted_some_time_after_it_was_closed_and_never_while_it_is_open(
    tmp_path: Path, clock: list[float]
) -> None:
    api = open_api(tmp_path, hosting=Hosting(clock=lambda: clock[0]))
    for _ in range(2):
        api.post("/complaints", SAID, "manager")
    first = api.get("/complaints").get_json()["rows"][0]["id"]
    api.post(f"/complaints/{first}/take", {"assignee": "王", "due": "2099-01-01"})
    api.post(f"/complaints/{first}/close", {"outcome": "unfounded", "note": "Li was wrong"})
    assert api.post("/purge").get_json() == {"forgotten": 0}
    clock[0] += 181 * 24 * 3600
    assert api.post("/purge").get_json()["forgotten"] >= 1
    assert first not in complaints.all_of(api.server.journal)
    assert len(complaints.all_of(api.server.journal)) == 1
    rows = {row["id"]: row for row in api.get("/complaints").get_json()["rows"]}
    assert (rows[first]["forgotten"], rows[first]["outcome"], rows[first]["notes"]) == (True, "unfounded", [])
    files = (tmp_path / name for name in ("hall.sqlite3", "hall.sqlite3-wal"))
    assert not any(b"Li was wrong" in file.read_bytes() for file in files if file.exists())
    api.server.stop()
