"""A server as a process of its own with its day open, and beside it a station that has the hall's cables."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hall_server.station import LinkState, Station
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port


@contextmanager
def cabled(home: Path, settings: str, station_home: Path, recover_s: float) -> Iterator[Program]:
    """The server while both run; a good device counts as well again after ``recover_s``."""
    write_settings(home, settings)
    fresh_database(home / "hall.sqlite3")
    server = Program(home, free_port())
    server.start()
    server.post("/day/open")
    linked = threading.Event()
    station = Station(
        "hall", server.url, server.token("station", "hall"), station_home, recover_s=recover_s,
        on_link=lambda state: linked.set() if state is LinkState.UP else None,
    )  # fmt: skip
    station.start()
    assert linked.wait(60)
    yield server
    station.stop()
    server.stop()
