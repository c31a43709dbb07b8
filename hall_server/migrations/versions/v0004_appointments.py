"""Who has an appointment: what is personal, and until when it is kept."""

from alembic import op
from sqlalchemy import Column, Double, String

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "appointments",
        Column("hall", String(64), primary_key=True),
        Column("id", String(32), primary_key=True),
        Column("name", String(80), nullable=False),
        Column("contact", String(40), nullable=False),
        Column("last4", String(4), nullable=False),
        Column("code_sha256", String(64), nullable=False),
        Column("at", Double, nullable=False),
        Column("keep_until", Double, nullable=False),
    )
    op.create_index("appointments_code", "appointments", ["hall", "code_sha256"], unique=True)
    op.create_index("appointments_at", "appointments", ["hall", "at"])
    op.create_index("appointments_keep", "appointments", ["hall", "keep_until"])
