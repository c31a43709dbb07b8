"""The journal keeps its promises on PostgreSQL as it does on SQLite."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from hall_server.core.facts import SlipPrinted
from hall_server.journal import Entry, Journal, Stored
from hall_server.migrations import migrate

pytestmark = pytest.mark.needs("postgres")

ANSWER = Stored("0" * 64, 201, "{}")


@pytest.fixture
def two_servers(postgres_url: str) -> Iterator[tuple[Journal, Journal]]:
    first, second = Journal(postgres_url, "hall"), Journal(postgres_url, "hall")
    migrate(first.writes)
    migrate(second.writes)
    yield first, second
    first.close()
    second.close()


def test_two_servers_that_append_at_once_leave_no_gap_and_one_chain(two_servers: tuple[Journal, Journal]) -> None:
    with two_servers[0].transaction() as opened:
        opened.append([_entry(0)])
        opened.remember({"key": ANSWER}, at=0.0)

    def append(number: int) -> None:
        with two_servers[number % 2].transaction() as transaction:
            transaction.append([_entry(number), _entry(number)])

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(append, range(1, 21)))
    for journal in two_servers:
        assert [row.seq for row in journal.rows()] == list(range(1, 42))
        assert journal.verify() is None
        with journal.transaction() as transaction:
            assert transaction.answers(["key", "other"]) == {"key": ANSWER}


def _entry(number: int) -> Entry:
    return Entry(SlipPrinted(f"s{number}", "p1", 1, "printed"), "2026-11-21", float(number), "station")
