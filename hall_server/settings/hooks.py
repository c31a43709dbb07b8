"""[[webhook]] of hallcall.toml: which program outside hears of what, and where its secret is kept."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints

from hall_server.core.outward import EVENTS
from hall_server.settings.checks import Raw, Where, meant, rows
from hall_server.settings.tables import Id, Table

PRIVATE = 0o077  # what nobody but the owner of a file with a secret may do
SHORTEST = 16  # characters of a secret: fewer can be guessed from one message


class WebhookSettings(Table):
    """A receiver. Its secret stands in the environment or in a file that only its owner can read, never here."""

    id: Id
    url: Annotated[str, StringConstraints(max_length=400)]
    events: tuple[Id, ...] = Field(min_length=1)
    secret_env: Annotated[str, StringConstraints(pattern=r"^([A-Z_][A-Z0-9_]{0,63})?$")] = ""
    secret_file: Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9][A-Za-z0-9._-]{0,63})?$")] = ""
    keep_h: int = Field(default=72, ge=1, le=31 * 24)


class NoSecret(Exception):
    """A webhook's secret cannot be read; the message says why, and nothing of the secret."""


def secret_of(hook: WebhookSettings, home: Path) -> bytes:
    """The secret that its messages are signed with. Raises ``NoSecret``."""
    if hook.secret_env:
        secret = os.environ.get(hook.secret_env, "")
        where = f"the environment variable {hook.secret_env}"
    else:
        secret, where = _in_file(home / hook.secret_file), f"the file {hook.secret_file}"
    if len(secret) < SHORTEST:
        raise NoSecret(f"{where} holds no secret of at least {SHORTEST} characters")
    return secret.encode()


def _in_file(path: Path) -> str:
    try:
        if os.name == "posix" and path.stat().st_mode & PRIVATE:
            raise NoSecret(f"others can read the file {path.name}: chmod 600 {path.name}")
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as trouble:
        raise NoSecret(f"the file {path.name} cannot be read as text") from trouble


def hook_checks(raw: Raw) -> list[tuple[Where, str]]:
    """Mistakes in the webhooks, with the place of each. What stands in a URL is not repeated: it may be a secret."""
    return [found for number, row in rows(raw, "webhook") for found in _mistakes(number, row)]


def _mistakes(number: int, row: Raw) -> Iterator[tuple[Where, str]]:
    where: Where = ("webhook", number)
    if isinstance(row.get("url"), str) and not _is_receiver(row["url"]):
        yield (*where, "url"), "url must be http://HOST/PATH or https://HOST/PATH, without a name and password."
    if bool(row.get("secret_env")) is bool(row.get("secret_file")):
        yield where, "say where its secret is: either secret_env or secret_file."
    events = row.get("events")
    for event in events if isinstance(events, list) else ():
        if event not in EVENTS:
            yield (*where, "events"), f"there is no event {event!r}: {', '.join(EVENTS)}.{meant(str(event), EVENTS)}"


def _is_receiver(url: str) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and " " not in url
    return (
        plain and parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and port != 0
    )
