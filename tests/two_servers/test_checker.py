"""The checker finds what it looks for: in a journal with one mistake, and in one that careless servers wrote."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from hall_server.core import facts as f
from hall_server.core.facts import life as lf
from hall_server.core.facts.windows import TicketTransferred
from hall_server.journal import Entry, Journal, Row
from tests.server.databases import fresh_database
from tests.two_servers.checker import Got, wrongs
from tests.two_servers.pair import servers, until
from tests.two_servers.rush import Rush

Entries = list[Entry]
# What the tables themselves forbid, however careless a server is.
LAST_LINES = (
    "ALTER TABLE journal DROP CONSTRAINT journal_pkey",
    "DROP INDEX journal_label",
    "ALTER TABLE requests DROP CONSTRAINT requests_pkey",
)
DAY = "2026-11-22/1"
SERVED = {"1": ("id",)}


def entry(fact: f.Fact, key: str) -> Entry:
    return Entry(fact, DAY, 1.0, "test", key, fact.label if isinstance(fact, f.TicketIssued) else None)


def issued(number: int) -> Entry:
    label = f"A{number:03}"
    return entry(f.TicketIssued(f"t{number}", f"c{number}", label, "A", number, "id"), f"issue-{number}")


def called(number: int, window: str = "1", key: str = "") -> Entry:
    return entry(f.TicketCalled(f"t{number}", window, "fifo"), key or f"next-{number}")


def finished(number: int, window: str = "1") -> Entry:
    return entry(f.TicketFinished(f"t{number}", window), f"next-{number + 1}")


def story() -> tuple[Entries, dict[str, Got]]:
    """Three customers at one window, and what everybody was told."""
    entries = [issued(1), issued(2), issued(3), called(1), finished(1), called(2), finished(2), called(3)]
    told = {f"issue-{n}": Got("issue", 201, f"t{n}", f"A{n:03}") for n in (1, 2, 3)}
    told |= {f"next-{n}": Got("next", 200, f"t{n}", f"A{n:03}", "1") for n in (1, 2, 3)}
    return entries, told | {"next-9": Got("next", 204, window="1")}


def rows(path: Path, entries: Sequence[Entry]) -> list[Row]:
    """The entries as a journal keeps them, whatever they say: its own last line is in the way of some mistakes."""
    fresh_database(path)
    journal = Journal(f"sqlite:///{path}", "main")
    try:
        with journal.transaction() as transaction:
            transaction.append([replace(one, label=None) for one in entries])
        return list(journal.rows())
    finally:
        journal.close()


def test_a_right_story_has_nothing_wrong(tmp_path: Path) -> None:
    entries, told = story()
    assert wrongs(rows(tmp_path / "hall.sqlite3", entries), told, SERVED) == []


def test_who_was_not_there_or_was_sent_elsewhere_is_no_reason_to_complain(tmp_path: Path) -> None:
    entries = [issued(1), issued(2), issued(3), called(1), entry(f.TicketRequeued("t1", "1", 3), ""), called(2)]
    entries += [entry(TicketTransferred("t2", "1", "id", "4"), ""), called(3)]
    entries += [entry(lf.TicketHeld("t3", "1", "window", "papers", 9.0), "")]
    entries += [entry(f.TicketCalled("t3", "1", "held"), ""), finished(3)]
    _, told = story()
    del told["next-9"]
    assert wrongs(rows(tmp_path / "hall.sqlite3", entries), told, SERVED) == []


def _relabel(entries: Entries) -> None:
    entries[1] = entry(replace(_ticket(entries[1]), label="A001"), "issue-2")


def _ticket(one: Entry) -> f.TicketIssued:
    assert isinstance(one.fact, f.TicketIssued)
    return one.fact


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_relabel, "Label A001 was given out 2 times"),
        (lambda e: e.pop(1), "Series A of 2026-11-22/1 has a gap"),
        (lambda e: e.insert(2, entry(replace(_ticket(e[1]), ticket="t7"), "x")), "Series A of 2026-11-22/1 has a gap"),
        (lambda e: e.append(called(2, "2", "next-2")), "Row 9 calls t2 to window 2, but it was not waiting"),
        (lambda e: e.pop(4), "Row 5 calls a second ticket to window 1"),
        (lambda e: e.__setitem__(7, called(3, "4")), "next-3 was called at window 1, but the journal says"),
        (lambda e: e.pop(), "next-3 was answered 200 A003, but the journal has 0 facts of it"),
        (lambda e: e.append(issued(4)), "issue-4 is in the journal, but nobody got an answer"),
        (
            lambda e: e.append(entry(replace(_ticket(e[0]), ticket="t4", label="A004", number=4), "issue-1")),
            "issue-1 was answered 201 A001, but the journal has 2 facts of it",
        ),
        (lambda e: e.reverse(), "Row 1 calls t3 to window 1, but it was not waiting"),
        (
            lambda e: e.__setitem__(slice(3, 8), [called(2), finished(2), called(1), finished(1), called(3)]),
            "Row 4 calls t2, but t1 came earlier",
        ),
        (
            lambda e: e.extend([finished(3), issued(4), called(4, key="next-9")]),
            "next-9 was answered 204 , but the journal has 1 facts of it",
        ),
    ],
)
def test_one_mistake_in_a_journal_is_named(tmp_path: Path, spoil: Callable[[Entries], Any], said: str) -> None:
    entries, told = story()
    spoil(entries)
    found = wrongs(rows(tmp_path / "hall.sqlite3", entries), told, SERVED)
    assert any(sentence.startswith(said) for sentence in found), found


@pytest.mark.needs("postgres")
def test_servers_that_lock_nothing_and_look_up_nothing_are_found_out(
    tmp_path: Path, own_cluster: Any, database: str
) -> None:
    careless = servers(tmp_path, [database, database])
    for program in careless:
        program.module = "tests.two_servers.careless"
    careless.open()
    for statement in LAST_LINES:
        own_cluster.sql(statement, database.rpartition("/")[2])
    rush = Rush(careless, issuers=8, tickets_each=10, callers=0)
    rush.begin()
    until(lambda: not rush.alive(), "the rush ends")
    rush.end()
    for program in careless:
        program.kill()
    journal = Journal(database, "main")
    found = wrongs(journal.rows(), rush.acknowledged)
    chain = journal.verify()
    journal.close()
    assert any(sentence.startswith("Label ") for sentence in found), (found, rush.wrong)
    assert any("2 facts of it" in sentence for sentence in found), found
    assert chain is not None
