"""``python -m hall_server.migrations.upgrade``: run the steps that a database lacks, in one transaction."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event

from hall_server.migrations import URL_VARIABLE

LOCK = int.from_bytes(b"HallCall")  # whoever else uses the database's numbered locks


def main() -> None:
    """Run the steps."""
    engine = create_engine(os.environ[URL_VARIABLE])
    if engine.dialect.name == "sqlite":
        # the driver would commit around every CREATE; then a crash in between leaves half a schema
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":  # servers that start together take turns; the second finds it done
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    engine.dispose()


if __name__ == "__main__":
    main()
