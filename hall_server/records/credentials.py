"""Tokens, sign-in links and sessions: stored as SHA-256, known to the process as a table in memory."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256

from sqlalchemy import Connection, Engine, and_, delete, func, insert, or_, select, update

from hall_server.journal import Journal, named_trouble
from hall_server.tables import credentials

FORGOTTEN_AT_ONCE = 500  # in one transaction: nobody waits long for it
UNKNOWN_AGAIN_S = 1.0  # strangers make the database be asked no more often than this


@dataclass(frozen=True, slots=True)
class Credential:
    """One secret's record; ``what`` is token, link or session; a secret itself is never stored."""

    id: str
    hall: str
    secret_sha256: str
    what: str
    role: str
    subject: str | None
    window: str | None
    created_at: float
    expires_at: float | None
    ended_at: float | None = None


def digest(secret: str) -> str:
    """What is stored of a secret of 128 bits or more: its SHA-256, in hex."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()  # JSON may carry half a character


class Credentials:
    """The credentials in force, by digest; the writer's transactions change the rows.

    ``forget`` says that they changed, here or by another server: they are read again when somebody asks next.
    """

    def __init__(self, engine: Engine, hall: str) -> None:
        self._engine = engine
        self._hall = hall
        self._live: dict[str, Credential] | None = None
        self._changes = 0
        self._shared = engine.dialect.name != "sqlite"
        self._read_at = 0.0

    def forget(self) -> None:
        """Something about them was changed."""
        self._live = None
        self._changes += 1

    def _in_force(self, now: float) -> dict[str, Credential]:
        live, changes = self._live, self._changes
        if live is None:
            lasts = or_(credentials.c.expires_at.is_(None), credentials.c.expires_at > now)
            mine = credentials.c.hall == self._hall
            in_force = select(credentials).where(mine, credentials.c.ended_at.is_(None), lasts)
            with named_trouble(), self._engine.connect() as connection:
                found = [Credential(*row) for row in connection.execute(in_force)]
            live = {one.secret_sha256: one for one in found}
            if changes == self._changes:  # else it changed while we read
                self._live = live
        return live

    def all(self, now: float) -> tuple[Credential, ...]:
        """The credentials in force, oldest first. Raises ``JournalError``."""
        return tuple(sorted(self._in_force(now).values(), key=lambda one: one.created_at))

    def find(self, secret: str, now: float) -> Credential | None:
        """The credential of a secret, if it is in force. Raises ``JournalError``."""
        found = self._in_force(now).get(digest(secret))
        if found is None and self._shared and now - self._read_at > UNKNOWN_AGAIN_S:  # another server may have made it
            self.forget()
            self._read_at = now
            found = self._in_force(now).get(digest(secret))
        if found is None or (found.expires_at is not None and found.expires_at <= now):
            return None
        return found


def add(connection: Connection, credential: Credential) -> None:
    """Store a credential in the writer's transaction."""
    connection.execute(insert(credentials).values(asdict(credential)))


def end(connection: Connection, credential: str, now: float) -> bool:
    """End a credential in the writer's transaction; False when it had ended before (a link is used once)."""
    changed = connection.execute(
        update(credentials).where(credentials.c.id == credential, credentials.c.ended_at.is_(None)).values(ended_at=now)
    )
    return changed.rowcount == 1


def ended_before(of: Journal, before: float) -> tuple[str, ...]:
    """Tokens, links and sessions that ended before a time, some at once. Raises ``JournalError``."""
    over = func.coalesce(credentials.c.ended_at, credentials.c.expires_at)
    asked = select(credentials.c.id).where(credentials.c.hall == of.hall, over < before)
    with named_trouble(), of.reads.connect() as connection:
        return tuple(connection.scalars(asked.limit(FORGOTTEN_AT_ONCE)))


def drop(connection: Connection, hall: str, names: Sequence[str]) -> bool:
    """Delete them in the writer's transaction; False when another server has deleted some."""
    mine = and_(credentials.c.hall == hall, credentials.c.id.in_(names))
    return connection.execute(delete(credentials).where(mine)).rowcount == len(names)
