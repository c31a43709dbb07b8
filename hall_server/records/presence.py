"""Whom each of several servers hears just now: a station that one has lost may be talking to another."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, or_, select

from hall_server.tables import presence

HEARD_S = 5.0  # servers say each second whom they hear; one that says nothing for so long is gone, or hears nobody
KEPT_S = 60.0


def meet(connection: Connection, hall: str, server: str, here: Iterable[str]) -> frozenset[str]:
    """Say whom this server hears, and learn whom the others hear. Times are the database's: clocks differ."""
    now = float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())
    mine, old = presence.c.server == server, presence.c.seen_at < now - KEPT_S
    connection.execute(delete(presence).where(presence.c.hall == hall, or_(mine, old)))
    rows = [{"hall": hall, "name": name, "server": server, "seen_at": now} for name in here]
    if rows:
        connection.execute(insert(presence), rows)
    others = select(presence.c.name).where(
        presence.c.hall == hall, presence.c.server != server, presence.c.seen_at > now - HEARD_S
    )
    return frozenset(connection.execute(others).scalars())
