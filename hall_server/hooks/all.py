"""All webhooks of a server: started, told that the journal has grown, asked how they do."""

import logging
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hall_server.contract.hooks import HookRow, HookTried
from hall_server.hooks.cursor import Cursors
from hall_server.hooks.sender import Sender
from hall_server.hooks.source import Source
from hall_server.journal import Journal, JournalError
from hall_server.settings.hooks import NoSecret, WebhookSettings, secret_of
from hall_server.writer import MISTAKES

LOG = logging.getLogger(__name__)
AGAIN_S = 2.0  # after trouble with the journal or the disk


class Webhooks:
    """Each webhook has a task of its own: a receiver that hangs delays nobody else."""

    def __init__(
        self, hooks: Sequence[WebhookSettings], home: Path, journal: Journal, run_native: Callable[..., Any],
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._source = Source(journal, Cursors(home), run_native)
        self._senders = {hook.id: _sender(hook, home, self._source, clock) for hook in hooks}

    def start(self, spawn: Callable[..., Any], sleep: Callable[[float], Any]) -> None:
        """Begin to send, each webhook in its own task."""
        for sender in self._senders.values():
            spawn(_work, sender, sleep)

    def grown(self, seq: int) -> None:
        """The journal has grown to this row."""
        self._source.newest = max(self._source.newest, seq)

    def rows(self) -> tuple[HookRow, ...]:
        """How they do."""
        return tuple(sender.row() for sender in self._senders.values())

    def test(self, hook: str) -> HookTried | None:
        """Try one; None: there is no such webhook."""
        sender = self._senders.get(hook)
        return sender.test(f"{self._source.hall}/test/{secrets.token_hex(8)}") if sender else None

    def replay(self, hook: str, seq: int) -> HookRow | None:
        """Send everything from a row on again; None: there is no such webhook."""
        sender = self._senders.get(hook)
        if sender is None:
            return None
        sender.replay(seq)
        return sender.row()


def _sender(hook: WebhookSettings, home: Path, source: Source, clock: Callable[[], float]) -> Sender:
    try:
        return Sender(hook, secret_of(hook, home), source, clock)
    except NoSecret as why:  # no reason for a hall not to open
        LOG.warning("webhook %s sends nothing: %s", hook.id, why)
        return Sender(hook, None, source, clock, cause="no_secret", trouble=str(why))


def _work(sender: Sender, sleep: Callable[[float], Any]) -> None:
    while True:
        try:
            pause_s = sender.step()
        except (JournalError, OSError) as trouble:
            LOG.warning("webhook %s waits: %s", sender.hook.id, trouble)
            pause_s = min(sender.stuck(str(trouble)), AGAIN_S)
        except MISTAKES:
            LOG.exception("webhook %s meets a mistake of ours; the others go on", sender.hook.id)
            pause_s = sender.stuck("a mistake of this program")
        _wait(sender, pause_s, sleep)


def _wait(sender: Sender, pause_s: float, sleep: Callable[[float], Any]) -> None:
    """A pause between tries ends early when somebody asks for a replay."""
    until = time.monotonic() + pause_s
    sleep(0)
    while (left_s := until - time.monotonic()) > 0 and not (sender.next_try is None and pause_s > AGAIN_S):
        sleep(min(left_s, AGAIN_S))
