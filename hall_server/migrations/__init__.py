"""The database schema through time: bring a database to this program's version, or refuse a newer one."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from hall_server.journal import named_trouble


class SchemaNewer(Exception):
    """The database was written by a newer program."""


def migrate(engine: Engine) -> None:
    """Bring the schema up to date, each step in one transaction. Raises ``SchemaNewer`` and ``JournalError``."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    known = ScriptDirectory.from_config(config)
    with named_trouble(), engine.begin() as connection:
        now = MigrationContext.configure(connection).get_current_revision()
        if now == known.get_current_head():
            return
        if now is not None and now not in {script.revision for script in known.walk_revisions()}:
            raise SchemaNewer(
                f"The database has schema {now}, which this program does not know: it was written by a newer "
                "HallCall. Install that version again, or restore the backup made before the upgrade."
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
