"""Talk to the server that runs on this machine, as the machine's own administrator."""

import json
import secrets
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import click

from hall_server.settings import Settings

ADDRESS_FILE = "server.url"  # where the server of a folder listens, written by itself for as long as it runs
TOKEN_FILE = "admin.token"
WITHIN_S = 5.0  # what a server on the same machine needs for anything but a test of somebody else
_AS_IT_IS = "/?&=%"  # of a path; whatever else a person has typed into it is written so that it names nothing else


def call(
    base: str, token: str, method: str, path: str, body: dict[str, Any] | None = None, within_s: float = WITHIN_S
) -> Any:  # fmt: skip
    """One call to a server. Raises ``URLError`` when it does not answer, ``HTTPError`` when it refuses."""
    request = Request(  # noqa: S310 - the scheme is ours
        f"{base}{quote(path, safe=_AS_IT_IS)}",
        method=method,
        data=json.dumps(body or {}).encode() if method == "POST" else None,
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(16)},
    )
    with urlopen(request, timeout=within_s) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def url_of(settings: Settings) -> str:
    """How programs on this machine reach the server."""
    host = settings.server.host
    return f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{settings.port}"  # noqa: S104 - compared, not bound


def problem_of(error: HTTPError) -> str:
    """The sentence of a problem answer."""
    try:
        return str(json.loads(error.read()).get("detail") or error)
    except ValueError:
        return str(error)


def ask_server(
    home: Path, method: str, path: str, body: dict[str, Any] | None = None, within_s: float = WITHIN_S
) -> Any:  # fmt: skip
    """Ask the running server as its own machine's administrator; None when no server runs here.

    Raises ``click.ClickException`` with the server's own sentence when it refuses.
    """
    try:
        token, base = (home / TOKEN_FILE).read_text("ascii"), (home / ADDRESS_FILE).read_text("ascii")
        return call(base, token, method, path, body, within_s) or {}
    except HTTPError as refused:
        if refused.code == HTTPStatus.UNAUTHORIZED:
            return None  # ours was killed, and another hall's server has its port now
        raise click.ClickException(problem_of(refused)) from refused
    except (OSError, URLError):
        return None


def need_server(
    home: Path, method: str, path: str, body: dict[str, Any] | None = None, within_s: float = WITHIN_S
) -> Any:  # fmt: skip
    """The same for what only a running server can do. Raises ``click.ClickException`` also when none runs here."""
    answer = ask_server(home, method, path, body, within_s)
    if answer is None:
        raise click.ClickException("No server runs on this folder: start it first.")
    return answer
