"""How stations and kiosks keep what must outlive a power cut: one SQLite file, each change on disk when it returns."""

import sqlite3
from pathlib import Path


def open_file(path: Path, *tables: str) -> sqlite3.Connection:
    """The file with these tables, made where they are missing; for several threads that take turns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    for table in tables:
        db.execute(table)
    return db
