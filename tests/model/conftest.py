"""Databases and servers for the machines."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hall_server.journal import Journal
from hall_server.migrations import migrate
from tests.model.served import Served
from tests.model.test_journal_machine import Database


@pytest.fixture(scope="session")
def database(postgres_url: str) -> Iterator[Database]:
    """An empty one on PostgreSQL, again empty after each example."""
    with closing(Journal(postgres_url, "hall")) as opened:
        migrate(opened.writes)
    made = Database(postgres_url)
    made.leave()
    yield made
    made.leave()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real program."""
    running = Served(tmp_path_factory.mktemp("served"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def careless(tmp_path: Path) -> Iterator[Served]:
    """The same, which remembers no request key."""
    running = Served(tmp_path / "home", module="tests.model.forgetful")
    running.start()
    yield running
    running.stop()
