"""One server per data folder: a lock that the system lets go when its holder dies, however it dies."""

import sqlite3
from pathlib import Path

BUSY_S = 0.2  # how long to wait for a holder that is just leaving


class NotReady(Exception):
    """The server cannot start; the message is one clear sentence."""


def hold(home: Path) -> sqlite3.Connection:
    """Take the lock of a data folder, held until the connection is closed. Raises ``NotReady``."""
    path = home / "lock.sqlite3"
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as busy:
        if "locked" in str(busy):
            raise NotReady(f"Another hallcall server is running on {home.absolute()}: stop it first.") from busy
        raise NotReady(f"The data folder {home.absolute()} cannot be written: {busy}.") from busy
    except OSError as trouble:
        raise NotReady(f"The data folder {home.absolute()} cannot be written: {trouble.strerror}.") from trouble
    return lock
