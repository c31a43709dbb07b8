"""Alembic's entry: it runs the steps on the connection that ``migrate`` holds open."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
