"""The HTTP API: each bad request gets its own problem, changes nothing and leaves no trace in the journal."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
from werkzeug.exceptions import InternalServerError
from werkzeug.test import TestResponse

from hall_server.web.api import http_problem
from tests.server.halls import Api, problem

TICKET = {"service": "id"}


@pytest.fixture
def untouched(api: Api) -> Iterator[Api]:
    """The API, with the promise that nothing happens to the hall."""
    before = api.rows()
    yield api
    assert api.rows() == before


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("/tickets", {"service": "nothing"}, (404, "unknown_service")),
        ("/tickets", {"service": "id", "kiosk": "K9"}, (404, "unknown_kiosk")),
        ("/tickets", {}, (400, "invalid")),
        ("/tickets", {"service": "id", "colour": "red"}, (400, "invalid")),
        ("/tickets", {"service": 7}, (400, "invalid")),
        ("/tickets", {"service": "id", "language": "fr"}, (400, "invalid")),
        ("/tickets", {"service": "x" * 65}, (400, "invalid")),
        ("/tickets", {"service": "a b"}, (400, "invalid")),
        ("/tickets", ["id"], (400, "invalid")),
        ("/windows/9/next", {}, (404, "unknown_window")),
        ("/windows/1/recall", {}, (409, "illegal_move")),
        ("/windows/1/start", {}, (409, "illegal_move")),
        ("/windows/1/finish", {}, (409, "illegal_move")),
        ("/windows/1/absent", {}, (409, "illegal_move")),
        ("/windows/1/next", {"previous": "gone"}, (400, "invalid")),
        ("/windows/1/redirect", {"undo": True}, (409, "illegal_move")),
        ("/windows/6/redirect", {}, (409, "no_other_window")),
        ("/windows/1/redirect/answer", {}, (409, "no_proposal")),
        ("/tickets/none/cancel", {}, (404, "unknown_ticket")),
        ("/tickets/none/slip", {"got": True}, (404, "unknown_ticket")),
        ("/tickets/none/slip", {}, (400, "invalid")),
        ("/devices/none/fault", {}, (404, "unknown_device")),
        ("/devices/sign1/fault", {"note": "x" * 501}, (400, "invalid")),
        ("/devices/sign1/verify", {}, (409, "no_repair")),
        ("/devices/sign1/repair", {}, (409, "no_repair")),
        ("/day/open", {}, (409, "day_open")),
        ("/tokens", {"role": "boss"}, (400, "invalid")),
        ("/tokens", {"role": "kiosk"}, (400, "invalid")),
        ("/tokens", {"role": "clerk", "subject": "li"}, (400, "invalid")),
        ("/nowhere", {}, (404, "not_found")),
    ],
)
def test_what_cannot_be_done_is_named(untouched: Api, path: str, body: Any, expected: tuple[int, str]) -> None:
    assert problem(untouched.post(path, body)) == expected


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[1,",
        b"id",
        b"\xff\xfe",
        b'{"service":"id"} trailing',
        b'{"service":"\\ud800"}',
        b'{"service":NaN}',
        b"null",
    ],
)
def test_what_is_not_json_is_refused(untouched: Api, raw: bytes) -> None:
    assert problem(untouched.post("/tickets", raw=raw)) == (400, "invalid")


def test_a_note_may_hold_any_text_that_json_can_carry(api: Api) -> None:
    note = 'quote " back \\ 字 \u202e \x00 <script>'
    answer = api.post("/devices/scanner2/fault", {"note": note})
    assert (answer.status_code, answer.get_json()["repair"]["note"]) == (200, note)
    assert problem(api.post("/devices/sign1/fault", raw=b'{"note":"\\udfff"}')) == (400, "invalid")
    assert api.server.journal.verify() is None


def test_every_wrong_field_is_listed(untouched: Api) -> None:
    answer = untouched.post("/tickets", {"service": 7, "language": "fr", "colour": "red"})
    assert {one["field"] for one in answer.get_json()["fields"]} == {"service", "language", "colour"}


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, (401, "unauthenticated")),
        ({"Authorization": "Bearer "}, (401, "unauthenticated")),
        ({"Authorization": "Bearer wrong"}, (401, "unauthenticated")),
        ({"Authorization": "Basic YTpi"}, (401, "unauthenticated")),
        ({"Cookie": "hallcall=wrong"}, (401, "unauthenticated")),
    ],
)
def test_strangers_get_nothing_but_the_board(
    untouched: Api, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    for path in ("/tickets", "/windows/1/next", "/tokens", "/stations/K1/reports"):
        assert problem(untouched.call(None, "POST", path, TICKET, headers=headers)) == expected
    for path in ("/devices", "/journal", "/floor", "/me", "/tickets/t"):
        assert problem(untouched.call(None, "GET", path, headers=headers)) == expected
    assert untouched.call(None, "GET", "/board", headers=headers).status_code == 200


def test_a_sign_in_link_is_no_token(api: Api) -> None:
    link = api.post("/links", {"role": "admin"}).get_json()["secret"]
    assert problem(api.get("/devices", role=link.partition("#")[2])) == (401, "unauthenticated")


def test_a_revoked_token_opens_nothing_any_more(api: Api) -> None:
    secret = api.post("/tokens", {"role": "manager", "subject": "li"}).get_json()["secret"]
    assert api.get("/floor", role=secret).status_code == 200
    held = api.get("/tokens").get_json()["tokens"]
    (token,) = (one["id"] for one in held if (one["role"], one["subject"]) == ("manager", "li"))
    assert api.post(f"/tokens/{token}/revoke").status_code == 204
    assert problem(api.get("/floor", role=secret)) == (401, "unauthenticated")
    assert problem(api.post(f"/tokens/{token}/revoke")) == (404, "unknown_token")


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "with space", "wi\x7fth-del"])
def test_a_command_needs_a_usable_key(untouched: Api, key: str) -> None:
    answer = untouched.call(
        "admin", "POST", "/tickets", TICKET, key="", headers={"Idempotency-Key": key} if key else {}
    )
    assert problem(answer) == (400, "key_required")


def test_a_repeated_key_gets_the_same_answer_and_no_second_ticket(api: Api) -> None:
    first = api.post("/tickets", TICKET, key="key-00001")
    rows = api.rows()
    again = api.post("/tickets", raw=b'{ "service" : "id" }', key="key-00001")
    assert (first.status_code, again.status_code, again.data) == (201, 201, first.data)
    assert api.rows() == rows


def test_a_repeated_refusal_stays_a_refusal_and_a_repeated_nobody_calls_nobody(api: Api) -> None:
    assert api.post("/windows/1/next", key="key-00001").status_code == 204
    assert problem(api.post("/windows/2/finish", key="key-00002")) == (409, "illegal_move")
    api.post("/tickets", TICKET)
    assert api.post("/windows/1/next", key="key-00001").status_code == 204
    api.post("/windows/2/next")
    assert problem(api.post("/windows/2/finish", key="key-00002")) == (409, "illegal_move")


def test_a_key_used_for_something_else_is_refused(api: Api) -> None:
    api.post("/tickets", TICKET, key="key-00001")
    rows = api.rows()
    for path, body, role in [("/tickets", {"service": "tax"}, "admin"), ("/windows/1/next", {}, "admin"),
                             ("/tickets", TICKET, "manager")]:  # fmt: skip
        assert problem(api.post(path, body, role, key="key-00001")) == (409, "key_reused")
    assert api.rows() == rows


def test_what_was_never_decided_may_be_asked_again_with_the_same_key(api: Api) -> None:
    assert problem(api.post("/tickets", {"service": 7}, key="key-00001")) == (400, "invalid")
    assert api.post("/tickets", TICKET, key="key-00001").status_code == 201


def test_a_body_over_the_limit_is_refused_unread(untouched: Api) -> None:
    assert problem(untouched.post("/tickets", {"service": "x" * 70_000})) == (413, "too_large")


def test_a_closed_hall_says_so(api: Api) -> None:
    ticket = api.post("/tickets", TICKET).get_json()["id"]
    api.post("/day/close", {"despite": "we close"})
    rows = api.rows()
    assert problem(api.post("/tickets", TICKET)) == (409, "day_closed")
    assert problem(api.post("/windows/1/next")) == (409, "day_closed")
    assert problem(api.post(f"/tickets/{ticket}/cancel")) == (409, "illegal_move")
    assert api.rows() == rows


def test_methods_that_do_not_exist_are_problems_too(untouched: Api) -> None:
    assert problem(untouched.call("admin", "PUT", "/tickets")) == (405, "method_not_allowed")
    assert problem(untouched.get("/windows/1/next")) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "path",
    [
        "/appointments?day=9999-12-31", "/appointments?day=2026-W47-7", "/forecast?day=0001-01-01",
        "/forecast?day=20261122", "/ratings?from=9999-12-31&to=9999-12-31",
    ],
)  # fmt: skip
def test_a_day_that_no_hall_has_is_none_and_nobodys_mistake_but_the_askers(untouched: Api, path: str) -> None:
    assert problem(untouched.get(path)) == (400, "invalid")
    booking = {"service": "id", "at": "9999-12-31T10:30", "name": "Li", "contact": "13800001234"}
    assert problem(untouched.post("/appointments", booking)) == (400, "invalid")


def test_what_broke_here_is_not_said_to_be_missing() -> None:
    assert problem(cast(TestResponse, http_problem(InternalServerError()))) == (500, "broken")


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "²", "9" * 16])
def test_a_journal_page_needs_a_number(untouched: Api, after: str) -> None:
    assert problem(untouched.get(f"/journal?after={after}")) == (400, "invalid")


def test_a_ticket_goes_its_way_through_the_api(api: Api) -> None:
    issued = api.post("/tickets", TICKET | {"language": "en"}, "kiosk").get_json()
    ticket = issued.pop("id")
    assert issued.pop("issued_at").endswith("Z")
    assert issued.pop("url").startswith("http://127.0.0.1:8800/t/")
    slip = {"state": "owed", "printer": "printer1", "kiosk": "K1", "copied": False, "reason": None}
    assert issued == {
        "label": "A001", "service": "id", "state": "waiting", "ahead": 0, "estimate": {"point_s": 0, "upper90_s": 0},
        "window": None, "calls": 0, "language": "en", "slip": slip, "to": None, "later": 0,
        "appointments": 0, "risen": None,
    }  # fmt: skip
    states = [_state(api.post(f"/windows/1/{move}")) for move in ("next", "start", "finish")]
    assert states == [("called", "1"), ("serving", "1"), ("done", None)]
    assert _state(api.get(f"/tickets/{ticket}")) == ("done", None)
    kinds = [row["kind"] for row in api.get("/journal").get_json()["rows"]][-5:]
    assert kinds == ["TicketIssued", "SlipOwed", "TicketCalled", "TicketStarted", "TicketFinished"]


def test_a_station_is_granted_a_claim_once_and_only_for_its_own_devices(api: Api) -> None:
    api.post("/tickets", TICKET, "kiosk")
    slip = api.server.desk.look(lambda hall: next(iter(hall.slips)))
    claim = {"slips": [{"slip": slip, "printer": "printer1", "attempt": 1, "outcome": "claim"}]}
    report = "/stations/K1/reports"
    assert api.post(report, claim, "kiosk", key="k" * 64).get_json() == {"granted": [slip], "presses": []}
    assert api.post(report, claim, "kiosk", key="k" * 64).get_json() == {"granted": [slip], "presses": []}
    assert api.post(report, claim, "kiosk").get_json() == {"granted": [], "presses": []}
    foreign = {"health": [{"device": "sign1", "state": "ok"}]}
    rows = api.rows()
    assert problem(api.post(report, foreign, "kiosk")) == (404, "unknown_device")
    assert problem(api.post("/stations/hall/reports", foreign, "kiosk")) == (403, "forbidden")
    assert api.rows() == rows
    assert api.post("/stations/hall/reports", foreign, "station").status_code == 200
    longest = api.server.journal.rows()
    assert max(len(row.request_id or "") for row in longest) <= 80, "wider than the column on PostgreSQL"


def test_the_board_is_fetched_again_only_when_it_changed(api: Api) -> None:
    first = api.get("/board", role=None)
    etag = first.headers["ETag"]
    board = json.loads(first.data)
    assert etag == f'"{board["epoch"]}-{board["rev"]}"'
    assert (first.headers["Cache-Control"], "Set-Cookie" in first.headers) == ("no-cache", False)
    same = api.get("/board", role=None, headers={"If-None-Match": etag})
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", etag)
    assert api.get("/board", role=None, headers={"If-None-Match": '"0-0"'}).status_code == 200


def _state(response: TestResponse) -> tuple[str, str | None]:
    value = response.get_json()
    return value["state"], value["window"]


def test_a_look_at_a_redirect_says_what_the_redirect_then_does(api: Api) -> None:
    api.post("/tickets", TICKET, "kiosk")
    seen = api.get("/windows/1/redirect/preview", "clerk").get_json()
    assert (seen["state"], seen["window"], seen["waiting"]) == ("possible", "1", 1)
    done = api.post("/windows/1/redirect", {"reason": "drill"}).get_json()
    assert done["to"] == seen["to"] != []
    after = api.get("/windows/1/redirect/preview", "maintenance").get_json()
    assert after == {**seen, "rev": after["rev"], "state": "in_force", "reason": "manual"}
    assert api.get("/windows/99/redirect/preview").status_code == 404
