"""What a complaint says and by whom: personal, kept until it is closed and some time longer."""

from alembic import op
from sqlalchemy import Column, Double, String, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "complaints",
        Column("hall", String(64), primary_key=True),
        Column("id", String(32), primary_key=True),
        Column("name", String(80), nullable=False),
        Column("contact", String(80), nullable=False),
        Column("said", Text, nullable=False),
        Column("notes", Text, nullable=False),
        Column("keep_until", Double),
    )
    op.create_index("complaints_keep", "complaints", ["hall", "keep_until"])
