"""A fresh database in no time: migrated once per test run, then copied."""

import tempfile
from functools import cache
from pathlib import Path

from hall_server.journal import Journal
from hall_server.migrations import migrate


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory(prefix="hallcall-empty-") as folder:
        path = Path(folder) / "hall.sqlite3"
        journal = Journal(f"sqlite:///{path}", "main")
        migrate(journal.writes)
        journal.close()  # the last connection folds the write-ahead log into the file
        return path.read_bytes()


def fresh_database(path: Path) -> None:
    """Put an empty database of the newest schema there, unless there is one."""
    if not path.exists():
        path.write_bytes(_empty())
