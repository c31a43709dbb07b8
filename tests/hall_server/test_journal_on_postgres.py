"""The journal keeps its promises on PostgreSQL as it does on SQLite."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from hall_server.core.facts import SlipPrinted, TicketIssued
from hall_server.core.figures.forecast import Came
from hall_server.journal import Entry, Journal, Stored
from hall_server.migrations import migrate
from hall_server.records import appointments as people
from hall_server.records.arrivals import came_between

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


def test_people_are_found_by_code_or_phone_and_forgotten_all_or_none(two_servers: tuple[Journal, Journal]) -> None:
    first, second = two_servers
    li = people.Person("hall", "a1", "李雷", "13800138000", "8000", people.hidden("hall", "0123456789"), 100.0, 200.0)
    han = replace(li, id="a2", name="韩梅梅", code_sha256=people.hidden("hall", "9876543210"), at=150.0)
    with first.transaction() as transaction:
        people.add(transaction.connection, (li, han, replace(li, hall="other", id="a3", code_sha256="")))
    assert (people.by_code(second, "0123456789"), people.by_code(second, "0000000000")) == (("a1",), ())
    assert people.by_phone(second, "8000", 100.0, 150.0) == ("a1",)
    assert people.expected(second, 0.0, 999.0) == {"a1": li, "a2": han}
    with second.transaction() as transaction:
        people.shorten(transaction.connection, "hall", "a2", 160.0)
    assert (people.kept_too_long(first, 159.0), people.kept_too_long(first, 160.0)) == ((), ("a2",))
    with first.transaction() as transaction:
        assert not people.forget(transaction.connection, "hall", ("a1", "a9"))
        assert people.forget(transaction.connection, "hall", ("a1", "a2"))
    assert people.expected(second, 0.0, 999.0) == {}
    people.wipe_log(first)


def _entry(number: int) -> Entry:
    return Entry(SlipPrinted(f"s{number}", "p1", 1, "printed"), "2026-11-21", float(number), "station")


def test_who_came_on_past_days_is_found_by_date(two_servers: tuple[Journal, Journal]) -> None:
    days = ("2026-11-14/1", "2026-11-15/1", "2026-11-15/2", "2026-11-22/1")
    with two_servers[0].transaction() as transaction:
        for number, day in enumerate(days):
            fact = TicketIssued(f"t{number}", f"c{number}", "A001", "id", 1, "id")
            transaction.append([Entry(fact, day, float(number), "test", label="A001")])
    came = came_between(two_servers[1], "2026-11-15", "2026-11-22")
    assert came == [Came("2026-11-15", 1.0, "id"), Came("2026-11-15", 2.0, "id")]
