"""Starting: a fresh schema, one server a folder, and every trouble as one clear sentence and an exit code."""

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hall_server.journal import Journal, JournalError
from hall_server.lock import NotReady, hold
from hall_server.migrations import SchemaNewer, migrate
from hall_server.tables import metadata
from tests.server.databases import fresh_database
from tests.server.halls import write_settings
from tests.server.program import PROJECT, Program, free_port

Serve = Callable[[Path, int | str], tuple[int, str]]


def schema(path: Path) -> dict[str, list[tuple[str, bool]]]:
    with sqlite3.connect(path) as raw:
        names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: [(row[1], bool(row[3])) for row in raw.execute(f"PRAGMA table_info({name})")] for name in names}
    raw.close()
    return found


def test_a_fresh_database_gets_exactly_the_tables_that_the_program_reads(tmp_path: Path) -> None:
    path = tmp_path / "hall.sqlite3"
    journal = Journal(f"sqlite:///{path}", "main")
    migrate(journal.writes)
    migrate(journal.writes)  # a second time there is nothing to do
    journal.close()
    found = schema(path)
    assert set(found) == {*metadata.tables, "credentials", "alembic_version"}
    for name, table in metadata.tables.items():
        assert found[name] == [(column.name, not column.nullable) for column in table.columns]


def test_a_database_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "hall.sqlite3"
    fresh_database(path)
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    before = path.read_bytes()
    journal = Journal(f"sqlite:///{path}", "main")
    with pytest.raises(SchemaNewer, match="schema 9999, which this program does not know.*Install that version again"):
        migrate(journal.writes)
    journal.close()
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_cannot_be_migrated(tmp_path: Path) -> None:
    (tmp_path / "hall.sqlite3").write_bytes(b"a letter" * 500)
    journal = Journal(f"sqlite:///{tmp_path / 'hall.sqlite3'}", "main")
    with pytest.raises(JournalError, match="not a database"):
        migrate(journal.writes)
    journal.close()


def test_a_folder_belongs_to_one_server_until_it_lets_go(tmp_path: Path) -> None:
    first = hold(tmp_path)
    with pytest.raises(NotReady, match=f"Another hallcall server is running on {tmp_path}: stop it first."):
        hold(tmp_path)
    first.close()
    hold(tmp_path).close()


def test_a_place_that_cannot_be_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotReady, match=f"The data folder {tmp_path / 'file'} cannot be written"):
        hold(tmp_path / "file")


def test_a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on(program: Program, serve: Serve) -> None:
    code, said = serve(program.home, free_port())
    assert (code, said) == (3, f"Another hallcall server is running on {program.home}: stop it first.\n")
    assert program.ask("GET", "/readyz")[0] == 200
    assert program.stop() == 0


def test_a_busy_port_is_one_sentence(tmp_path: Path, serve: Serve) -> None:
    write_settings(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = serve(tmp_path, port)
    assert (code, len(said.splitlines())) == (3, 1)
    assert said.startswith(f"Port 127.0.0.1:{port} cannot be used")
    assert said.endswith("set HALLCALL_PORT to a free one.\n")


@pytest.mark.parametrize(
    ("spoil", "code", "begins"),
    [
        (lambda home: (home / "hallcall.toml").write_text("[hall"), 2, "has mistakes:"),
        (lambda home: (home / "hallcall.toml").unlink(), 2, "does not exist"),
        (lambda home: (home / "hall.sqlite3").write_bytes(b"a letter" * 500), 3, "file is not a database"),
        (lambda home: (home / "hall.sqlite3").mkdir(), 3, "unable to open database file"),
        (lambda home: (home / "lock.sqlite3").mkdir(), 3, "cannot be written"),
    ],
)
def test_what_keeps_a_server_from_starting_is_said_without_a_traceback(
    tmp_path: Path, serve: Serve, spoil: Callable[[Path], object], code: int, begins: str
) -> None:
    write_settings(tmp_path)
    spoil(tmp_path)
    got, said = serve(tmp_path, free_port())
    assert got == code, said
    assert begins in said
    assert "Traceback" not in said


def test_a_port_that_is_no_number_is_a_mistake_of_the_settings(tmp_path: Path, serve: Serve) -> None:
    write_settings(tmp_path)
    code, said = serve(tmp_path, "eighty")
    assert (code, "HALLCALL_PORT says 'eighty'" in said, "Traceback" in said) == (2, True, False)


def test_the_key_of_this_machines_commands_is_for_its_owner_only(program: Program) -> None:
    assert (program.home / "admin.token").stat().st_mode & 0o777 == 0o600
    assert program.ask("GET", "/api/v1/me", token=program.admin)[1] == {
        "role": "admin", "subject": "local", "window": None,
    }  # fmt: skip


def test_commands_find_the_running_server_whatever_its_port(program: Program) -> None:
    command = [sys.executable, "-c", "from hall_server.cli import main; main()", "link", "create", "--role", "manager"]
    elsewhere = {name: value for name, value in os.environ.items() if name != "HALLCALL_PORT"}
    made = subprocess.run(
        [*command, "--for", "wang", "--home", str(program.home)],
        cwd=PROJECT, env=elsewhere, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert made.stdout.startswith(f"{program.url}/login#")


def test_a_command_that_is_told_to_end_takes_its_server_along(tmp_path: Path) -> None:
    write_settings(tmp_path)
    program = Program(tmp_path, free_port())
    program.process = subprocess.Popen(
        [sys.executable, "-c", "from hall_server.cli import main; main()", "serve", "--home", str(tmp_path)],
        cwd=PROJECT, env=os.environ | {"HALLCALL_PORT": str(program.port)},
    )  # fmt: skip
    program.wait()
    assert program.stop() == 0
    hold(tmp_path).close()
