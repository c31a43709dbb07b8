"""Who complains, in which words, and what staff wrote of it: nothing of it is in a fact, and all of it goes one day."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, and_, insert, select, update

from hall_server.journal import Journal, named_trouble
from hall_server.records import appointments
from hall_server.records.appointments import FORGOTTEN_AT_ONCE
from hall_server.tables import complaints


@dataclass(frozen=True, slots=True)
class Words:
    """What is known of a complaint beside its facts; deleted after ``keep_until`` (Unix seconds), never while open."""

    hall: str
    id: str
    name: str
    contact: str
    said: str
    notes: str = ""
    keep_until: float | None = None


def add(connection: Connection, words: Words) -> None:
    """Store them in the writer's transaction."""
    connection.execute(insert(complaints), asdict(words))


def note(connection: Connection, hall: str, name: str, line: str, until: float | None = None) -> None:
    """One line more, in the writer's transaction; ``until`` when it is the last one."""
    mine = and_(complaints.c.hall == hall, complaints.c.id == name)
    said = {"notes": complaints.c.notes + line} if line else {}
    ends = {"keep_until": until} if until is not None else {}
    if said or ends:
        connection.execute(update(complaints).where(mine).values(**said, **ends))


def all_of(of: Journal) -> dict[str, Words]:
    """By complaint, what has not been forgotten. Raises ``JournalError``."""
    with named_trouble(), of.reads.connect() as connection:
        rows = connection.execute(select(complaints).where(complaints.c.hall == of.hall))
        return {row.id: Words(*row) for row in rows}


def kept_too_long(of: Journal, now: float) -> tuple[str, ...]:
    """Whose words have to go, some at once. Raises ``JournalError``."""
    due = and_(complaints.c.hall == of.hall, complaints.c.keep_until <= now)
    with named_trouble(), of.reads.connect() as connection:
        return tuple(connection.scalars(select(complaints.c.id).where(due).limit(FORGOTTEN_AT_ONCE)))


def forget(connection: Connection, hall: str, names: Sequence[str]) -> bool:
    """Delete words in the writer's transaction, and leave nothing of them in the file; False when some had gone."""
    return appointments.forget(connection, hall, names, complaints)
