"""The kiosk's memory of the numbers that it gives out alone: on disk before anybody sees one, until the hall knows.

A number's age is counted by the monotonic clock of this computer, which goes on while our program is away but not while
the computer is switched off. That time is not counted, since nobody can know it: customers keep their order.
"""

import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from display.board import Board
from hall_server.contract import AwayOrder, BlockOrder, DeviceOrder, Language, Message, WaitingList
from hall_server.station.durable import open_file

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
SCHEMA = (
    "CREATE TABLE IF NOT EXISTS known (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS runs (run TEXT NOT NULL PRIMARY KEY, began_s REAL NOT NULL) STRICT",
    "CREATE TABLE IF NOT EXISTS given (ticket TEXT NOT NULL PRIMARY KEY, day TEXT NOT NULL, series TEXT NOT NULL, "
    "number INTEGER NOT NULL, body TEXT NOT NULL, run TEXT NOT NULL, at_s REAL NOT NULL, "
    "told INTEGER NOT NULL DEFAULT 0, UNIQUE (day, series, number)) STRICT",
)


class Given(Message):
    """A number in somebody's hand. ``request`` is the key with which the hall was asked before, and did not answer."""

    ticket: str
    code: str
    day: str
    service: str
    series: str
    number: int
    label: str
    language: Language
    issued_at: str
    heard_at: str = ""
    printer: str | None = None
    url: str | None = None
    request: str | None = None


class Known(Message):
    """What the hall said last, as far as it is needed to go on without it."""

    away: AwayOrder | None = None
    devices: tuple[DeviceOrder, ...] = ()
    board: Board | None = None
    waiting: WaitingList | None = None


def this_run() -> str:
    """What changes when the monotonic clock begins anew; where nobody says, we take it that it just did."""
    try:
        return BOOT_ID.read_text("ascii").strip()
    except OSError:
        return secrets.token_hex(8)


def ended(runs: Sequence[tuple[str, float, float]], now_s: float) -> dict[str, tuple[float, float]]:
    """By run (name, first and last moment, oldest first): when it ended by its own clock, and how long ago at least."""
    found: dict[str, tuple[float, float]] = {}
    ago_s = 0.0
    for run, began_s, last_s in reversed(runs):
        end_s = max(began_s, last_s) if found else now_s
        found[run] = end_s, ago_s
        ago_s += end_s - began_s
    return found


class AwayLog:
    """One file; each call is on disk when it returns. Used by several threads."""

    def __init__(self, path: Path, *, clock: Callable[[], float] = time.monotonic, run: str | None = None) -> None:
        self._clock = clock
        self._run = run or this_run()
        self._lock = threading.Lock()
        self._db = open_file(path, *SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO runs VALUES (?, ?)", (self._run, clock()))
        self._db.execute("INSERT OR IGNORE INTO known VALUES ('holder', ?)", (secrets.token_hex(8),))
        self.holder = self._known("holder") or ""

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def remember(self, known: Known) -> None:
        """Keep what the hall said; what a day that is over gave out and the hall knows is forgotten."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO known VALUES ('hall', ?)", (known.model_dump_json(),))
            if known.away is not None:
                self._db.execute("DELETE FROM given WHERE told = 1 AND day <> ?", (known.away.day,))

    def recall(self) -> Known:
        """What the hall said last; nothing when an older program wrote it."""
        said = self._known("hall")
        try:
            return Known.model_validate_json(said) if said else Known()
        except ValidationError:
            return Known()

    def left(self, order: AwayOrder, service: str) -> int:
        """How many numbers are left for a service."""
        with self._lock:
            return sum(1 for _ in self._free(order, service))

    def take(self, order: AwayOrder, service: str, make: Callable[[BlockOrder, int], Given]) -> Given | None:
        """Give the next number out; None when there is none left."""
        with self._lock:
            found = next(self._free(order, service), None)
            if found is None:
                return None
            given = make(*found)
            row = (given.ticket, given.day, given.series, given.number, given.model_dump_json(), self._run)
            self._db.execute(
                "INSERT INTO given (ticket, day, series, number, body, run, at_s) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, self._clock()),
            )
            return given

    def untold(self, most: int) -> tuple[tuple[Given, float], ...]:
        """What the hall does not know yet, oldest first, each with its age in seconds."""
        with self._lock:
            rows = self._db.execute(
                "SELECT body, run, at_s FROM given WHERE told = 0 ORDER BY rowid LIMIT ?", (most,)
            ).fetchall()
            ends = ended(self._runs(), self._clock())
        return tuple(
            (Given.model_validate_json(body), max(0.0, ends[run][1] + ends[run][0] - at_s)) for body, run, at_s in rows
        )

    def told(self, tickets: Sequence[str]) -> None:
        """The hall knows these, or will never take them."""
        with self._lock:
            self._db.execute("BEGIN")
            self._db.executemany("UPDATE given SET told = 1 WHERE ticket = ?", [(one,) for one in tickets])
            self._db.execute("COMMIT")

    def _free(self, order: AwayOrder, service: str) -> Iterator[tuple[BlockOrder, int]]:
        rows = self._db.execute("SELECT series, number FROM given WHERE day = ?", (order.day,)).fetchall()
        gone = set(rows)
        for block in order.blocks:
            if block.service == service and block.holder == self.holder:
                free = (n for n in range(block.first, block.last + 1) if n not in block.used)
                yield from ((block, n) for n in free if (block.series, n) not in gone)

    def _runs(self) -> list[tuple[str, float, float]]:
        return self._db.execute(
            "SELECT run, began_s, coalesce((SELECT max(at_s) FROM given WHERE given.run = runs.run), began_s) "
            "FROM runs ORDER BY rowid"
        ).fetchall()

    def _known(self, name: str) -> str | None:
        with self._lock:
            row = self._db.execute("SELECT value FROM known WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])
