"""Who has an appointment: names and phones, which no fact may hold, each until the day on which it is deleted."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, func, insert, select, update

from hall_server.journal import Journal, JournalError, named_trouble
from hall_server.tables import appointments

FORGOTTEN_AT_ONCE = 500  # in one transaction: nobody waits long for it


@dataclass(frozen=True, slots=True)
class Person:
    """Who comes to an appointment at ``at``; deleted after ``keep_until`` (Unix seconds both)."""

    hall: str
    id: str
    name: str
    contact: str
    last4: str
    code_sha256: str
    at: float
    keep_until: float


def hidden(hall: str, code: str) -> str:
    """What is stored of a code: whoever sees the database cannot read it off."""
    return sha256(f"appointment\n{hall}\n{code}".encode()).hexdigest()


def add(connection: Connection, people: Iterable[Person]) -> None:
    """Store people in the writer's transaction."""
    rows = [asdict(person) for person in people]
    if rows:
        connection.execute(insert(appointments), rows)


def shorten(connection: Connection, hall: str, name: str, until: float) -> None:
    """Nobody comes: keep the record no longer than this, in the writer's transaction."""
    mine = and_(appointments.c.hall == hall, appointments.c.id == name, appointments.c.keep_until > until)
    connection.execute(update(appointments).where(mine).values(keep_until=until))


def by_code(of: Journal, code: str) -> tuple[str, ...]:
    """Whose code it is. Raises ``JournalError``."""
    asked = select(appointments.c.id).where(
        appointments.c.hall == of.hall, appointments.c.code_sha256 == hidden(of.hall, code)
    )
    with named_trouble(), of.reads.connect() as connection:
        return tuple(connection.scalars(asked))


def by_phone(of: Journal, last4: str, begin: float, end: float) -> tuple[str, ...]:
    """Whose phone ends so, of those who are expected in a span of time. Raises ``JournalError``."""
    asked = select(appointments.c.id).where(
        appointments.c.hall == of.hall, appointments.c.last4 == last4,
        appointments.c.at >= begin, appointments.c.at < end,
    )  # fmt: skip
    with named_trouble(), of.reads.connect() as connection:
        return tuple(connection.scalars(asked.order_by(appointments.c.at)))


def expected(of: Journal, begin: float, end: float) -> dict[str, Person]:
    """Who comes in a span of time. Raises ``JournalError``."""
    mine = and_(appointments.c.hall == of.hall, appointments.c.at >= begin, appointments.c.at < end)
    with named_trouble(), of.reads.connect() as connection:
        return {row.id: Person(*row) for row in connection.execute(select(appointments).where(mine))}


def kept_too_long(of: Journal, now: float) -> tuple[str, ...]:
    """Whose record has to go, some at once. Raises ``JournalError``."""
    asked = select(appointments.c.id).where(appointments.c.hall == of.hall, appointments.c.keep_until <= now)
    with named_trouble(), of.reads.connect() as connection:
        return tuple(connection.scalars(asked.limit(FORGOTTEN_AT_ONCE)))


def forget(connection: Connection, hall: str, names: Sequence[str], table: Table = appointments) -> bool:
    """Delete records in the writer's transaction, and leave nothing of them in the file; False when some had gone."""
    mine = and_(table.c.hall == hall, table.c.id.in_(names))
    if connection.scalar(select(func.count()).select_from(table).where(mine)) != len(names):
        return False
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete=ON").close()
    connection.execute(delete(table).where(mine))
    return True


def wipe_log(of: Journal) -> None:
    """SQLite's write-ahead log may still have what was deleted: empty it, unless somebody reads just now."""
    if of.shared:
        return
    with named_trouble(), of.writes.connect() as connection:
        raw: Any = connection.connection.driver_connection
        try:
            raw.execute("PRAGMA busy_timeout=0")  # a commit must not wait for this
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            raw.execute("PRAGMA busy_timeout=5000")
        except sqlite3.Error as trouble:  # outside a transaction it comes from the driver itself
            raise JournalError(f"The database cannot be used: {trouble}.") from trouble
