"""What an administrator reads of the hall's own records: who may sign in, what is kept of people, who did what."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hall_server.journal import Journal, Row
from hall_server.records.credentials import Credential, Credentials
from hall_server.records.trail import Wanted, find
from hall_server.settings.retention import RetentionSettings

PAGE_ROWS = 100  # of the trail: as much as one reads before one asks more precisely
SHEET_ROWS = 20_000  # in one file: a week of a busy hall
PURGES = 50  # the last ones: ten minutes apart at least, so some days of them
NEWEST = 1 << 62


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the trail; ``said`` are the fact's fields that say anything."""

    seq: int
    at: float
    actor: str
    kind: str
    label: str
    said: dict[str, str]


@dataclass(frozen=True, slots=True)
class Trail:
    """The newest steps first; ``more``: before which number there may be others."""

    steps: tuple[Step, ...]
    more: int | None = None


@dataclass(frozen=True, slots=True)
class Purge:
    """So many records of a kind were deleted."""

    at: float
    by: str
    kind: str
    count: int


class Records(Protocol):
    """What pages ask of it."""

    @property
    def retention(self) -> RetentionSettings:
        """For how long what is kept."""

    def holders(self) -> tuple[Credential, ...]:
        """Tokens, links and sessions in force."""

    def purges(self) -> tuple[Purge, ...]:
        """The last of them, newest first."""

    def trail(self, wanted: Wanted, limit: int) -> Trail:
        """Rows of the journal, newest first."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Those of one hall. All of them raise ``JournalError``."""

    journal: Journal
    credentials: Credentials
    retention: RetentionSettings
    read: Callable[..., Any]
    clock: Callable[[], float]

    def holders(self) -> tuple[Credential, ...]:
        """By role, then by name."""
        found = self.credentials.all(self.clock())
        return tuple(sorted(found, key=lambda one: (one.role, one.subject or "", one.created_at)))

    def purges(self) -> tuple[Purge, ...]:
        """What was deleted lately."""
        return tuple(self.read(_purges, self.journal))

    def trail(self, wanted: Wanted, limit: int) -> Trail:
        """Who did what."""
        found: Trail = self.read(_trail, self.journal, wanted, limit)
        return found


def _purges(journal: Journal) -> list[Purge]:
    found = find(journal, Wanted(NEWEST, kinds=("PersonsForgotten",)), PURGES).rows
    return [Purge(row.at, row.actor, said["kind"], said["count"]) for row in found for said in (json.loads(row.body),)]


def _trail(journal: Journal, wanted: Wanted, limit: int) -> Trail:
    found = find(journal, wanted, limit)
    return Trail(tuple(_step(row) for row in found.rows), found.more)


def _step(row: Row) -> Step:
    said = {name: _plain(value) for name, value in json.loads(row.body).items() if value not in (None, "", [], {})}
    return Step(row.seq, row.at, row.actor, row.kind, row.label or str(said.pop("label", "")), said)


def _plain(value: Any) -> str:
    """Lists as words; a whole configuration is told by its size, for nobody reads it in a line."""
    if isinstance(value, dict) or (isinstance(value, Sequence) and any(isinstance(one, dict | list) for one in value)):
        return f"({len(value)})"
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
