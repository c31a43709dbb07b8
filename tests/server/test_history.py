"""A hall that has been open for years starts as fast, as small and as right as one that opened this morning."""

import shutil
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import event

from hall_server.core import folds as fold
from hall_server.core.hall import Hall
from hall_server.journal import FORGOTTEN_AT_ONCE, Entry, Journal, Stored
from hall_server.presence import KEYS_S
from hall_server.records import end
from hall_server.settings import FILE, load
from tests.core.scene import CONFIG, picture
from tests.history import History, fill
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import Program, free_port

OLDER, TODAY = 1_000_000, 8_000
STARTS = 3
START_CPU_S = 9.0  # three times what is promised: what a start computes counts, not what else the machine does
MEMORY_MB = 120  # the promise itself: memory does not depend on who else uses the machine
WAIT_S = 30.0  # for what the server does each second
# What each question does: never a SCAN, and on an index that holds little else than the answer.
PLANS = {
    "SEARCH journal USING INDEX journal_days (hall=?)",
    "SEARCH journal USING INDEX sqlite_autoindex_journal_1 (hall=? AND seq>?)",
    "SEARCH halls USING INDEX sqlite_autoindex_halls_1 (hall=?)",
    "SEARCH requests USING COVERING INDEX sqlite_autoindex_requests_1 (hall=? AND key=?)",
    "SEARCH requests USING INDEX sqlite_autoindex_requests_1 (hall=? AND key=?)",
    "SEARCH requests USING INDEX requests_at (hall=? AND at<?)",
    "LIST SUBQUERY 1",
    "SEARCH credentials USING INDEX sqlite_autoindex_credentials_1 (id=?)",
}


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, History]]:
    """A home with years behind it, made once; it does not stay, for it is large."""
    home = tmp_path_factory.mktemp("years")
    write_settings(home)
    fresh_database(home / "hall.sqlite3")
    settings = load(home / FILE)
    yield home, fill(settings.database_url(home), settings.hall_config(), older=OLDER, today=TODAY)
    shutil.rmtree(home)


def folded(journal: Journal, after: int) -> Hall:
    hall = Hall()
    for row in journal.rows(after):
        fold.apply(hall, row.fact(), row.seq, row.at, row.actor)
    return hall


def test_the_history_of_these_tests_is_one_that_the_rules_could_have_written(tmp_path: Path) -> None:
    fresh_database(tmp_path / "hall.sqlite3")
    url = f"sqlite:///{tmp_path / 'hall.sqlite3'}"
    told = fill(url, CONFIG, older=12_000, today=3_000)
    journal = Journal(url, "main")
    assert (journal.verify(), journal.head().seq, told.rows >= 15_000) == (None, told.rows, True)
    hall = folded(journal, 0)
    assert (hall.day, hall.day_open, hall.series) == (told.today, True, told.series)
    assert {service: len(queue) for service, queue in hall.queues.items()} == told.waiting
    assert picture(folded(journal, journal.last_opening())) == picture(hall)
    journal.close()


def test_a_million_facts_of_older_days_cost_neither_time_nor_memory_nor_truth(
    years: tuple[Path, History], tally: Counter[str]
) -> None:
    home, told = years
    program = Program(home, free_port())
    starts, computed = [], []
    try:
        for _ in range(STARTS):
            program.kill()
            starts.append(program.start())
            computed.append(sum(_process(program).cpu_times()[:2]))
        until = time.monotonic() + WAIT_S
        ready = program.ask("GET", "/readyz")[1]
        assert (ready["day"], ready["open"], ready["rev"] >= told.rows) == (told.today, True, True)
        board = program.ask("GET", "/api/v1/board")[1]
        assert {w["id"]: w["label"] for w in board["windows"]} == told.at_windows
        issued = program.post("/tickets", {"service": "id"})
        ahead = sum(told.waiting.values())  # one window serves all three services
        assert (issued["label"], issued["ahead"]) == (f"A{told.series['A'] + 1}", ahead)
        page = program.ask("GET", f"/api/v1/journal?after={told.rows - 3}", token=program.admin)[1]["rows"]
        assert [row["seq"] for row in page[:3]] == [told.rows - 2, told.rows - 1, told.rows]
        old = _old_answers(home)
        while 0 < old <= _old_answers(home):
            assert time.monotonic() < until, "nobody drops the answers of the day before yesterday"
            time.sleep(0.1)
        memory_mb = _process(program).memory_info().rss / 1e6
    finally:
        program.stop()
    tally[f"ms to start with {told.rows} facts"] = round(statistics.median(starts) * 1000)
    tally["ms of those computing"] = round(statistics.median(computed) * 1000)
    tally[f"MB of a server with {told.rows} facts"] = round(memory_mb)
    assert min(computed) < START_CPU_S
    assert memory_mb < MEMORY_MB


def _process(program: Program) -> psutil.Process:
    assert program.process is not None
    return psutil.Process(program.process.pid)


def _old_answers(home: Path) -> int:
    with closing(sqlite3.connect(f"file:{home / 'hall.sqlite3'}?mode=ro", uri=True)) as raw:
        return int(raw.execute("SELECT count(*) FROM requests WHERE at < ?", (time.time() - KEYS_S,)).fetchone()[0])


def test_old_answers_are_dropped_a_few_at_once_and_the_oldest_first(tmp_path: Path) -> None:
    fresh_database(tmp_path / "hall.sqlite3")
    journal = Journal(f"sqlite:///{tmp_path / 'hall.sqlite3'}", "main")
    keys = [f"key-{number}" for number in range(FORGOTTEN_AT_ONCE + 2)]
    answer = Stored("b", 201, "{}")
    with journal.transaction() as transaction:
        for number, key in enumerate(keys):
            transaction.remember({key: answer}, float(number))
    left = []
    for _ in range(3):
        with journal.transaction() as transaction:
            transaction.forget(before=FORGOTTEN_AT_ONCE + 1.0)
            left.append(sorted(transaction.answers(keys)))
    assert left == [sorted(keys[-2:]), keys[-1:], keys[-1:]]
    journal.close()


def test_no_question_to_the_database_reads_more_than_its_answer(tmp_path: Path) -> None:
    fresh_database(tmp_path / "hall.sqlite3")
    fill(f"sqlite:///{tmp_path / 'hall.sqlite3'}", CONFIG, older=1_000, today=1_000)
    journal = Journal(f"sqlite:///{tmp_path / 'hall.sqlite3'}", "main")
    asked: list[tuple[str, Any]] = []
    for engine in (journal.reads, journal.writes):
        event.listen(engine, "before_cursor_execute", lambda *said: asked.append(said[2:4]))
    journal.last_opening(), journal.head(), journal.answered("key"), list(journal.rows(5, 3))
    with journal.transaction() as transaction:
        transaction.append([Entry(row.fact(), row.day, row.at, row.actor) for row in journal.rows(1_998, 1)])
        transaction.answers(["key", "other"])
        transaction.forget(1.0)
        end(transaction.connection, "nobody", 1.0)
    with closing(sqlite3.connect(tmp_path / "hall.sqlite3")) as raw:
        plans = {step[3] for said in asked for step in raw.execute(f"EXPLAIN QUERY PLAN {said[0]}", said[1])}
    assert plans == PLANS
    journal.close()
