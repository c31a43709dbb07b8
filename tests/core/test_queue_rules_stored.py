"""The rules of a queue that the store has to keep: one label a day, one effect a key, one customer a window."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hall_server.core import commands as c
from hall_server.core import numbering
from hall_server.core.facts import TicketCalled, TicketIssued
from hall_server.journal import Entry, JournalError
from tests.core.scene import CONFIG, scene
from tests.model.moves import Clock
from tests.server.running import Desk

CLERKS = 8  # more than windows: each of them is pressed by two at once


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A hall in a database of its own, whose day has just opened."""
    opened = Desk(tmp_path / "hall.sqlite3", Clock())
    opened.open()
    opened.ask(c.Configure(CONFIG))
    opened.ask(c.OpenDay("2026-11-22"))
    yield opened
    opened.close()


def issue(number: int) -> c.Issue:
    return c.Issue(f"t{number}", f"code-{number}", "id")


def test_q1_the_store_itself_refuses_a_second_ticket_with_a_label_of_the_day(desk: Desk) -> None:
    desk.ask(issue(1))
    before = desk.journal.head()
    doubled = TicketIssued("t2", "code-2", "A001", "A", 1, "id")
    row = Entry(doubled, "2026-11-22/1", 1.0, "test", label="A001")
    with pytest.raises(JournalError), desk.journal.transaction() as transaction:
        transaction.append([row])
    assert desk.journal.head() == before
    with desk.journal.transaction() as transaction:
        transaction.append([Entry(doubled, "2026-11-22/2", 1.0, "test", label="A001")])


def test_q1_whoever_asks_at_once_gets_numbers_without_a_hole_in_the_order_of_the_journal(desk: Desk) -> None:
    with ThreadPoolExecutor(CLERKS) as pool:
        list(pool.map(lambda number: desk.ask(issue(number)), range(40)))
    desk.ask(c.CloseDay("we close"))
    rows = list(desk.journal.rows())
    issued = [fact.number for row in rows if isinstance(fact := row.fact(), TicketIssued)]
    assert issued == list(range(1, 41))
    assert (numbering.mistakes(row.fact() for row in rows), desk.journal.verify()) == ([], None)


def test_q8_two_clerks_who_press_next_together_never_have_one_customer_and_no_window_has_two(desk: Desk) -> None:
    for number in range(20):
        desk.ask(issue(number))
    windows = [window for window in ("1", "2", "3") for _ in range(CLERKS // 3 + 1)]
    with ThreadPoolExecutor(CLERKS) as pool:
        codes = list(pool.map(lambda window: desk.code(c.CallNext(window)), windows))
    assert sorted(filter(None, codes)) == ["previous_needed"] * (len(windows) - 3)
    called = [fact for row in desk.journal.rows() if isinstance(fact := row.fact(), TicketCalled)]
    assert (sorted(one.window for one in called), len({one.ticket for one in called})) == (["1", "2", "3"], 3)


def test_q13_a_key_has_one_effect_and_one_answer_also_after_a_restart(desk: Desk) -> None:
    first = desk.ask(issue(1), "key-1")
    with ThreadPoolExecutor(CLERKS) as pool:
        again = list(pool.map(lambda _: desk.ask(issue(1), "key-1"), range(CLERKS)))
    desk.close()
    reopened = Desk(desk.path, desk.clock, url=f"sqlite:///{desk.path}")
    reopened.open()
    once_more = reopened.ask(issue(1), "key-1")
    issued = [row for row in reopened.journal.rows() if row.kind == "TicketIssued"]
    reopened.close()
    desk.open()  # the fixture closes it
    assert ({*again, once_more}, len(issued)) == ({first}, 1)


def test_q13_a_refusal_is_the_same_one_when_it_is_asked_again(desk: Desk) -> None:
    first = desk.ask(c.Start("1"), "key-1")
    desk.ask(issue(1))
    desk.ask(c.CallNext("1"))
    rows = desk.journal.head().seq
    assert (desk.ask(c.Start("1"), "key-1"), desk.journal.head().seq) == (first, rows)
    assert scene().refusal(c.Start("1"))[0] == "illegal_move"
