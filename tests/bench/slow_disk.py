"""The server as it is, on a disk whose every commit takes ten milliseconds more: an SD card, for the bench.

It sleeps on whatever thread commits, as a slow flush would, so a commit on the event loop would stop everybody.
"""

import sqlite3
from functools import partial
from typing import Any

from gevent import monkey

from hall_server import serve  # patches what needs patching while it is imported

SLOWER_S = 0.010
_sleep = monkey.get_original("time", "sleep")


class SlowCommits(sqlite3.Connection):
    """A connection on which every commit of something written waits for the disk."""

    def commit(self) -> None:
        """As the driver's, and later."""
        if self.in_transaction:
            _sleep(SLOWER_S)
        super().commit()

    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        """A commit in words is as slow."""
        if sql.strip().upper() == "COMMIT":
            _sleep(SLOWER_S)
        return super().execute(sql, *rest)


if __name__ == "__main__":
    connect: Any = partial(sqlite3.connect, factory=SlowCommits)
    sqlite3.dbapi2.connect = sqlite3.connect = connect
    serve.main(prog_name="hallcall serve")
