"""The tables of the journal and of the records beside it, as SQLAlchemy Core sees them.

Indexes are named by the migrations alone: a partial one here would load the dialect of a database that is not in use.
"""

from sqlalchemy import Column, Double, Integer, MetaData, String, Table, Text, text

metadata = MetaData()

# One row a hall: the row that is locked while its journal grows. Epoch is raised only by a restore.
halls = Table(
    "halls",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("head_seq", Integer, nullable=False),
    Column("head_hash", String(64), nullable=False),
)

journal = Table(
    "journal",
    metadata,
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
OPENING = text("kind = 'DayOpened'")  # spelt as the index on it is, or that is not used

requests = Table(
    "requests",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("body_sha256", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("at", Double, nullable=False),
)

credentials = Table(
    "credentials",
    metadata,
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

# Who has an appointment. What became of it the journal knows; this is what may be forgotten.
appointments = Table(
    "appointments",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("contact", String(40), nullable=False),
    Column("last4", String(4), nullable=False),
    Column("code_sha256", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Column("keep_until", Double, nullable=False),
)

# What a complaint says and by whom. What became of it the journal knows; this is what may be forgotten.
complaints = Table(
    "complaints",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("id", String(32), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("contact", String(80), nullable=False),
    Column("said", Text, nullable=False),
    Column("notes", Text, nullable=False),
    Column("keep_until", Double),
)

# Whom each server of a shared database hears just now: no history, and nothing that a copy of a hall would need.
presence = Table(
    "presence",
    metadata,
    Column("hall", String(64), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("server", String(32), primary_key=True),
    Column("seen_at", Double, nullable=False),
)
