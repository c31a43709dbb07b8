"""Servers for tests: the API in this process, and the real program on a free port."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hall_server.core import commands as c
from tests.core.scene import CONFIG
from tests.model.moves import Clock
from tests.server.databases import fresh_database
from tests.server.halls import Api, open_api, write_settings
from tests.server.program import Program, free_port
from tests.server.running import Desk


@pytest.fixture
def api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.delenv("HALLCALL_PORT", raising=False)
    opened = open_api(tmp_path / "home")
    yield opened
    opened.server.stop()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """``python -m hall_server.serve`` on a port of its own, running."""
    write_settings(tmp_path / "home")
    fresh_database(tmp_path / "home" / "hall.sqlite3")
    running = Program(tmp_path / "home", free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def serve() -> Callable[[Path, int | str], tuple[int, str]]:
    """Run the program to its end, for starts that must fail; its exit code and what it said."""

    def run(home: Path, port: int | str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "hall_server.serve", "--home", str(home)],
            capture_output=True, text=True, timeout=60, check=False,
            cwd=Path(__file__).parents[2], env=os.environ | {"HALLCALL_PORT": str(port)},
        )  # fmt: skip
        return done.returncode, done.stderr

    return run


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A journal and its writer on a fresh file, the day open."""
    opened = Desk(tmp_path / "hall.sqlite3", Clock())
    opened.open()
    opened.ask(c.Configure(CONFIG))
    opened.ask(c.OpenDay("2026-11-22"))
    yield opened
    opened.close()
