"""Databases that halls move between, and how to see that a move was whole."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import create_engine, select
from sqlalchemy.pool import NullPool

from hall_server.core.facts import SlipPrinted
from hall_server.journal import Entry, Head, Journal
from hall_server.tables import appointments, complaints, credentials, halls, journal, requests
from tests.server.databases import fresh_database

COPIED = (halls, journal, requests, credentials, appointments, complaints)

# Migrates as the command does, in pages of ten rows, and dies at the step it is told.
DYING = """
import os, signal, sys
from pathlib import Path
from hall_server import moving
from hall_server.records import copying

copying.PAGE_ROWS = 10
steps_left = iter(range(int(sys.argv[4]), 0, -1))

def tell(*_):
    if next(steps_left) == 1:
        os.kill(os.getpid(), signal.SIGKILL)

source, target = copying.Database("source", sys.argv[2]), copying.Database("target", sys.argv[3])
moving.move(Path(sys.argv[1]), source, target, None, tell)
"""


@dataclass
class Told:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


Run = Callable[..., Told]


@dataclass
class Databases:
    """Makes databases on the test run's PostgreSQL."""

    url: str

    def do(self, statement: str) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(statement.encode())

    def named(self, name: str) -> str:
        return self.url.replace("/postgres?", f"/{name}?")


def sqlite(folder: Path) -> str:
    """The URL of a folder's database."""
    return f"sqlite:///{folder / 'hall.sqlite3'}"


def empty(folder: Path) -> str:
    """The URL of a database of the newest schema without a hall."""
    folder.mkdir()
    fresh_database(folder / "hall.sqlite3")
    return sqlite(folder)


def everything(url: str, hall: str | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that a hall has, as the database gives it."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        read = {table.name: [tuple(row) for row in connection.execute(select(table))] for table in COPIED}
        return {
            table.name: sorted(
                (row for row in read[table.name] if hall in (None, row[list(table.c.keys()).index("hall")])), key=repr
            )
            for table in COPIED
        }


def head(url: str) -> Head:
    """Where a database says that the hall's journal ends, once it has verified."""
    with closing(Journal(url, "main")) as opened:
        assert opened.verify() is None
        return opened.head()


def add_hall(url: str, name: str) -> None:
    """A second, smaller hall in the same database."""
    with closing(Journal(url, name)) as opened, opened.transaction() as transaction:
        transaction.append([Entry(SlipPrinted("s1", "p1", 1, "纸 ok"), "d/1", 0.1, "station:K1")])
