"""Queues of CUPS and Windows as settings name them; that they are right can be seen without a printer's commands."""

import sys
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from drivers.escpos.profile import Profile

SPOOLERS = ("cups", "win32")
OPTIONS = ("width", "feed_units", "mode")  # the others are about answers, and a queue gives none


def command(url: str) -> list[str]:
    """The program and arguments that take a slip for the queue of ``url``. Raises ``ValueError``."""
    parts = urlsplit(url)
    queue = unquote(parts.netloc + parts.path)
    if parts.query or not queue.strip() or not queue.isprintable() or queue.startswith("-"):
        raise ValueError(f"{url!r} names no queue; write {parts.scheme}://NAME, with %20 for a blank")
    if parts.scheme == "cups":
        return ["lp", "-d", queue, "-o", "raw", "-t", "ticket"]
    return [sys.executable, "-m", "drivers.winspool", queue]


def profile_of(options: Mapping[str, str]) -> Profile:
    """What slips for a queue look like. Raises ``ValueError`` for options that only an answer could use."""
    profile = Profile.parse(options)
    if extra := sorted(set(options) - set(OPTIONS)):
        raise ValueError(f"printer option {extra[0]!r} is about answers, and a queue gives none")
    return profile
