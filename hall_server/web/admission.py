"""Admission: what is refused before any framework sees it. Hosts, origins, sizes, connections."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

from hall_server.web.api.problems import MEDIA_TYPE, problem

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

LOOPBACK = ("127.0.0.1", "::1", "localhost")
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


class Admission:
    """A WSGI layer around the whole server."""

    def __init__(self, app: Application, hosts: Iterable[str], body_bytes: int, per_address: int) -> None:
        self._app = app
        self._hosts = frozenset((*LOOPBACK, *(host.lower() for host in hosts if host)))
        self._body_bytes = body_bytes
        self._per_address = per_address
        self._open: Counter[str] = Counter()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Refuse, or let through and count."""
        why = self._refusal(environ)
        if why is not None:
            answer = problem(*why)
            body = answer.body.encode()
            headers = [("Content-Type", MEDIA_TYPE), ("Content-Length", str(len(body))), ("Connection", "close")]
            start_response(f"{answer.status} Refused", headers)
            return [body]
        address = str(environ.get("REMOTE_ADDR", ""))
        if address in LOOPBACK:
            return self._app(environ, start_response)
        self._open[address] += 1
        try:
            return self._app(environ, start_response)
        finally:
            self._open[address] -= 1
            self._open += Counter()  # forgets addresses that are down to zero

    def _refusal(self, environ: Environ) -> tuple[str, str] | None:
        host = str(environ.get("HTTP_HOST", ""))
        if _place(f"//{host}")[0] not in self._hosts:
            return "forbidden", "This server is not called that: name its address under hosts in the settings."
        origin = environ.get("HTTP_ORIGIN")
        sensitive = str(environ["REQUEST_METHOD"]).upper() in UNSAFE or environ["PATH_INFO"].startswith("/socket.io")
        if origin and sensitive and _place(str(origin))[1] != host.lower():
            return "origin", "Requests from pages of other sites are refused."
        if environ.get("HTTP_TRANSFER_ENCODING"):
            return "too_large", "Send a Content-Length."
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdecimal() or int(length) > self._body_bytes:
            return "too_large", f"A request may have {self._body_bytes} bytes at most."
        address = str(environ.get("REMOTE_ADDR", ""))
        if self._open[address] >= self._per_address and address not in LOOPBACK:
            return "rate_limited", "Too many connections from this address."
        return None


def _place(url: str) -> tuple[str, str]:
    """A URL's host without and with its port; both empty when it is no URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return (parts.hostname or "").lower(), parts.netloc.lower()
