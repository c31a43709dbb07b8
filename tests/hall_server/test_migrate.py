"""A hall moves between SQLite and PostgreSQL whole or not at all, and says the same afterwards."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from hall_server.journal import Journal
from hall_server.lock import hold
from hall_server.records import copying
from hall_server.settings import FILE
from hall_server.tables import metadata, presence
from tests.hall_server.moves import COPIED, DYING, Run, Told, add_hall, empty, everything, head, sqlite

PROJECT = Path(__file__).parents[2]
NOWHERE = "postgresql://hall:hunter2@127.0.0.1:1/hall"  # nobody listens on port 1


def test_every_table_is_either_copied_or_says_why_not() -> None:
    assert {table.name for table in (*COPIED, presence)} == set(metadata.tables)


@pytest.mark.needs("postgres")
def test_a_hall_goes_to_postgresql_and_back_and_every_row_is_the_same(
    home: Path, tmp_path: Path, empty_postgres: str, migrate: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "PAGE_ROWS", 10)
    before, back = everything(sqlite(home)), sqlite(tmp_path / "back")
    assert {name: len(rows) > 1 for name, rows in before.items()} == {
        "halls": False, "journal": True, "requests": True, "credentials": True, "appointments": True,
        "complaints": False,
    }  # fmt: skip
    assert migrate(home, empty_postgres).code == 0
    assert (everything(empty_postgres), head(empty_postgres)) == (before, head(sqlite(home)))
    assert migrate(home, back, source=empty_postgres).code == 0
    assert (everything(back), head(back)) == (before, head(sqlite(home)))
    assert everything(sqlite(home)) == everything(empty_postgres) == before  # what was read stays as it was


@pytest.mark.needs("postgres")
def test_it_says_what_was_copied_and_which_line_of_the_settings_to_write(
    home: Path, empty_postgres: str, migrate: Run
) -> None:
    settings, rows, end = (home / FILE).read_bytes(), everything(sqlite(home)), head(sqlite(home))
    folder = empty_postgres.partition("?host=")[2].partition("&")[0]
    line = empty_postgres.replace(folder, quote(folder, safe="")).replace("&port", "&password=***&port")
    told = migrate(home, f"{empty_postgres}&password=hunter2")
    assert (told.code, told.out) == (
        0,
        f"Hall main: {end.seq} facts, {len(rows['requests'])} answers, {len(rows['credentials'])} credentials and "
        f"{len(rows['appointments'])} records of appointments copied; the journal verifies, head {end.hash}.\n"
        f"Now write this line under [server] in {home / FILE}, with the password in place of ***, and start the "
        f'server. HALLCALL_DATABASE, where it is set, wins over the file.\n\ndatabase = "{line}"\n',
    )
    assert "Checking main ━" in told.err
    assert f"{end.seq}/{end.seq} " in told.err
    assert "hunter2" not in told.err
    assert (home / FILE).read_bytes() == settings


def test_all_halls_of_a_database_are_copied_or_only_the_one_named(home: Path, tmp_path: Path, migrate: Run) -> None:
    add_hall(sqlite(home), "east")
    one, both = empty(tmp_path / "one"), empty(tmp_path / "both")
    assert migrate(home, one, "--hall", "east").code == migrate(home, both).code == 0
    assert everything(one) == everything(sqlite(home), "east")
    assert everything(both) == everything(sqlite(home))


@pytest.mark.needs("postgres")
@pytest.mark.parametrize("to", ["postgres", "sqlite"])
def test_killed_while_it_copies_or_checks_it_leaves_nothing_there_and_the_source_as_it_was(
    home: Path, tmp_path: Path, empty_postgres: str, to: str, migrate: Run
) -> None:
    before, target = everything(sqlite(home)), empty_postgres if to == "postgres" else empty(tmp_path / "new")
    steps = -(-len(before["journal"]) // 10)  # pages of the journal; after these come other tables, then the check
    for step in (2, steps + 8):
        done = subprocess.run(
            [sys.executable, "-c", DYING, str(home), sqlite(home), target, str(step)],
            cwd=PROJECT,
            timeout=60,
            check=False,
        )
        assert done.returncode == -signal.SIGKILL
        assert everything(target) == {table.name: [] for table in COPIED}
    assert everything(sqlite(home)) == before
    assert migrate(home, target).code == 0
    assert everything(target) == before


def test_a_target_that_has_the_hall_already_is_refused_and_left_alone(home: Path, tmp_path: Path, migrate: Run) -> None:
    taken = empty(tmp_path / "taken")
    add_hall(taken, "main")
    before = everything(taken)
    told = migrate(home, taken)
    assert (told.code, told.err.strip()) == (3, "The target database holds hall main already; nothing was copied.")
    assert everything(taken) == before


def test_a_folder_with_a_server_is_neither_left_nor_moved_to(home: Path, tmp_path: Path, migrate: Run) -> None:
    other = tmp_path / "other"
    for running in (home, other):
        with closing(hold(running)):
            told = migrate(home, sqlite(other))
        assert told == Told(3, "", f"Another hallcall server is running on {running}: stop it first.\n")
    assert not (other / "hall.sqlite3").exists()


@pytest.mark.needs("postgres")
def test_a_server_on_the_source_in_postgresql_is_noticed_from_anywhere(
    home: Path, tmp_path: Path, empty_postgres: str, migrate: Run
) -> None:
    back = empty(tmp_path / "back")
    assert migrate(home, empty_postgres).code == 0
    with closing(Journal(empty_postgres, "main")) as server:
        server.head()
        told = migrate(home, back, source=empty_postgres)
    assert (told.code, told.err.strip()) == (3, "A hallcall server is connected to the source database: stop it first.")
    assert migrate(home, back, source=empty_postgres).code == 0


def test_a_journal_that_was_tampered_with_is_not_passed_on(home: Path, tmp_path: Path, migrate: Run) -> None:
    with closing(sqlite3.connect(home / "hall.sqlite3")) as raw, raw:
        raw.execute("UPDATE journal SET at = at + 1 WHERE seq = 7")
    new = empty(tmp_path / "new")
    told = migrate(home, new)
    assert told.code == 3
    assert told.err.splitlines()[-1].startswith("The copy of hall main does not verify. Row 7 (")
    assert everything(new) == {table.name: [] for table in COPIED}


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("oracle://hall:hunter2@there/hall", "This is no address of a database that HallCall can use"),
        ("postgresql://hall:hunter2@there:port/hall", "This is no address of a database; write sqlite:///FILE or"),
        (
            "postgresql+psycopg2://hall:hunter2@there/hall",
            "PostgreSQL needs psycopg2: pip install 'hallcall[postgres]'.",
        ),
        (NOWHERE, "The target database cannot be used: connection failed: connection to server at"),
        ("sqlite://", "The target names no file; write sqlite:///FILE."),
        ("sqlite:////proc/none/hall.sqlite3", "The data folder /proc/none cannot be written"),
    ],
)
def test_a_target_that_cannot_be_is_one_sentence_without_its_password(
    home: Path, migrate: Run, to: str, said: str
) -> None:
    told = migrate(home, to)
    assert (told.code, told.out, said in told.err, "hunter2" in told.err) == (3, "", True, False)
    assert len(told.err.strip().splitlines()) == 1


def test_a_source_that_is_not_there_is_not_made(home: Path, tmp_path: Path, migrate: Run) -> None:
    told = migrate(home, sqlite(tmp_path / "new"), source=sqlite(tmp_path / "nowhere"))
    assert (told.code, told.err.strip()) == (
        3, f"There is no database to copy: {tmp_path / 'nowhere' / 'hall.sqlite3'} does not exist."
    )  # fmt: skip
    assert not (tmp_path / "nowhere").exists()


def test_a_hall_that_is_not_there_is_named_with_those_that_are(home: Path, tmp_path: Path, migrate: Run) -> None:
    told = migrate(home, sqlite(tmp_path / "new"), "--hall", "west")
    assert (told.code, told.err.strip()) == (3, "The source database holds no hall west; it holds main.")


def test_a_hall_does_not_move_to_where_it_is(home: Path, migrate: Run) -> None:
    told = migrate(home, sqlite(home))
    assert (told.code, told.err.strip()) == (3, f"The hall is in {home / 'hall.sqlite3'} already.")


def test_the_command_that_people_type_runs_it(home: Path, tmp_path: Path) -> None:
    new = empty(tmp_path / "new")
    done = subprocess.run(
        [sys.executable, "-c", "from hall_server.cli import main; main()", "migrate", "--home", str(home), "--to", new],
        cwd=PROJECT, capture_output=True, text=True, check=False, timeout=60,
        env={name: value for name, value in os.environ.items() if name != "HALLCALL_DATABASE"},
    )  # fmt: skip
    assert (done.returncode, "the journal verifies" in done.stdout) == (0, True), done.stderr
