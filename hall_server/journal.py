"""The journal: facts appended in one transaction with a gapless number per hall and a hash over everything before."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, create_engine, delete, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError, StatementError

from hall_server.core import facts
from hall_server.tables import OPENING, halls, journal, requests

PAGE_ROWS = 5000  # rows read at a time when a long journal is folded or verified
FORGOTTEN_AT_ONCE = 200  # old answers dropped in one transaction: no hall gives more in the second until the next
GENESIS = "0" * 64
DATABASES = "sqlite:///FILE or postgresql://USER@HOST/DATABASE"
PROGRAM = "hallcall"  # how PostgreSQL names our connections to whoever looks
# What a PostgreSQL session may take, in its own words: a server that hangs must not hold the hall's row for long,
# and nobody is told of a commit that is not on disk.
PATIENCE = (
    "-c statement_timeout=5s -c lock_timeout=2s -c idle_in_transaction_session_timeout=10s -c synchronous_commit=on"
)
CONNECT_S = 3
UNACKNOWLEDGED_MS = 5000  # a database whose machine is gone answers nothing, not even "no"
CHANNEL = "hallcall"  # where one server tells the others of a PostgreSQL database that a journal has grown


class JournalError(Exception):
    """The database did not do what was asked; nothing was appended.

    ``of_a_row``: it objected to what was written, not to writing (full, locked, away): others may fare better.
    """

    of_a_row = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact on its way into the journal; ``label`` is set only where a label is given out for the first time."""

    fact: facts.Fact
    day: str
    at: float
    actor: str
    request_id: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A fact in the journal; ``at`` is the server's UTC time in Unix seconds, ``body`` canonical JSON."""

    seq: int
    day: str
    at: float
    kind: str
    actor: str
    request_id: str | None
    label: str | None
    body: str
    hash: str

    def fact(self) -> facts.Fact:
        """The fact that this row tells of."""
        return facts.load(self.kind, json.loads(self.body))


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer that a request key got, and the body it asked with."""

    body_sha256: str
    status: int
    answer: str


@dataclass(frozen=True, slots=True)
class Head:
    """Where a hall's journal ends."""

    epoch: int
    seq: int
    hash: str


BEFORE_ALL = Head(1, 0, GENESIS)


def engine_for(url: str, *, read_only: bool = False) -> Engine:
    """An engine with the settings that keep promises: SQLite in WAL with synchronous=FULL and BEGIN IMMEDIATE.

    The server's threads hand one connection on, so SQLite's own thread check is off.
    """
    if not url.startswith("sqlite"):
        options = f"{PATIENCE} -c default_transaction_read_only=on" if read_only else PATIENCE
        return _engine(
            url, pool_pre_ping=True, isolation_level="AUTOCOMMIT" if read_only else "READ COMMITTED",
            connect_args={
                "application_name": PROGRAM, "options": options, "connect_timeout": CONNECT_S,
                "tcp_user_timeout": UNACKNOWLEDGED_MS,
            },
        )  # fmt: skip
    engine = _engine(url, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # else the driver commits around DDL behind our back
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=5000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if read_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _engine(url: str, **how: Any) -> Engine:
    """An engine of a kind that we know. What is wrong is said without the URL: it may hold a password."""
    try:
        if url.startswith(("sqlite:", "postgresql:", "postgresql+")):
            return create_engine(url, **how)
    except (SQLAlchemyError, ValueError) as wrong:
        raise JournalError(f"This is no address of a database; write {DATABASES}.") from wrong
    except ImportError as missing:
        raise JournalError(f"PostgreSQL needs {missing.name}: pip install 'hallcall[postgres]'.") from missing
    raise JournalError(f"This is no address of a database that HallCall can use; write {DATABASES}.")


def chain(previous: str, *said: str | float | None) -> str:
    """The hash of a row: SHA-256 over the hash before it and everything that the row says, in the order of columns."""
    return sha256(json.dumps([previous, *said], ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@contextmanager
def named_trouble() -> Iterator[None]:
    """What goes wrong in a database, whichever it is, as ``JournalError``."""
    try:
        yield
    except SQLAlchemyError as trouble:
        line = " ".join(str(trouble.__cause__ or trouble).split())  # a driver's hints have lines of their own
        named = JournalError(f"The database cannot be used: {line.rstrip('.?')}.")
        named.of_a_row = (
            isinstance(trouble, StatementError)
            and not isinstance(trouble, OperationalError | InterfaceError)
            and not getattr(trouble, "connection_invalidated", False)
        )
        raise named from trouble


# Built once: making a statement costs more than running it.
_HEAD = (
    select(halls.c.epoch, halls.c.head_seq, halls.c.head_hash).where(halls.c.hall == bindparam("of")).with_for_update()
)
_BEGIN = insert(halls)
_APPEND = insert(journal)
_ADVANCE = (
    update(halls)
    .where(halls.c.hall == bindparam("of"))
    .values(head_seq=bindparam("to_seq"), head_hash=bindparam("to_hash"))
)
_KNOWN = select(requests.c.key, requests.c.body_sha256, requests.c.status, requests.c.answer).where(
    requests.c.hall == bindparam("of"), requests.c.key.in_(bindparam("keys", expanding=True))
)
_TELL = select(func.pg_notify(bindparam("channel"), bindparam("said")))  # arrives with the commit, or never
_REMEMBER = insert(requests)
_OLD = select(requests.c.key).where(requests.c.hall == bindparam("of"), requests.c.at < bindparam("before"))
_FORGET = delete(requests).where(
    requests.c.hall == bindparam("of"), requests.c.key.in_(_OLD.order_by(requests.c.at).limit(FORGOTTEN_AT_ONCE))
)


class Transaction:
    """One transaction on a hall's journal; the hall's row is locked from its first line to its end."""

    def __init__(self, connection: Connection, hall: str) -> None:
        self.connection = connection
        self._hall = hall
        row = connection.execute(_HEAD, {"of": hall}).first()
        if row is None:
            with suppress(IntegrityError), connection.begin_nested():  # another server's first line came first
                connection.execute(_BEGIN, {"hall": hall, "epoch": 1, "head_seq": 0, "head_hash": GENESIS})
            row = connection.execute(_HEAD, {"of": hall}).one()
        self.head = Head(*row)

    def after(self, seq: int) -> Iterator[Row]:
        """The rows that others appended after ``seq``."""
        return _rows(self.connection, self._hall, seq)

    def answers(self, keys: Sequence[str]) -> dict[str, Stored]:
        """What these request keys were answered before."""
        if not keys:
            return {}
        found = self.connection.execute(_KNOWN, {"of": self._hall, "keys": list(keys)})
        return {key: Stored(body, status, answer) for key, body, status, answer in found}

    def append(self, entries: Sequence[Entry]) -> None:
        """Write facts after the head, without a gap."""
        seq, head = self.head.seq, self.head.hash
        rows = []
        for entry in entries:
            seq += 1
            body = json.dumps(facts.dump(entry.fact), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
            kind = type(entry.fact).__name__
            said = (entry.day, entry.at, kind, entry.actor, entry.request_id, entry.label, body)
            head = chain(head, self._hall, seq, *said)
            rows.append(
                {
                    "hall": self._hall, "seq": seq, "day": entry.day, "at": entry.at,
                    "kind": kind, "actor": entry.actor, "request_id": entry.request_id,
                    "label": entry.label, "body": body, "hash": head,
                }
            )  # fmt: skip
        if rows:
            self.connection.execute(_APPEND, rows)
            self.connection.execute(_ADVANCE, {"of": self._hall, "to_seq": seq, "to_hash": head})
            if self.connection.dialect.name == "postgresql":
                self.connection.execute(_TELL, {"channel": CHANNEL, "said": f"{seq} {self._hall}"})
            self.head = Head(self.head.epoch, seq, head)

    def prove(self) -> None:
        """Write the head once more: a database that takes this takes facts too."""
        for said in ("", self.head.hash):  # SQLite writes nothing where nothing differs
            self.connection.execute(_ADVANCE, {"of": self._hall, "to_seq": self.head.seq, "to_hash": said})

    def remember(self, answers: dict[str, Stored], at: float) -> None:
        """Keep the answers of request keys, so that a repeated request gets the same one."""
        rows = [
            {
                "hall": self._hall, "key": key, "body_sha256": one.body_sha256, "status": one.status,
                "answer": one.answer, "at": at,
            }
            for key, one in answers.items()
        ]  # fmt: skip
        if rows:
            self.connection.execute(_REMEMBER, rows)

    def forget(self, before: float) -> None:
        """Drop the oldest of the answers that were given before a time, a few at once."""
        self.connection.execute(_FORGET, {"of": self._hall, "before": before})


class Journal:
    """The journal of one hall in one database."""

    def __init__(self, url: str, hall: str) -> None:
        self.hall = hall
        self.writes = engine_for(url)
        self.reads = engine_for(url, read_only=True)
        self.shared = self.writes.dialect.name != "sqlite"  # other servers may append as well

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Lock, read, append, commit; on any trouble nothing has happened. Raises ``JournalError``."""
        with named_trouble(), self.writes.begin() as connection:
            yield Transaction(connection, self.hall)

    def rows(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """The rows after a number, in order. Raises ``JournalError``."""
        with named_trouble(), self.reads.connect() as connection:
            yield from _rows(connection, self.hall, after, limit)

    def growth(self) -> Iterator[int]:
        """On PostgreSQL: the number of the newest row, each time a server says so. A hint. Raises ``JournalError``."""
        with named_trouble(), self.reads.connect() as connection:
            connection.execute(text(f"LISTEN {CHANNEL}"))
            wire: Any = connection.connection.driver_connection
            try:
                for notice in wire.notifies():
                    seq, _, hall = notice.payload.partition(" ")
                    if hall == self.hall:
                        yield int(seq)
            except connection.dialect.loaded_dbapi.Error as trouble:
                raise JournalError(f"The database has hung up: {trouble}.") from trouble
            finally:
                connection.invalidate()  # a connection that listens is of no use to others

    def answered(self, key: str) -> bool:
        """Whether this request key has its answer already."""
        with named_trouble(), self.reads.connect() as connection:
            asked = select(requests.c.key).where(requests.c.hall == self.hall, requests.c.key == key)
            return connection.scalar(asked) is not None

    def answer_of(self, key: str) -> str | None:
        """The body of the answer that this request key got."""
        with named_trouble(), self.reads.connect() as connection:
            asked = select(requests.c.answer).where(requests.c.hall == self.hall, requests.c.key == key)
            return connection.scalar(asked)

    def last_opening(self) -> int:
        """The number before the last ``DayOpened``: a start folds from there, however long the history."""
        with named_trouble(), self.reads.connect() as connection:
            seq = connection.scalar(
                select(journal.c.seq)
                .where(journal.c.hall == self.hall, OPENING)
                .order_by(journal.c.seq.desc())
                .limit(1)
            )
        return 0 if seq is None else int(seq) - 1

    def head(self) -> Head:
        """Where the journal ends now."""
        with named_trouble(), self.reads.connect() as connection:
            row = connection.execute(
                select(halls.c.epoch, halls.c.head_seq, halls.c.head_hash).where(halls.c.hall == self.hall)
            ).first()
        return Head(*row) if row is not None else BEFORE_ALL

    def verify(self) -> str | None:
        """None when the chain holds from the first row to the head; else a sentence about what does not."""
        head = self.head()  # before the rows: a server may go on writing while we read
        seq, wrong = walk(self.hall, self.rows(), head)
        if wrong is None and seq > (now := self.head()).seq:
            return f"The journal ends at row {seq}, but its head says {now.seq}: rows were added at the end."
        return wrong

    def close(self) -> None:
        """Close all connections."""
        self.writes.dispose()
        self.reads.dispose()


def walk(hall: str, rows: Iterable[Row], head: Head, after: Head = BEFORE_ALL) -> tuple[int, str | None]:
    """Follow the chain: the last row, and what does not hold from the first row to the head."""
    previous, seq = after.hash, after.seq
    for row in rows:
        seq += 1
        if row.seq != seq:
            return seq, f"Row {seq} is missing: the next row has number {row.seq}."
        said = (row.day, row.at, row.kind, row.actor, row.request_id, row.label, row.body)
        if chain(previous, hall, seq, *said) != row.hash:
            return seq, f"Row {seq} ({row.kind}) was changed after it was written."
        previous = row.hash
        if seq == head.seq and row.hash != head.hash:
            return seq, f"Row {seq} ({row.kind}) is not the one that the journal's head names: the chain was rewritten."
    if seq < head.seq:
        return seq, f"The journal ends at row {seq}, but its head says {head.seq}: rows are missing at the end."
    return seq, None


def _rows(connection: Connection, hall: str, after: int, limit: int | None = None) -> Iterator[Row]:
    columns = (c for c in journal.c if c.name != "hall")
    query = select(*columns).where(journal.c.hall == hall).order_by(journal.c.seq)
    left = limit
    while left is None or left > 0:
        page = connection.execute(query.where(journal.c.seq > after).limit(min(PAGE_ROWS, left or PAGE_ROWS))).all()
        yield from (Row(*row) for row in page)
        if len(page) < PAGE_ROWS:
            return
        after = page[-1].seq
        left = None if left is None else left - len(page)
