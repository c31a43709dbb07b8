"""The database schema through time: bring a database to this program's version, or refuse a newer one.

The steps run in a process of their own: the tool that runs them takes longer to load than a killed server may be away.
"""

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine, inspect, text

from hall_server.journal import named_trouble

URL_VARIABLE = "HALLCALL_MIGRATE_URL"  # not an argument: it may hold a password


class SchemaNewer(Exception):
    """The database was written by a newer program."""


class MigrationFailed(Exception):
    """The schema could not be brought up to date; it is as it was."""


def known_revisions() -> tuple[str, ...]:
    """The steps that this program has, oldest first: v0001_journal.py is 0001."""
    files = (Path(__file__).parent / "versions").glob("v[0-9]*.py")
    return tuple(sorted(path.name[1:].partition("_")[0] for path in files))


def revision(engine: Engine) -> str | None:
    """The newest step that a database has gone; None for an empty one. Raises ``JournalError``."""
    with named_trouble(), engine.connect() as connection:
        there = inspect(connection).has_table("alembic_version")
        return connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None


def migrate(engine: Engine) -> None:
    """Bring the schema up to date, all steps in one transaction.

    Raises ``SchemaNewer``, ``MigrationFailed`` and ``JournalError``.
    """
    now, known = revision(engine), known_revisions()
    if now == known[-1]:
        return
    if now is not None and now not in known:
        raise SchemaNewer(
            f"The database has schema {now}, which this program does not know: it was written by a newer "
            "HallCall. Install that version again, or restore the backup made before the upgrade."
        )
    url = engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-m", "hall_server.migrations.upgrade"],
        env={**os.environ, URL_VARIABLE: url}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise MigrationFailed(f"The database could not be brought up to date: {done.stderr.strip().splitlines()[-1]}")
