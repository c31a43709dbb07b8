"""What the journal says about one device: its newest rows page by page, and the rows of some business days."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from hall_server.journal import Journal, Row, named_trouble
from hall_server.tables import OPENING, journal

LOOKED_AT = 20_000  # rows read back for one page: two days of a busy hall, read in a fraction of a second
REPAIRS_KNOWN = 40  # no more than a page has rows
ROWS_KEPT = 200_000  # a device with more facts than this in the days asked for is told of as far as that
OF_ALL = ("HallConfigured", "DayOpened")  # they name every device, and say nothing about one
_COLUMNS = tuple(c for c in journal.c if c.name != "hall")


def page(of: Journal, device: str, before: int, limit: int) -> tuple[list[Row], int | None]:
    """The newest rows before a number that name a device or a repair of it, newest first, and where to look on (None:
    no more). What a fault did to windows and tickets names only the repair.
    """
    before = min(before, of.head().seq + 1)
    lowest = max(1, before - LOOKED_AT)
    asked = select(*_COLUMNS).where(journal.c.hall == of.hall, journal.c.seq >= lowest, journal.c.seq < before)
    opened = asked.where(journal.c.kind == "RepairOpened", _names(device)).order_by(journal.c.seq.desc())
    with named_trouble(), of.reads.connect() as connection:
        repairs = [json.loads(row.body)["repair"] for row in connection.execute(opened.limit(REPAIRS_KNOWN))]
        named = or_(*(_names(name) for name in (device, *repairs)))
        newest = asked.where(journal.c.kind.not_in(OF_ALL), named).order_by(journal.c.seq.desc()).limit(limit)
        found = [Row(*row) for row in connection.execute(newest)]
    if len(found) == limit:
        return found, found[-1].seq
    return found, lowest if lowest > 1 else None


def labels(of: Journal, tickets: Iterable[str], around: int) -> dict[str, str]:
    """By ticket, the label on its slip; of those that were issued not too long before a row."""
    names = [_names(ticket) for ticket in tickets]
    if not names:
        return {}
    asked = select(journal.c.body).where(journal.c.hall == of.hall, journal.c.kind == "TicketIssued", or_(*names))
    near = asked.where(journal.c.seq >= around - LOOKED_AT, journal.c.seq <= around)
    with named_trouble(), of.reads.connect() as connection:
        bodies = [json.loads(body) for body in connection.scalars(near)]
    return {body["ticket"]: body["label"] for body in bodies}


def of_days(of: Journal, days: tuple[str, str], named: Mapping[str, str], always: Sequence[str]) -> Iterator[Row]:
    """The rows of business days (YYYY-MM-DD, both included): ``always`` all, others that name what is named here."""
    (first, last), names = days, sorted(set(named.values()))
    kinds = {name: [kind for kind, whom in named.items() if whom == name] for name in names}
    wanted = or_(journal.c.kind.in_(always), *(and_(journal.c.kind.in_(kinds[name]), _names(name)) for name in names))
    with named_trouble(), of.reads.connect() as connection:
        begin = _opening(connection, of.hall, first)
        if begin is None:
            return
        end = _opening(connection, of.hall, f"{last}/~")  # behind every serial of that date
        asked = select(*_COLUMNS).where(journal.c.hall == of.hall, journal.c.seq >= begin, wanted)
        if end is not None:
            asked = asked.where(journal.c.seq < end)
        for row in connection.execute(asked.order_by(journal.c.seq).limit(ROWS_KEPT)):
            yield Row(*row)


def _opening(connection: Connection, hall: str, day: str) -> int | None:
    """The row that opened the first business day from this one on."""
    asked = select(journal.c.seq).where(journal.c.hall == hall, OPENING, journal.c.day >= day)
    seq = connection.scalar(asked.order_by(journal.c.seq).limit(1))
    return None if seq is None else int(seq)


def _names(device: str) -> ColumnElement[bool]:
    return journal.c.body.contains(f'"{device}"', autoescape=True)
