"""The station's own small log: which slips were started here, and outcomes and ratings unknown to the hall.

A row is written before the step that it names, so that after a power cut at any point the row tells what may
have happened: *claiming* nothing was sent; *sending* bytes may be on paper; an outcome is known.
"""

import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

from hall_server.contract import RatingReport, SlipReport
from hall_server.station.durable import open_file

Outcome = Literal["printed", "unconfirmed", "failed"]
CLAIMING: Final = "claiming"
REFUSED: Final = "refused"
SENDING: Final = "sending"
# Slips are never owed past their business day; two days cover a hall that is open over midnight.
KEEP_S = 2 * 24 * 3600

SCHEMA = """
CREATE TABLE IF NOT EXISTS slips (
    slip TEXT NOT NULL, attempt INTEGER NOT NULL, printer TEXT NOT NULL, stage TEXT NOT NULL,
    verdict TEXT NOT NULL DEFAULT '', faults TEXT NOT NULL DEFAULT '', evidence TEXT NOT NULL DEFAULT '',
    known INTEGER NOT NULL DEFAULT 0, at REAL NOT NULL, PRIMARY KEY (slip, attempt)
) STRICT
"""
RATINGS = """
CREATE TABLE IF NOT EXISTS ratings (
    ticket TEXT NOT NULL PRIMARY KEY, device TEXT NOT NULL, level INTEGER NOT NULL, at REAL NOT NULL
) STRICT
"""
PUT = """
INSERT INTO slips (slip, attempt, printer, stage, verdict, faults, evidence, known, at)
VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)
ON CONFLICT (slip, attempt) DO UPDATE SET stage = excluded.stage, verdict = excluded.verdict,
    faults = excluded.faults, evidence = excluded.evidence, known = 0
"""


class SlipLog:
    """Slips by (slip id, attempt); each call is on disk when it returns."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = open_file(path, SCHEMA, RATINGS)
        self._db.execute("DELETE FROM ratings WHERE at < ?", (time.time() - KEEP_S,))
        # Real time, because it is compared across restarts.
        self._db.execute("DELETE FROM slips WHERE (known = 1 OR stage = 'refused') AND at < ?", (time.time() - KEEP_S,))

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def recover(self) -> int:
        """At start: a slip that was being sent may be on paper; answers how many there were."""
        with self._lock:
            return self._db.execute(
                "UPDATE slips SET stage = 'unconfirmed', verdict = 'unknown', faults = 'ticket_unconfirmed', "
                "evidence = 'the station stopped while sending' WHERE stage = ?",
                (SENDING,),
            ).rowcount

    def stage(self, slip: str, attempt: int) -> str | None:
        """The last step of a slip here, or None when it never came this far."""
        with self._lock:
            row = self._db.execute("SELECT stage FROM slips WHERE slip = ? AND attempt = ?", (slip, attempt)).fetchone()
        return None if row is None else str(row[0])

    def paper(self, slip: str) -> tuple[str | None, str]:
        """The last step of the first try to print a slip, and its first fault."""
        with self._lock:
            row = self._db.execute("SELECT stage, faults FROM slips WHERE slip = ? AND attempt = 1", (slip,)).fetchone()
        return (None, "") if row is None else (str(row[0]), str(row[1]).partition(" ")[0])

    def step(self, slip: str, attempt: int, printer: str, stage: str) -> None:
        """Write a step that is not an outcome: claiming, refused or sending."""
        self._put(SlipReport(slip=slip, printer=printer, attempt=attempt, outcome="claim"), stage)

    def outcome(self, report: SlipReport) -> None:
        """Write the outcome; the first one stands, a later one for the same attempt is ignored."""
        if self.stage(report.slip, report.attempt) not in ("printed", "unconfirmed", "failed"):
            self._put(report, report.outcome)

    def unknown_to_hall(self) -> tuple[SlipReport, ...]:
        """Outcomes that the hall has not acknowledged, oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT slip, printer, attempt, stage, verdict, faults, evidence FROM slips "
                "WHERE known = 0 AND stage IN ('printed', 'unconfirmed', 'failed') ORDER BY at, slip LIMIT 50"
            ).fetchall()
        return tuple(
            SlipReport(
                slip=slip,
                printer=printer,
                attempt=attempt,
                outcome=stage,
                verdict=verdict,
                faults=tuple(faults.split()),
                evidence=evidence,
            )
            for slip, printer, attempt, stage, verdict, faults, evidence in rows
        )

    def known(self, reports: Iterable[SlipReport]) -> None:
        """The hall has acknowledged these outcomes."""
        self._mark(1, reports)

    def rated(self, report: RatingReport) -> None:
        """A customer's answer, until the hall knows it; the first one for a ticket stands."""
        row = (report.ticket, report.device, report.level, time.time())
        with self._lock:
            self._db.execute("INSERT OR IGNORE INTO ratings (ticket, device, level, at) VALUES (?, ?, ?, ?)", row)

    def ratings(self) -> tuple[RatingReport, ...]:
        """Answers of customers that the hall does not know yet, oldest first."""
        with self._lock:
            rows = self._db.execute("SELECT device, ticket, level FROM ratings ORDER BY at LIMIT 50").fetchall()
        return tuple(RatingReport(device=device, ticket=ticket, level=level) for device, ticket, level in rows)

    def ratings_known(self, reports: Iterable[RatingReport]) -> None:
        """The hall knows these."""
        with self._lock:
            self._db.executemany("DELETE FROM ratings WHERE ticket = ?", [(one.ticket,) for one in reports])

    def tell_again(self, slip: str, attempt: int) -> None:
        """The hall still owes a slip whose outcome it should know: report it once more."""
        with self._lock:
            self._db.execute("UPDATE slips SET known = 0 WHERE slip = ? AND attempt = ?", (slip, attempt))

    def claims(self) -> tuple[SlipReport, ...]:
        """Claims without an outcome: asked for, but nothing was ever sent to the printer."""
        with self._lock:
            rows = self._db.execute(
                "SELECT slip, printer, attempt FROM slips WHERE stage = ? ORDER BY at", (CLAIMING,)
            ).fetchall()
        return tuple(SlipReport(slip=s, printer=p, attempt=a, outcome="claim") for s, p, a in rows)

    def _put(self, report: SlipReport, stage: str) -> None:
        row = (
            report.slip,
            report.attempt,
            report.printer,
            stage,
            report.verdict,
            " ".join(report.faults),
            report.evidence,
            time.time(),
        )
        with self._lock:
            self._db.execute(PUT, row)

    def _mark(self, known: int, reports: Iterable[SlipReport]) -> None:
        rows = [(known, report.slip, report.attempt) for report in reports]
        with self._lock:
            self._db.execute("BEGIN")
            self._db.executemany("UPDATE slips SET known = ? WHERE slip = ? AND attempt = ?", rows)
            self._db.execute("COMMIT")
