"""What callers hold in their hands, and whether a database that came through an accident still knows it."""

import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from hall_server.core.facts import TicketCalled, TicketIssued
from hall_server.journal import Journal, Row
from hall_server.settings import FILE, load


@dataclass(slots=True)
class Ledger:
    """Request keys: all that were asked, and those that were answered, with the answer."""

    asked: set[str] = field(default_factory=set)
    answered: dict[str, str] = field(default_factory=dict)

    def hear(self, *words: str) -> None:
        """A line of the issuer. A repeated request has to get its first answer."""
        what, key, *answer = words
        if what == "asked":
            self.asked.add(key)
            return
        assert self.answered.setdefault(key, answer[0]) == answer[0], f"{key} was answered {self.answered[key]} before"


def opened(home: Path) -> Journal:
    """The journal of a home that nobody serves."""
    settings = load(home / FILE)
    return Journal(settings.database_url(home), settings.hall.id)


def lost(home: Path, answered: dict[str, str]) -> set[str]:
    """The answered keys that the database does not know, or knows with another answer."""
    journal = opened(home)
    try:
        with journal.transaction() as tx:
            known = {key: stored.answer for key, stored in tx.answers(list(answered)).items()}
    finally:
        journal.close()
    return {key for key, answer in answered.items() if known.get(key) != answer}


def sound(home: Path) -> list[Row]:
    """All rows of a database in which nothing is torn, missing, doubled or called twice."""
    database = sqlite3.connect(home / "hall.sqlite3")
    try:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        database.close()
    journal = opened(home)
    try:
        assert journal.verify() is None
        rows = list(journal.rows())
    finally:
        journal.close()
    tickets = issued(rows)
    assert len(tickets) == sum(row.kind == "TicketIssued" for row in rows), "one key issued two tickets"
    assert sorted(fact.number for fact in tickets.values()) == list(range(1, len(tickets) + 1))
    called = [fact.ticket for row in rows if isinstance(fact := row.fact(), TicketCalled)]
    assert len(called) == len(set(called)), "a ticket was called twice"
    return rows


def issued(rows: list[Row]) -> dict[str | None, TicketIssued]:
    """By request key the ticket that was made for it."""
    return {row.request_id: fact for row in rows if isinstance(fact := row.fact(), TicketIssued)}
