"""Any order of moves through journal and writer on both databases, with the process thrown away at any moment."""

import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis.stateful import rule
from sqlalchemy import text

from hall_server.core import commands as c
from hall_server.core.facts import DayOpened, Fact
from hall_server.core.hall import Hall
from hall_server.journal import Journal
from hall_server.tables import halls, journal, requests
from tests.core.scene import picture
from tests.model.moves import Clock
from tests.model.prove import PARTS, PATIENT, prove
from tests.model.review_moves import ReviewMachine
from tests.server.running import Desk
from tests.soak import rounds

pytestmark = PATIENT

# What is lost with the power is proved elsewhere; here nobody has to wait for a disk.
MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a file system, not a name for a file
EMPTY = text(f"TRUNCATE {halls.name}, {journal.name}, {requests.name}")


@dataclass
class File:
    """Each example has a SQLite file of its own."""

    def desk(self, clock: Clock) -> Desk:
        self.folder = tempfile.TemporaryDirectory(prefix="hallcall-model-", dir=MEMORY)
        return Desk(Path(self.folder.name) / "hall.sqlite3", clock)

    def leave(self) -> None:
        self.folder.cleanup()


@dataclass
class Database:
    """One example after the other has the PostgreSQL database of a process."""

    url: str

    def desk(self, clock: Clock) -> Desk:
        return Desk(Path(), clock, url=self.url)

    def leave(self) -> None:
        with closing(Journal(self.url, "hall")) as opened, opened.writes.begin() as connection:
            connection.execute(EMPTY)


class JournalMachine(ReviewMachine):
    """What the core does must also be so behind the writer, and again after each crash."""

    def __init__(self, place: File | Database) -> None:
        self.place = place
        super().__init__()

    def begin(self) -> None:
        self.desk = self.place.desk(self.clock)
        self.desk.open()
        self.read_to = 0

    def ask(self, command: c.Command, key: str) -> str | None:
        return self.desk.code(command, key)

    def look(self, view: Callable[[Hall], Any]) -> Any:
        """At the writer's own hall: nobody else asks, so it stands still between two answers; twenty looks a step."""
        return view(self.desk.writer._hall)  # noqa: SLF001

    def effective(self) -> float:
        """Behind a clock that was set back the hall's time runs at half speed."""
        clock, (before, then) = self.clock.now, self.desk.writer._ticking  # noqa: SLF001 - nothing public tells its time
        slow = then + max(0.0, clock - before) / 2 if before else clock
        return max(round(slow, 3), super().effective())

    def new_facts(self) -> list[Fact]:
        if self.look(lambda hall: hall.seq) == self.read_to:
            return []
        rows = list(self.desk.journal.rows(self.read_to))
        assert [row.seq for row in rows] == list(range(self.read_to + 1, self.read_to + len(rows) + 1)), "a gap"
        assert all(row.actor for row in rows)
        self.read_to += len(rows)
        return [row.fact() for row in rows]

    @rule()
    def crash(self) -> None:
        """Another process opens the same journal; the first gets no chance to put anything in order."""
        before, former = self.desk.look(picture), self.desk
        self.desk = Desk(former.path, self.clock, url=former.url)
        self.desk.open()
        assert self.desk.look(picture) == before, "replay made another hall than the one that was alive"
        former.close()

    def teardown(self) -> None:
        try:
            assert self.desk.journal.verify() is None
            assert self.desk.journal.head().seq == self.look(lambda hall: hall.seq)
            openings = [row.seq for row in self.desk.journal.rows() if isinstance(row.fact(), DayOpened)]
            assert self.desk.journal.last_opening() == openings[-1] - 1
            assert self.desk.crashes == []
        finally:
            self.desk.close()
            self.place.leave()


@pytest.mark.parametrize("part", PARTS)
def test_journal_and_writer_keep_the_hall_as_it_is_on_paper(part: int, tally: Counter[str]) -> None:
    prove(lambda: JournalMachine(File()), tally, "on SQLite", examples=rounds(25, 5000 // len(PARTS)))


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("part", PARTS)
def test_so_they_do_on_postgres(part: int, database: Database, tally: Counter[str]) -> None:
    prove(lambda: JournalMachine(database), tally, "on PostgreSQL", examples=rounds(10, 5000 // len(PARTS)))
