"""Who is heard by which server, where several servers share a database."""

from alembic import op
from sqlalchemy import Column, Double, String

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "presence",
        Column("hall", String(64), primary_key=True),
        Column("name", String(80), primary_key=True),
        Column("server", String(32), primary_key=True),
        Column("seen_at", Double, nullable=False),
    )
