"""The journal as a trail for people: its newest rows first, by who, what and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from hall_server.journal import Journal, Row, named_trouble
from hall_server.tables import journal

_COLUMNS = tuple(c for c in journal.c if c.name != "hall")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows before a number: of whoever's name in the journal begins so, of some kinds (none: all), of some seconds."""

    before: int
    actor: str = ""
    kinds: Sequence[str] = ()
    since: float | None = None
    until: float | None = None


def rows(of: Journal, wanted: Wanted, limit: int) -> Iterator[Row]:
    """The newest of them first. Raises ``JournalError``."""
    asked = select(*_COLUMNS).where(journal.c.hall == of.hall, journal.c.seq < wanted.before, *_conditions(wanted))
    with named_trouble(), of.reads.connect() as connection:
        for row in connection.execute(asked.order_by(journal.c.seq.desc()).limit(limit)):
            yield Row(*row)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.actor:
        yield journal.c.actor.startswith(wanted.actor, autoescape=True)
    if wanted.kinds:
        yield journal.c.kind.in_(wanted.kinds)
    if wanted.since is not None:
        yield journal.c.at >= wanted.since
    if wanted.until is not None:
        yield journal.c.at < wanted.until
