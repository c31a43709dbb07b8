"""Old answers are found by their time: without this, dropping them reads them all."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the index."""
    op.create_index("requests_at", "requests", ["hall", "at"])
