"""The writer under many hands, on a full disk and after a failed batch: all or nothing, once, and never doubled."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import pytest

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core.facts import TicketCalled, TicketIssued
from hall_server.core.hall import Hall
from hall_server.writer import Broken, KeyReused, Unavailable
from tests.core.scene import OPENED_AT, picture
from tests.model.moves import Clock
from tests.server.halls import Api
from tests.server.running import Desk

ENOUGH_PAGES = 4000


def issue(number: int, service: str = "id") -> c.Issue:
    return c.Issue(f"t{number}", f"code{number}", service)


def in_one_batch(desk: Desk, asks: list[Callable[[], Any]]) -> list[Any]:
    """Make the writer find all of these at once: it is held up by a look until all of them wait."""
    held, go = threading.Event(), threading.Event()

    def hold(_hall: Hall) -> None:
        held.set()
        go.wait(20)

    with ThreadPoolExecutor(len(asks) + 1) as pool:
        holding = pool.submit(desk.look, hold)
        held.wait(20)
        answers = []
        for number, ask in enumerate(asks, 1):
            answers.append(pool.submit(_outcome, ask))
            while desk.writer._waiting.qsize() < number:  # noqa: SLF001 - nothing public says who waits
                time.sleep(0.001)
        go.set()
        holding.result()
        return [answer.result() for answer in answers]


def _outcome(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except (Broken, Unavailable, KeyReused) as trouble:
        return type(trouble)


def replayed(desk: Desk) -> Any:
    hall = Hall()
    for row in desk.journal.rows():
        fold.apply(hall, row.fact(), row.seq, row.at, row.actor)
    return picture(hall)


def test_commands_that_wait_together_share_one_commit_and_are_decided_in_turn(desk: Desk) -> None:
    desk.published.clear()
    answers = in_one_batch(desk, [lambda n=n: desk.ask(issue(n)) for n in range(5)])  # type: ignore[misc]
    assert [json.loads(answer.body) for answer in answers] == [[3 + n, 1] for n in range(5)]
    assert [[seq for seq, _ in one] for one in desk.published] == [[3, 4, 5, 6, 7]]
    assert replayed(desk) == desk.look(picture)


def test_a_key_repeated_within_a_batch_counts_once_and_another_body_is_refused(desk: Desk) -> None:
    asks = [
        lambda: desk.ask(issue(1), "key-1"),
        lambda: desk.ask(issue(1), "key-1"),
        lambda: desk.ask(issue(2), "key-1"),
    ]
    first, again, other = in_one_batch(desk, asks)
    assert (first, other) == (again, KeyReused)
    assert desk.look(lambda hall: list(hall.tickets)) == ["t1"]


def test_one_bad_row_in_a_batch_fails_alone(desk: Desk) -> None:
    # A label that is taken although the fold does not know it: what a second server or a careless hand would do.
    _take_label_behind_its_back(desk, "B001")
    answers = in_one_batch(
        desk,
        [
            lambda: desk.ask(issue(1), "key-1"),
            lambda: desk.ask(issue(2, "tax"), "key-2"),
            lambda: desk.ask(issue(3), "key-3"),
        ],
    )
    assert [answers[0].status, answers[1], answers[2].status] == [200, Unavailable, 200]
    assert desk.look(lambda hall: [t.label for t in hall.tickets.values()]) == ["A001", "A002"]
    assert desk.look(lambda hall: hall.series) == {"A": 2}
    assert desk.ask(issue(1), "key-1") == answers[0]
    assert [row.seq for row in desk.journal.rows()] == [1, 2, 3, 4]
    assert desk.crashes == []


def _take_label_behind_its_back(desk: Desk, label: str) -> None:
    """Where neither fold nor chain looks: only the unique index can object."""
    day = desk.look(lambda hall: hall.day)
    with desk.journal.writes.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO journal (hall, seq, day, at, kind, actor, label, body, hash)"
            " VALUES ('hall', -1, ?, 0, 'TicketIssued', 'ghost', ?, '{}', '')",
            (day, label),
        )


def test_a_full_disk_is_an_honest_no_and_room_makes_the_same_key_good(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        desk.ask(issue(number))
    before = desk.look(picture)
    with desk.journal.writes.connect() as connection:
        used = int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used}")  # of this very connection: the pool keeps it
    accepted: list[int] = []
    while (
        answer := _outcome(lambda: desk.ask(issue(100 + len(accepted)), f"key-{100 + len(accepted)}"))
    ) != Unavailable:
        assert (answer.status, len(accepted) < ENOUGH_PAGES) == (200, True)
        accepted.append(100 + len(accepted))
    assert list(desk.look(lambda hall: hall.tickets)) == [*before["tickets"], *(f"t{number}" for number in accepted)]
    with pytest.raises(Unavailable, match="full"):
        desk.ask(issue(9999), "key-9999")
    with desk.journal.writes.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {used + ENOUGH_PAGES}")
    assert desk.ask(issue(9999), "key-9999").status == 200
    said = [record.getMessage().partition(":")[0] for record in caplog.records]
    assert said == [f"hall {desk.journal.hall} cannot write", f"hall {desk.journal.hall} can write again"]
    assert (desk.journal.verify(), desk.crashes) == (None, [])
    assert replayed(desk) == desk.look(picture)


def test_a_refusal_writes_nothing_but_is_remembered(desk: Desk) -> None:
    head = desk.journal.head()
    assert [desk.code(c.Finish("1"), "key-1") for _ in range(2)] == ["illegal_move"] * 2
    assert desk.journal.head() == head
    with desk.journal.transaction() as transaction:
        assert transaction.answers(["key-1"])["key-1"].status == 409


def test_time_in_the_journal_never_runs_backwards(desk: Desk) -> None:
    assert isinstance(desk.clock, Clock)
    for jump_s in (0.0, -86_400.0, 5.0, 172_800.0, -1.0):
        desk.clock.now += jump_s
        desk.ask(c.Issue(f"t{jump_s}", f"c{jump_s}", "id"))
    times = [row.at for row in desk.journal.rows()]
    assert times == sorted(times)
    assert times[0] == OPENED_AT
    assert desk.look(lambda hall: [t.label for t in hall.tickets.values()]) == [f"A00{n}" for n in range(1, 6)]


def test_another_servers_rows_are_caught_up_before_anything_is_decided(desk: Desk) -> None:
    second = Desk(desk.path, desk.clock)
    second.open()
    desk.ask(issue(1))
    second.ask(issue(2))
    desk.ask(issue(3))
    second.ask(c.CallNext("1"))
    desk.ask(c.Tick())
    assert desk.look(lambda hall: [t.label for t in hall.tickets.values()]) == ["A001", "A002", "A003"]
    assert desk.look(lambda hall: hall.windows["1"].ticket) == "t1"
    second.close()


def test_two_thousand_tickets_by_64_clients_while_6_windows_call(api: Api) -> None:
    issuing, finished = threading.Event(), threading.Event()
    labels: list[str] = []
    calls: list[tuple[str, str]] = []

    def take(number: int) -> None:
        issuing.wait(20)
        for turn in range(number, 2000, 64):
            service = ("id", "tax", "loans")[turn % 3]
            answer = api.post("/tickets", {"service": service}, "manager", key=f"ticket-{turn:06}")
            assert answer.status_code == 201, answer.data
            labels.append(answer.get_json()["label"])

    def serve(window: int) -> None:
        issuing.wait(20)
        while not finished.is_set():
            answer = api.post(f"/windows/{window}/next", {"previous": "served"}, "manager")
            if answer.status_code == 200:
                calls.append((answer.get_json()["id"], str(window)))
            assert answer.status_code in (200, 204), answer.data

    with ThreadPoolExecutor(70) as pool:
        takers = [pool.submit(take, number) for number in range(64)]
        windows = [pool.submit(serve, window) for window in range(1, 7)]
        issuing.set()
        wait(takers)
        finished.set()
        for caller in (*takers, *windows):
            caller.result()
    assert (len(labels), len(set(labels))) == (2000, 2000)
    assert max(Counter(ticket for ticket, _ in calls).values(), default=0) <= 1
    assert calls, "the windows never got a turn"
    _hold_to_the_journal(api, calls)


def _hold_to_the_journal(api: Api, calls: list[tuple[str, str]]) -> None:
    journal = api.server.journal
    facts = [row.fact() for row in journal.rows()]
    called = [(fact.ticket, fact.window) for fact in facts if isinstance(fact, TicketCalled)]
    assert Counter(called) == Counter(calls)
    issued = Counter(fact.series for fact in facts if isinstance(fact, TicketIssued))
    assert issued == {"A": 667, "B": 667, "C": 666}
    assert journal.verify() is None
    hall = Hall()
    for row in journal.rows():
        fold.apply(hall, row.fact(), row.seq, row.at, row.actor)
    assert picture(hall) == api.server.desk.look(picture)
