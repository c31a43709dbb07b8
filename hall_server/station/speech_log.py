"""The station's log of announcements: which were begun here, and outcomes that the hall does not know yet."""

import threading
import time
from collections.abc import Iterable
from pathlib import Path

from hall_server.contract import SpokenReport
from hall_server.station.durable import open_file

BEGUN, DONE = "begun", "done"
KEEP_S = 24 * 3600  # the hall settles what nobody tells it within a minute; a day is for whoever looks for a mistake
SCHEMA = """
CREATE TABLE IF NOT EXISTS speech (
    device TEXT NOT NULL, announcement TEXT NOT NULL, stage TEXT NOT NULL, spoken INTEGER NOT NULL DEFAULT 0,
    evidence TEXT NOT NULL DEFAULT '', known INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL,
    PRIMARY KEY (device, announcement)
) STRICT
"""
PUT = """
INSERT INTO speech (device, announcement, stage, spoken, evidence, at) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (device, announcement) DO UPDATE
    SET stage = excluded.stage, spoken = excluded.spoken, evidence = excluded.evidence
    WHERE speech.stage = 'begun'
"""


class SpeechLog:
    """Announcements by device and id, in the station's own file; each call is on disk when it returns."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = open_file(path, SCHEMA)
        # Real time, because it is compared across restarts.
        self._db.execute("DELETE FROM speech WHERE at < ?", (time.time() - KEEP_S,))

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def recover(self) -> int:
        """At start: nobody knows how much was heard of what was being said; answers how many there were."""
        with self._lock:
            return self._db.execute(
                "UPDATE speech SET stage = ?, evidence = 'the station stopped while it was being said' WHERE stage = ?",
                (DONE, BEGUN),
            ).rowcount

    def stage(self, device: str, announcement: str) -> str | None:
        """How far an announcement came here, or None when it was never begun."""
        with self._lock:
            row = self._db.execute(
                "SELECT stage FROM speech WHERE device = ? AND announcement = ?", (device, announcement)
            ).fetchone()
        return None if row is None else str(row[0])

    def begin(self, device: str, announcement: str) -> None:
        """The first byte is about to leave."""
        self._put(device, announcement, BEGUN, SpokenReport(device=device, announcement=announcement, spoken=False))

    def outcome(self, report: SpokenReport) -> None:
        """What became of it; the first one stands."""
        self._put(report.device, report.announcement, DONE, report)

    def unknown_to_hall(self) -> tuple[SpokenReport, ...]:
        """Outcomes that the hall has not acknowledged, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT device, announcement, spoken, evidence FROM speech WHERE known = 0 AND stage = ? "
                "ORDER BY at LIMIT 50",
                (DONE,),
            ).fetchall()
        return tuple(
            SpokenReport(device=device, announcement=announcement, spoken=bool(spoken), evidence=evidence)
            for device, announcement, spoken, evidence in rows
        )

    def known(self, reports: Iterable[SpokenReport]) -> None:
        """The hall has acknowledged these outcomes."""
        rows = [(one.device, one.announcement) for one in reports]
        with self._lock:
            self._db.executemany("UPDATE speech SET known = 1 WHERE device = ? AND announcement = ?", rows)

    def _put(self, device: str, announcement: str, stage: str, report: SpokenReport) -> None:
        row = (device, announcement, stage, int(report.spoken), report.evidence, time.time())
        with self._lock:
            self._db.execute(PUT, row)
