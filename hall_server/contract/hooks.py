"""The messages about webhooks: how each one does, and what may be asked of it."""

from typing import Literal

from pydantic import Field

from hall_server.contract.messages import Message

HookCause = Literal["", "no_secret", "refused", "silent", "unknown_host", "certificate", "broken", "status"]
HookState = Literal["ok", "retrying", "stopped", "no_secret", "waiting"]


class HookRow(Message):
    """A webhook: where it goes (no path: it may hold a secret), how it does, and how far behind it is.

    ``behind`` counts rows of the journal, ``since`` is when the oldest of them was written. ``refused`` were not
    accepted by the receiver, ``dropped`` grew too old. ``cause`` is the kind of the last trouble, ``last``
    when a message was taken.
    """

    id: str
    to: str
    events: tuple[str, ...]
    state: HookState
    behind: int
    since: str | None = None
    seq: int
    delivered: int = 0
    refused: int = 0
    dropped: int = 0
    tries: int = 0
    cause: HookCause = ""
    trouble: str = ""
    next_try: str | None = None
    last: str | None = None


class Hooks(Message):
    """All webhooks of this server."""

    webhooks: tuple[HookRow, ...]


class ReplayRequest(Message):
    """Send everything from this row of the journal on once more, with the same ids."""

    seq: int = Field(ge=1)


class HookTried(Message):
    """What came of a test: the receiver's status, or why there is none."""

    delivered: bool
    status: int | None = None
    trouble: str = ""
