"""Any order of moves through journal and writer on SQLite, with the process thrown away at any moment."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis.stateful import rule

from hall_server.core.facts import DayOpened, Fact
from hall_server.core.hall import Hall
from hall_server.core.rules import commands as c
from tests.core.scene import picture
from tests.model.day_moves import DayMachine
from tests.server.running import Desk


class JournalMachine(DayMachine):
    """What the core does must also be so behind the writer, and again after each crash."""

    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="hallcall-model-")
        self.desk = Desk(Path(self.folder.name) / "hall.sqlite3", self.clock)
        self.desk.open()
        self.read_to = 0

    def ask(self, command: c.Command, key: str) -> str | None:
        return self.desk.code(command, key)

    def look(self, view: Callable[[Hall], Any]) -> Any:
        return self.desk.look(view)

    def effective(self) -> float:
        """Behind a clock that was set back the hall's time runs at half speed."""
        clock, (before, then) = self.clock.now, self.desk.writer._ticking  # noqa: SLF001 - nothing public tells its time
        slow = then + max(0.0, clock - before) / 2 if before else clock
        return max(round(slow, 3), super().effective())

    def new_facts(self) -> list[Fact]:
        rows = list(self.desk.journal.rows(self.read_to))
        assert [row.seq for row in rows] == list(range(self.read_to + 1, self.read_to + len(rows) + 1)), "a gap"
        assert all(row.actor for row in rows)
        self.read_to += len(rows)
        return [row.fact() for row in rows]

    @rule()
    def crash(self) -> None:
        """Another process opens the same file; the first gets no chance to put anything in order."""
        before, former = self.look(picture), self.desk
        self.desk = Desk(former.path, self.clock)
        self.desk.open()
        assert self.look(picture) == before, "replay made another hall than the one that was alive"
        former.close()

    def teardown(self) -> None:
        try:
            assert self.desk.journal.verify() is None
            openings = [row.seq for row in self.desk.journal.rows() if isinstance(row.fact(), DayOpened)]
            assert self.desk.journal.last_opening() == openings[-1] - 1
            assert self.desk.crashes == []
        finally:
            self.desk.close()
            self.folder.cleanup()


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(max_examples=35, stateful_step_count=40, deadline=None)
