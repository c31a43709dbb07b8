"""What a webhook reads and keeps: the journal and its cursor, each on a real thread, so that the loop never waits."""

from collections.abc import Callable
from typing import Any

from hall_server.hooks.cursor import Cursor, Cursors
from hall_server.journal import Journal, Row
from hall_server.records.device_rows import labels

ROWS_AT_ONCE = 500


class Source:
    """The journal as all webhooks of a server see it; ``newest`` is the last row that is known to be there."""

    def __init__(self, journal: Journal, cursors: Cursors, run_native: Callable[..., Any]) -> None:
        self.hall, self.cursors = journal.hall, cursors
        self._journal, self._native = journal, run_native
        self.newest = 0

    def head(self) -> tuple[int, int]:
        """The life of the database, and where the journal ends. Raises ``JournalError``."""
        head = self._native(self._journal.head)
        self.newest = max(self.newest, head.seq)
        return head.epoch, head.seq

    def rows(self, after: int) -> list[Row]:
        """Some rows after a number, in order. Raises ``JournalError``."""
        found: list[Row] = self._native(lambda: list(self._journal.rows(after, ROWS_AT_ONCE)))
        return found

    def label(self, ticket: str, around: int) -> str:
        """What stands on a ticket's slip; empty when it was issued too long ago. Raises ``JournalError``."""
        found: dict[str, str] = self._native(labels, self._journal, (ticket,), around)
        return found.get(ticket, "")

    def keep(self, hook: str, cursor: Cursor) -> None:
        """Raises ``OSError``."""
        self._native(self.cursors.write, hook, cursor)
