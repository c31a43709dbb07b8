"""The real server program over a fresh hall whose day is open."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import Program, free_port


@contextmanager
def open_hall(home: Path, settings: str = HALL) -> Iterator[Program]:
    """Runs it in an empty folder until it is left."""
    write_settings(home, settings)
    fresh_database(home / "hall.sqlite3")
    running = Program(home, free_port())
    running.start()
    running.post("/day/open")
    yield running
    running.stop()
