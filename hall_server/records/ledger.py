"""The ledger of promises over some business days, from the facts about tickets alone."""

from collections.abc import Iterable, Iterator

from hall_server.core.facts import KINDS, DayOpened
from hall_server.core.figures.devices import Told
from hall_server.core.figures.ledger import Promises, promises
from hall_server.core.figures.visits import day_of
from hall_server.journal import Journal
from hall_server.records.device_rows import of_days

TELLING = ("DayOpened", "DayClosed", *(kind for kind in KINDS if kind.startswith("Ticket")))


def ledger_of(of: Journal, first: str, last: str) -> tuple[tuple[str, Promises], ...]:
    """What estimates were worth on each business day (YYYY-MM-DD, both included). Raises ``JournalError``."""
    rows = (Told(row.at, row.actor, row.fact()) for row in of_days(of, (first, last), {}, TELLING))
    found = (day_of(day) for day in _days(rows))
    return tuple((day.day, promises(day.visits.values())) for day in found if day is not None)


def _days(rows: Iterable[Told]) -> Iterator[list[Told]]:
    day: list[Told] = []
    for told in rows:
        if isinstance(told.fact, DayOpened) and day:
            yield day
            day = []
        day.append(told)
    if day:
        yield day
