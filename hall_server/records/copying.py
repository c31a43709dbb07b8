"""Copy halls from one database into another, page by page, and prove that the copy says the same."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Select, Table, func, insert, select, text

from hall_server.journal import (
    PAGE_ROWS,
    PROGRAM,
    Head,
    JournalError,
    Row,
    Transaction,
    engine_for,
    named_trouble,
    walk,
)
from hall_server.tables import appointments, complaints, credentials, halls, journal, requests

# What belongs to a hall, each table with the column that orders a hall's rows.
_TABLES: tuple[tuple[Table, Column[Any]], ...] = (
    (journal, journal.c.seq),
    (requests, requests.c.key),
    (credentials, credentials.c.id),
    (appointments, appointments.c.id),
    (complaints, complaints.c.id),
)
# A copy of years takes minutes; the limits that keep a server from hanging on its database would cut it short.
_LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")
_SERVERS = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = :program AND pid <> pg_backend_pid()"
)

Tell = Callable[[str, int, int], None]  # what is done, with how many more rows, of how many in all


class NotCopied(Exception):
    """Nothing was copied; the message is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a database holds of a hall."""

    hall: str
    head: Head
    requests: int
    credentials: int
    appointments: int
    complaints: int = 0


@contextmanager
def trouble_of(database: str) -> Iterator[None]:
    """Say in one line which of the two databases cannot be used. Raises ``JournalError``."""
    try:
        with named_trouble():
            yield
    except JournalError as trouble:
        raise JournalError(str(trouble).replace("The database ", f"The {database} database ", 1)) from trouble


class Database:
    """One of the two databases; trouble with it is told under its name. Raises ``JournalError``."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        with trouble_of(name):
            self.engine = engine_for(url)
        named = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        self.file = Path(named).absolute() if named else None

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """A transaction that may take its time; kept when the block ends well."""
        with trouble_of(self.name), self.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                for limit in _LIMITS:
                    connection.execute(text(f"SET LOCAL {limit} = 0"))
            yield connection

    def __str__(self) -> str:
        """Its URL for people: without its password, wherever that stands."""
        if self.file is not None:
            return f"sqlite:///{self.file}"
        secrets = {name: "***" for name in self.engine.url.query if "password" in name}
        return self.engine.url.update_query_dict(secrets).render_as_string(hide_password=True).replace("%2A", "*")


def servers_on(connection: Connection) -> int:
    """How many other programs of ours are connected to a PostgreSQL database; SQLite has a lock instead."""
    if connection.dialect.name != "postgresql":
        return 0
    return int(connection.scalar(_SERVERS, {"program": PROGRAM}) or 0)


def halls_in(connection: Connection) -> tuple[str, ...]:
    """The halls of a database; on PostgreSQL none of them can grow until the transaction ends."""
    return tuple(connection.scalars(select(halls.c.hall).order_by(halls.c.hall).with_for_update()))


def contents(connection: Connection, hall: str) -> Contents:
    """What this database holds of a hall that it holds."""
    head = connection.execute(select(halls.c.epoch, halls.c.head_seq, halls.c.head_hash).where(halls.c.hall == hall))
    answers, secrets, people, said = (
        connection.scalar(select(func.count()).select_from(table).where(table.c.hall == hall)) or 0
        for table in (requests, credentials, appointments, complaints)
    )
    return Contents(hall, Head(*head.one()), answers, secrets, people, said)


def copy_hall(source: Connection, target: Connection, hall: str, tell: Tell) -> Contents:
    """Copy all of a hall, then read it back. Raises ``NotCopied`` and ``JournalError``."""
    with trouble_of("source"):
        was = contents(source, hall)
        row = source.execute(select(halls).where(halls.c.hall == hall)).mappings().one()
    target.execute(insert(halls), dict(row))  # first: a server that would begin this hall there has to wait for us
    rows = was.head.seq + was.requests + was.credentials + was.appointments + was.complaints
    for table, key in _TABLES:
        for page in _pages(source, table, key, hall):
            target.execute(insert(table), page)
            tell(f"Copying {hall}", len(page), rows)
    _, wrong = walk(hall, _read_back(target, hall, was.head.seq, tell), was.head)
    now = contents(target, hall)
    if wrong is not None or now != was:
        raise NotCopied(f"The copy of hall {hall} does not verify. {wrong or f'{was} became {now}.'} Nothing was kept.")
    return now


def _read_back(target: Connection, hall: str, rows: int, tell: Tell) -> Iterator[Row]:
    for row in Transaction(target, hall).after(0):
        yield row
        if row.seq % PAGE_ROWS == 0:
            tell(f"Checking {hall}", PAGE_ROWS, rows)
    tell(f"Checking {hall}", rows % PAGE_ROWS, rows)


def _pages(source: Connection, table: Table, key: Column[Any], hall: str) -> Iterator[Sequence[Mapping[str, Any]]]:
    """All rows of a hall, some thousands at a time."""
    query = select(table).where(table.c.hall == hall).order_by(key).limit(PAGE_ROWS)
    page = _page(source, query)
    while page:
        yield page
        page = _page(source, query.where(key > page[-1][key.name]))


def _page(source: Connection, query: Select[Any]) -> Sequence[Mapping[str, Any]]:
    with trouble_of("source"):
        return [dict(row) for row in source.execute(query).mappings()]
