"""One signed POST to a receiver, and its status; nothing is followed, and nobody is waited for longer than said."""

import hmac
import re
import time
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from hall_server.contract.hooks import HookCause

CONNECT_S = 5.0  # a receiver on the same network answers within milliseconds
ANSWER_S = 10.0  # whoever needs longer should take the message first and work on it afterwards
LINE_BYTES = 4096  # the first line of an answer has a few dozen

Trouble = (OSError, HTTPException)
# By the name of what was raised, or of what it is a kind of.
CAUSES: Mapping[str, HookCause] = {
    "ConnectionRefusedError": "refused",
    "TimeoutError": "silent",
    "gaierror": "unknown_host",
    "SSLError": "certificate",
}


def signed(secret: bytes, body: bytes, at: int) -> str:
    """The signature header: when it was signed (Unix seconds), and HMAC-SHA256 over that, a dot and the body."""
    return f"t={at},v1={hmac.new(secret, b'%d.%s' % (at, body), 'sha256').hexdigest()}"


def cause(trouble: BaseException) -> HookCause:
    """What kind of trouble it is, as pages tell it."""
    kinds = (kind.__name__ for kind in type(trouble).__mro__)
    return next((CAUSES[name] for name in kinds if name in CAUSES), "broken")


def reach(url: str) -> None:
    """Open a connection to the receiver, ask nothing, and close it. Raises one of ``Trouble``."""
    connection = _connection(url)
    try:
        connection.connect()
    finally:
        connection.close()


def _connection(url: str) -> HTTPConnection:
    parts = urlsplit(url)
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    return make(parts.hostname or "", parts.port, timeout=CONNECT_S)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a message; the status of the answer. Raises one of ``Trouble``."""
    parts, until = urlsplit(url), time.monotonic() + ANSWER_S
    connection = _connection(url)
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        return _status(connection.sock, until)
    finally:
        connection.close()


def _status(wire: Any, until: float) -> int:
    """Only the first line is read, by one clock: a receiver that sends a byte now and then gains nothing."""
    read = b""
    while b"\n" not in read:
        left_s = until - time.monotonic()
        if left_s <= 0:
            raise TimeoutError("no answer in time")
        wire.settimeout(left_s)
        more = wire.recv(LINE_BYTES)
        if not more or len(read) > LINE_BYTES:
            raise ConnectionError("closed without an answer")
        read += more
    found = re.match(rb"HTTP/1\.[01] ([1-5][0-9][0-9])[ \r\n]", read)
    if found is None:
        raise ConnectionError("the answer is not HTTP")
    return int(found[1])
