"""Tokens, sign-in links and sessions: stored as SHA-256, known to the process as a table in memory."""

from hashlib import sha256

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class _Base(DeclarativeBase):
    pass


class Credential(_Base):
    """One secret's record; ``what`` is token, link or session; a secret itself is never stored."""

    __tablename__ = "credentials"

    id: Mapped[str] = mapped_column(primary_key=True)
    hall: Mapped[str]
    secret_sha256: Mapped[str]
    what: Mapped[str]
    role: Mapped[str]
    subject: Mapped[str | None]
    window: Mapped[str | None]
    created_at: Mapped[float]
    expires_at: Mapped[float | None]
    ended_at: Mapped[float | None] = mapped_column(default=None)


def digest(secret: str) -> str:
    """What is stored of a secret of 128 bits or more: its SHA-256, in hex."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()  # JSON may carry half a character


class Credentials:
    """The credentials in force, by digest; the writer's transactions change the rows, ``refresh`` reads them back."""

    def __init__(self, engine: Engine, hall: str) -> None:
        self._engine = engine
        self._hall = hall
        self._live: dict[str, Credential] = {}
        self.refresh()

    def refresh(self) -> None:
        """Read what is in force from the database."""
        with Session(self._engine, expire_on_commit=False) as session:
            found = session.scalars(
                select(Credential).where(Credential.hall == self._hall, Credential.ended_at.is_(None))
            ).all()
            session.expunge_all()
        self._live = {one.secret_sha256: one for one in found}

    def find(self, secret: str, now: float) -> Credential | None:
        """The credential of a secret, if it is in force."""
        found = self._live.get(digest(secret))
        if found is None or (found.expires_at is not None and found.expires_at <= now):
            return None
        return found

    def has(self, what: str, role: str, subject: str | None) -> bool:
        """Whether somebody holds such a credential already."""
        return any((c.what, c.role, c.subject) == (what, role, subject) for c in self._live.values())


def add(connection: Connection, credential: Credential) -> None:
    """Store a credential in the writer's transaction."""
    columns = (column.key for column in Credential.__table__.columns)
    connection.execute(insert(Credential).values({name: getattr(credential, name) for name in columns}))


def end(connection: Connection, credential: str, now: float) -> bool:
    """End a credential in the writer's transaction; False when it had ended before (a link is used once)."""
    changed = connection.execute(
        update(Credential).where(Credential.id == credential, Credential.ended_at.is_(None)).values(ended_at=now)
    )
    return changed.rowcount == 1
