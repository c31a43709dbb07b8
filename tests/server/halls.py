"""A whole server for tests: its settings, its API in this process, and callers of every role."""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import Client, TestResponse

from hall_server.app import Hosting, Server, build
from hall_server.settings import FILE, load
from tests.server.databases import fresh_database

COUNTER = """
[limits]
issue_every_s = 0
issue_burst = 1000
issue_per_s = 100000

[[service]]
id = "id"
prefix = "A"
zh = "身份证"
en = "ID card"

[[service]]
id = "tax"
prefix = "B"
zh = "税务"
en = "Tax"
"""
HALL = (
    """
[hall]
id = "main"
zh = "市民中心"
en = "Citizen Centre"
"""
    + COUNTER
    + """
[[service]]
id = "loans"
prefix = "C"
zh = "贷款"
en = "Loans"

[[kiosk]]
id = "K1"
zh = "一号机"
en = "Kiosk 1"
printer = "printer1"

[[device]]
id = "printer1"
kind = "printer"
zh = "打印机"
en = "Printer"
kiosk = "K1"
station = "K1"
url = "tcp://127.0.0.1:9"

[[device]]
id = "sign1"
kind = "sign"
zh = "一号屏"
en = "Sign 1"
window = "1"
url = "socket://127.0.0.1:7#1"

[[device]]
id = "scanner2"
kind = "asset"
zh = "高拍仪"
en = "Scanner"
window = "2"
"""
    + "".join(
        f'\n[[window]]\nid = "{w}"\nservices = ["id", "tax"{", " + repr("loans") if w == 6 else ""}]\n'
        for w in range(1, 7)
    )
)  # six windows; the last also gives loans

HERE = {"REMOTE_ADDR": "127.0.0.1"}
WHO: dict[str, tuple[str | None, str | None]] = {
    "kiosk": ("K1", None), "station": ("hall", None), "tv": ("tv1", None), "clerk": ("li", "1"),
    "manager": ("wang", None), "maintenance": ("zhao", None), "admin": ("root", None), "concierge": ("sun", None),
}  # fmt: skip


def write_settings(home: Path, text: str = HALL) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / FILE).write_text(text, "utf-8")


@dataclass
class Api:
    """The HTTP API of one server as callers of each role see it."""

    server: Server
    tokens: dict[str, str]

    def call(
        self, role: str | None, method: str, path: str, body: Any = None, *, key: str | None = None,
        raw: bytes | None = None, headers: dict[str, str] | None = None,
    ) -> TestResponse:  # fmt: skip
        """One request; POSTs carry a fresh key unless told otherwise (an empty one: none)."""
        said = dict(headers or {})
        if role is not None:
            said.setdefault("Authorization", f"Bearer {self.tokens.get(role, role)}")
        if method == "POST" and key != "":
            said["Idempotency-Key"] = key or secrets.token_hex(8)
        data = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        path = path if path.startswith("/api/") else f"/api/v1{path}"
        return Client(self.server.wsgi).open(path, method=method, data=data, headers=said, environ_base=HERE)

    def post(self, path: str, body: Any = None, role: str = "admin", **more: Any) -> TestResponse:
        return self.call(role, "POST", path, body, **more)

    def get(self, path: str, role: str | None = "admin", **more: Any) -> TestResponse:
        return self.call(role, "GET", path, **more)

    def rows(self) -> int:
        return self.server.journal.head().seq


def open_api(home: Path, text: str = HALL, hosting: Hosting | None = None) -> Api:
    """A server on a fresh home, with a token for each role and its day open."""
    write_settings(home, text)
    fresh_database(home / "hall.sqlite3")
    server = build(load(home / FILE), home, hosting or Hosting())
    tokens = {role: server.desk.grant("token", role, *WHO[role], "test") for role in WHO}
    api = Api(server, tokens)
    assert api.post("/day/open").status_code == 200
    return api


def problem(response: TestResponse) -> tuple[int, str]:
    """Status and code of an answer that has to be a problem document."""
    value = response.get_json(force=True)
    assert response.mimetype == "application/problem+json"
    assert {"type", "title", "status", "code", "detail"} <= set(value)
    assert (value["status"], value["type"]) == (response.status_code, f"/problems/{value['code']}")
    assert value["detail"]
    return response.status_code, value["code"]
