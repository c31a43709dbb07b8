"""What ill-meaning or broken callers send to the API and to sockets: refused in words, nothing changed."""

import json
from pathlib import Path
from typing import Any

import pytest
import socketio
from werkzeug.test import Client

from hall_server.offline import printable
from tests.server.halls import HALL, HERE, Api, open_api, problem
from tests.server.program import Program

DEEP = b"[" * 60_000


@pytest.mark.parametrize("body", [DEEP, b"[" * 5000 + b"]" * 5000, b'{"code":"\\ud800"}', b'{"code":"\xff"}'])
def test_a_sign_in_that_nobody_can_read_is_an_answer_and_no_crash(api: Api, body: bytes) -> None:
    said = {"Content-Type": "application/json"}
    answer = Client(api.server.wsgi).open("/login", method="POST", data=body, headers=said, environ_base=HERE)
    assert answer.status_code in (400, 401)


@pytest.mark.parametrize(
    ("path", "raw"),
    [
        ("/windows/1/absent", b'{"force":"yes"}'),
        ("/windows/1/absent", b'{"force":1}'),
        ("/devices/scanner2/fault", b'{"note":"\xff"}'),
    ],
)
def test_bytes_that_are_no_text_and_values_of_another_kind_are_refused(api: Api, path: str, raw: bytes) -> None:
    before = api.rows()
    assert problem(api.post(path, raw=raw)) == (400, "invalid")
    assert api.rows() == before


def test_what_people_wrote_is_shown_in_a_terminal_but_never_obeyed() -> None:
    written = {"note": "字 \u009b31m \u202egnp.exe \x1b[2J \U000e0001"}
    shown = printable(json.dumps(written, ensure_ascii=False))
    assert (shown.isprintable(), "字" in shown, json.loads(shown)) == (True, True, written)


@pytest.mark.parametrize("ms", [b"NaN", b"Infinity", b"-1", b"1e999", b'"5"'])
def test_a_receipt_takes_a_real_time(api: Api, ms: bytes) -> None:
    raw = b'{"shown":[{"device":"sign1","content_id":"call-1","ms":' + ms + b"}]}"
    assert problem(api.post("/stations/hall/reports", raw=raw, role="station")) == (400, "invalid")


def test_a_method_in_small_letters_is_no_way_round_the_origin(api: Api) -> None:
    said = {
        "Origin": "http://evil.example",
        "Authorization": f"Bearer {api.tokens['admin']}",
        "Idempotency-Key": "k" * 8,
    }
    environ = HERE | {"REQUEST_METHOD": "post"}
    answer = Client(api.server.wsgi).open(
        "/api/v1/tickets", method="POST", data=b'{"service":"id"}', headers=said, environ_base=environ,
        environ_overrides={"REQUEST_METHOD": "post"},
    )  # fmt: skip
    assert problem(answer) == (403, "origin")


def test_a_kiosk_speaks_only_for_its_own_tickets(api: Api) -> None:
    ticket = api.post("/tickets", {"service": "id", "kiosk": "K1"}).get_json()["id"]
    other = api.server.desk.grant("token", "kiosk", "K2", None, "test")
    for method, path in (("GET", ""), ("POST", "/cancel"), ("POST", "/slip")):
        body = {"got": True} if path == "/slip" else None
        assert problem(api.call(other, method, f"/tickets/{ticket}{path}", body or {})) == (403, "forbidden")
    assert api.get(f"/tickets/{ticket}", "kiosk").get_json()["state"] == "waiting"
    assert api.post(f"/tickets/{ticket}/cancel", {}, "kiosk").get_json()["state"] == "cancelled"


def test_a_repeated_request_gets_its_ticket_although_the_kiosk_may_take_no_other_yet(tmp_path: Path) -> None:
    slow = HALL.replace("issue_every_s = 0\nissue_burst = 1000", "issue_every_s = 3600\nissue_burst = 1")
    api = open_api(tmp_path / "home", slow)
    first = api.post("/tickets", {"service": "id"}, "kiosk", key="the-first-key")
    assert first.status_code == 201
    again = api.post("/tickets", {"service": "id"}, "kiosk", key="the-first-key")
    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert problem(api.post("/tickets", {"service": "id"}, "kiosk", key="another-key")) == (429, "rate_limited")
    api.server.stop()


def test_half_a_character_for_a_token_opens_no_staff_socket(program: Program) -> None:
    """A crash while somebody is let in would leave him inside: he would hear what staff hear."""
    client = socketio.Client(reconnection=False, json=_Raw)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(
            program.url, auth={"token": "\ud800"}, namespaces=["/staff"], transports=["websocket"], wait_timeout=10
        )
    assert client.failed_namespaces == ["/staff"]
    client.disconnect()


class _Raw:
    """JSON that escapes every character, so that half of one gets through."""

    @staticmethod
    def dumps(value: Any, **more: Any) -> str:
        return json.dumps(value, **(more | {"ensure_ascii": True}))

    loads = staticmethod(json.loads)
