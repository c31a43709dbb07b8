"""The journal, its request keys, and the credentials beside it."""

from alembic import op
from sqlalchemy import Column, Double, Integer, String, Text, text

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    op.create_table(
        "halls",
        Column("hall", String(64), primary_key=True),
        Column("epoch", Integer, nullable=False),
        Column("head_seq", Integer, nullable=False),
        Column("head_hash", String(64), nullable=False),
    )
    op.create_table(
        "journal",
        Column("hall", String(64), primary_key=True),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("day", String(20), nullable=False),
        Column("at", Double, nullable=False),
        Column("kind", String(40), nullable=False),
        Column("actor", String(80), nullable=False),
        Column("request_id", String(80)),
        Column("label", String(20)),
        Column("body", Text, nullable=False),
        Column("hash", String(64), nullable=False),
    )
    label, opening = text("label IS NOT NULL"), text("kind = 'DayOpened'")
    op.create_index(
        "journal_label", "journal", ["hall", "day", "label"], unique=True, sqlite_where=label, postgresql_where=label
    )
    op.create_index("journal_days", "journal", ["hall", "seq"], sqlite_where=opening, postgresql_where=opening)
    op.create_table(
        "requests",
        Column("hall", String(64), primary_key=True),
        Column("key", String(80), primary_key=True),
        Column("body_sha256", String(64), nullable=False),
        Column("status", Integer, nullable=False),
        Column("answer", Text, nullable=False),
        Column("at", Double, nullable=False),
    )
    op.create_table(
        "credentials",
        Column("id", String(32), primary_key=True),
        Column("hall", String(64), nullable=False),
        Column("secret_sha256", String(64), nullable=False, unique=True),
        Column("what", String(16), nullable=False),
        Column("role", String(16), nullable=False),
        Column("subject", String(64)),
        Column("window", String(64)),
        Column("created_at", Double, nullable=False),
        Column("expires_at", Double),
        Column("ended_at", Double),
    )
