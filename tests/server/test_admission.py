"""Admission: what is refused before any framework sees it."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from hall_server.web.admission import Admission, Application

HALL_HOST = "hall.lan"


def inside(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [])
    return [b"inside"]


def ask(
    method: str = "GET", path: str = "/tv", *, app: Application = inside, peer: str = "127.0.0.1", **headers: str
) -> tuple[int, str]:
    """Status, and the code of the problem or 'inside'."""
    admission = app if isinstance(app, Admission) else Admission(app, [HALL_HOST], 1000, 2)
    said = {"Host": "127.0.0.1:8800"} | {name.replace("_", "-"): value for name, value in headers.items()}
    environ = EnvironBuilder(
        path, method=method, headers=Headers(said), environ_base={"REMOTE_ADDR": peer}
    ).get_environ()
    if "Content_Length" in headers:
        environ["CONTENT_LENGTH"] = headers["Content_Length"]
    body, status, _ = run_wsgi_app(admission, environ)
    text = b"".join(body).decode()
    return int(status.split()[0]), text if text == "inside" else json.loads(text)["code"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.0.0.1:8800", "localhost:1", "[::1]:8800", "HALL.lan:80", "hall.lan"]
)
def test_our_own_names_are_let_in(host: str) -> None:
    assert ask(Host=host) == (200, "inside")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "evil@hall.lan.example", "", "[", "[::1", "hall.lan.", "]["]
)
@pytest.mark.parametrize("path", ["/tv", "/api/v1/board", "/socket.io/"])
def test_a_foreign_name_is_refused_everywhere(host: str, path: str) -> None:
    assert ask(path=path, Host=host) == (403, "forbidden")


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://[", "http://127.0.0.1:8800.evil.example"]
)
def test_pages_of_other_sites_neither_post_nor_open_sockets(origin: str) -> None:
    assert ask("POST", "/api/v1/tickets", Origin=origin) == (403, "origin")
    assert ask("GET", "/socket.io/", Origin=origin) == (403, "origin")
    assert ask("GET", "/tv", Origin=origin) == (200, "inside")


def test_our_own_pages_post_and_open_sockets() -> None:
    assert ask("POST", "/api/v1/tickets", Origin="http://127.0.0.1:8800") == (200, "inside")
    assert ask("GET", "/socket.io/", Origin="http://127.0.0.1:8800") == (200, "inside")
    assert ask("POST", "/api/v1/tickets") == (200, "inside")


@pytest.mark.parametrize("length", ["1001", "99999999999999", "-1", "abc", "1e3"])
def test_a_body_too_large_or_of_unknown_size_is_refused(length: str) -> None:
    assert ask("POST", "/api/v1/tickets", Content_Length=length) == (413, "too_large")


def test_a_body_up_to_the_limit_is_let_in_and_a_chunked_one_never() -> None:
    assert ask("POST", Content_Length="1000") == (200, "inside")
    assert ask("POST", Transfer_Encoding="chunked") == (413, "too_large")


def test_one_address_has_so_many_connections_and_loopback_is_exempt() -> None:
    seen: list[tuple[int, str]] = []

    def nested(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if len(seen) < 3:
            seen.append((0, ""))
            seen.append(ask(app=admission, peer=str(environ["REMOTE_ADDR"])))
        return inside(environ, start_response)

    admission = Admission(nested, [], 1000, 1)
    assert ask(app=admission, peer="10.0.0.7") == (200, "inside")
    assert seen[1] == (429, "rate_limited")
    assert ask(app=admission, peer="10.0.0.7") == (200, "inside"), "the count came back to zero"
    seen.clear()
    assert ask(app=admission, peer="127.0.0.1") == (200, "inside")
    assert (429, "rate_limited") not in seen
