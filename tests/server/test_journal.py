"""The journal keeps what it was given, in order, and notices whatever was done to it behind its back."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_server.core.facts import SlipPrinted, TicketIssued
from hall_server.journal import PAGE_ROWS, Entry, Head, Journal, JournalError, Stored
from tests.server.databases import fresh_database


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    fresh_database(tmp_path / "hall.sqlite3")
    opened = Journal(f"sqlite:///{tmp_path / 'hall.sqlite3'}", "main")
    yield opened
    opened.close()


def entry(number: int, label: str | None = None) -> Entry:
    if label is not None:
        return Entry(
            TicketIssued(f"t{number}", f"c{number}", label, "A", number, "id"), "d/1", 1.0, "test", label=label
        )
    return Entry(SlipPrinted(f"s{number}", "p1", 1, "纸 ok"), "d/1", number + 0.125, "station:K1", f"key-{number}")


def append(journal: Journal, *numbers: int) -> None:
    with journal.transaction() as transaction:
        transaction.append([entry(number) for number in numbers])


def tamper(journal: Journal, statement: str) -> None:
    with sqlite3.connect(str(journal.writes.url.database)) as raw:
        raw.execute(statement)
    raw.close()


def test_rows_come_back_as_they_were_written_numbered_without_a_gap(journal: Journal) -> None:
    append(journal, 1, 2)
    append(journal, 3)
    rows = list(journal.rows())
    assert [(r.seq, r.fact(), r.day, r.at, r.actor, r.request_id, r.label) for r in rows] == [
        (n, SlipPrinted(f"s{n}", "p1", 1, "纸 ok"), "d/1", n + 0.125, "station:K1", f"key-{n}", None) for n in (1, 2, 3)
    ]
    assert (journal.head(), journal.verify()) == (Head(1, 3, rows[-1].hash), None)


def test_an_empty_journal_verifies(journal: Journal) -> None:
    assert (journal.head(), journal.verify(), journal.last_opening()) == (Head(1, 0, "0" * 64), None, 0)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE journal SET body = replace(body, 's3', 's9') WHERE seq = 3", "Row 3 (SlipPrinted) was changed"),
        ("UPDATE journal SET at = at + 1 WHERE seq = 3", "Row 3 (SlipPrinted) was changed"),
        ("UPDATE journal SET actor = 'somebody' WHERE seq = 3", "Row 3 (SlipPrinted) was changed"),
        ("UPDATE journal SET request_id = NULL WHERE seq = 3", "Row 3 (SlipPrinted) was changed"),
        ("UPDATE journal SET label = 'A001' WHERE seq = 3", "Row 3 (SlipPrinted) was changed"),
        ("UPDATE journal SET kind = 'SlipClaimed' WHERE seq = 3", "Row 3 (SlipClaimed) was changed"),
        ("UPDATE journal SET day = 'd/2' WHERE seq = 3", "Row 3 (SlipPrinted) was changed"),
        ("UPDATE journal SET hash = replace(hash, '1', '2') WHERE seq = 3", "Row 3 (SlipPrinted) was changed"),
        ("DELETE FROM journal WHERE seq = 3", "Row 3 is missing"),
        ("DELETE FROM journal WHERE seq = 1", "Row 1 is missing"),
        ("DELETE FROM journal WHERE seq > 3", "The journal ends at row 3, but its head says 5: rows are missing"),
        ("DELETE FROM journal", "The journal ends at row 0, but its head says 5: rows are missing"),
        ("UPDATE halls SET head_seq = 4", "Row 4 (SlipPrinted) is not the one that the journal's head names"),
        ("UPDATE halls SET head_hash = 'x'", "Row 5 (SlipPrinted) is not the one that the journal's head names"),
        ("UPDATE journal SET seq = 99 WHERE seq = 4; ", "Row 4 is missing"),
        (
            "UPDATE halls SET head_seq = 4, head_hash = (SELECT hash FROM journal WHERE seq = 4)",
            "The journal ends at row 5, but its head says 4: rows were added",
        ),
    ],
)
def test_what_was_done_behind_the_journals_back_is_found(journal: Journal, statement: str, said: str) -> None:
    append(journal, 1, 2, 3, 4, 5)
    assert journal.verify() is None
    tamper(journal, statement)
    assert (journal.verify() or "").startswith(said)


def test_verifying_beside_a_server_that_writes_raises_no_false_alarm(journal: Journal) -> None:
    append(journal, *range(500))
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            append(journal, 1)

    writing = threading.Thread(target=write)
    writing.start()
    try:
        assert [journal.verify() for _ in range(8)] == [None] * 8
    finally:
        stop.set()
        writing.join()
    assert journal.head().seq > 500


def test_a_transaction_that_fails_leaves_nothing(journal: Journal) -> None:
    with journal.transaction() as transaction:
        transaction.append([entry(1, "A001")])
        transaction.remember({"key-1": Stored("b", 201, "{}")}, 1.0)
    head = journal.head()

    def fail() -> None:
        with journal.transaction() as transaction:
            transaction.remember({"key-2": Stored("b", 201, "{}")}, 1.0)
            transaction.append([entry(2, "A002"), entry(3, "A001")])

    with pytest.raises(JournalError, match="UNIQUE"):
        fail()
    with journal.transaction() as transaction:
        assert transaction.answers(["key-1", "key-2"]) == {"key-1": Stored("b", 201, "{}")}
    assert (journal.head(), journal.verify()) == (head, None)


def test_the_same_label_may_return_on_another_day(journal: Journal) -> None:
    with journal.transaction() as transaction:
        first = entry(1, "A001")
        transaction.append([first, Entry(first.fact, "d/2", 2.0, "test", label="A001")])
    assert journal.head().seq == 2


def test_long_journals_are_read_page_by_page_and_short_questions_get_short_answers(journal: Journal) -> None:
    append(journal, *range(PAGE_ROWS + 7))
    assert [row.seq for row in journal.rows()] == list(range(1, PAGE_ROWS + 8))
    assert [row.seq for row in journal.rows(PAGE_ROWS - 2, 4)] == list(range(PAGE_ROWS - 1, PAGE_ROWS + 3))
    assert len(list(journal.rows(0, PAGE_ROWS + 3))) == PAGE_ROWS + 3
    assert list(journal.rows(PAGE_ROWS + 7)) == []


def test_halls_of_one_database_do_not_see_each_other(journal: Journal, tmp_path: Path) -> None:
    append(journal, 1, 2)
    other = Journal(f"sqlite:///{tmp_path / 'hall.sqlite3'}", "other")
    append(other, 9)
    assert [(row.seq, row.request_id) for row in other.rows()] == [(1, "key-9")]
    assert (journal.verify(), other.verify(), journal.head().seq) == (None, None, 2)
    other.close()


def test_reading_can_never_write(journal: Journal) -> None:
    with journal.reads.connect() as connection, pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("DELETE FROM journal")


def test_the_database_is_opened_with_the_settings_that_keep_promises(journal: Journal) -> None:
    with journal.writes.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def test_a_file_that_is_no_database_is_named_trouble(tmp_path: Path) -> None:
    (tmp_path / "hall.sqlite3").write_bytes(b"this is a letter, not a database" * 200)
    broken = Journal(f"sqlite:///{tmp_path / 'hall.sqlite3'}", "main")
    for read in (broken.head, broken.last_opening, broken.verify, lambda: list(broken.rows())):
        with pytest.raises(JournalError, match="not a database"):
            read()
    broken.close()
