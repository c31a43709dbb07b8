"""The journal as a trail for people: its newest rows first, by who, what and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, select

from hall_server.journal import Journal, Row, named_trouble
from hall_server.tables import journal

LOOKED_AT = 200_000  # rows read back at most: some weeks of a busy hall, looked through in a tenth of a second
_COLUMNS = tuple(c for c in journal.c if c.name != "hall")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows before a number: of whoever's name in the journal begins so, of some kinds (none: all), of some seconds."""

    before: int
    actor: str = ""
    kinds: Sequence[str] = ()
    since: float | None = None
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """The newest first, and the number before which to look on (None: there is nothing more)."""

    rows: tuple[Row, ...]
    more: int | None


def find(of: Journal, wanted: Wanted, limit: int) -> Found:
    """What was asked for, as far as one look goes. Raises ``JournalError``."""
    with named_trouble(), of.reads.connect() as connection:
        end = min(wanted.before, of.head().seq + 1)
        last = end if wanted.until is None else min(end, _first(connection, of.hall, wanted.until, end))
        begin = 1 if wanted.since is None else _first(connection, of.hall, wanted.since, last)
        lowest = max(begin, last - LOOKED_AT)
        span = (journal.c.hall == of.hall, journal.c.seq >= lowest, journal.c.seq < last)
        asked = select(*_COLUMNS).where(*span, *_conditions(wanted)).order_by(journal.c.seq.desc()).limit(limit)
        rows = tuple(Row(*row) for row in connection.execute(asked))
    more = rows[-1].seq if len(rows) == limit else lowest
    return Found(rows, more if more > begin else None)


def _first(connection: Connection, hall: str, at: float, end: int) -> int:
    """The first row at or after a moment, ``end`` if there is none: the server's clock never goes back."""
    low, high = 1, end
    while low < high:
        middle = (low + high) // 2
        stamped = connection.scalar(select(journal.c.at).where(journal.c.hall == hall, journal.c.seq == middle))
        low, high = (low, middle) if stamped is not None and stamped >= at else (middle + 1, high)
    return low


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.actor:
        yield journal.c.actor.startswith(wanted.actor, autoescape=True)
    if wanted.kinds:
        yield journal.c.kind.in_(wanted.kinds)
