"""Business days in the journal: which there were, and everything that happened on one."""

from collections.abc import Iterator

from sqlalchemy import select

from hall_server.core import folds as fold
from hall_server.core.figures.devices import Told
from hall_server.core.figures.fairness import Fairness, fairness
from hall_server.core.figures.kpi import Figures, figures
from hall_server.core.figures.visits import day_of
from hall_server.core.hall import Hall
from hall_server.journal import Journal, named_trouble
from hall_server.tables import OPENING, journal


def openings(of: Journal) -> list[tuple[int, str]]:
    """The row that opened each business day, and the day (DATE/SERIAL). Raises ``JournalError``."""
    asked = select(journal.c.seq, journal.c.day).where(journal.c.hall == of.hall, OPENING).order_by(journal.c.seq)
    with named_trouble(), of.reads.connect() as connection:
        return [(int(seq), day) for seq, day in connection.execute(asked)]


def told_of(of: Journal, day: str = "") -> Iterator[Told]:
    """Everything from the opening of a day to the next one; of a mere date its last opening, of nothing the last day.

    Raises ``JournalError``.
    """
    days = openings(of)
    found = [n for n, (_, name) in enumerate(days) if day in ("", name, name.partition("/")[0])]
    if not found:
        return
    (begin, _), following = days[found[-1]], days[found[-1] + 1 :]
    for row in of.rows(begin - 1):
        if following and row.seq >= following[0][0]:
            return
        yield Told(row.at, row.actor, row.fact())


def hall_now(of: Journal) -> Hall:
    """The hall as its journal leaves it, for whoever asks no server. Raises ``JournalError``."""
    hall = Hall()
    for row in of.rows(of.last_opening()):
        fold.apply(hall, row.fact(), row.seq, row.at, row.actor)
    return hall


def fairness_of(of: Journal, day: str) -> Fairness | None:
    """Who was overtaken on a day; None when there was no such day. Raises ``JournalError``."""
    return fairness(told_of(of, day))


def figures_of(of: Journal, day: str, within_s: int) -> Figures | None:
    """The figures of a day from its facts alone; None when there was no such day. Raises ``JournalError``."""
    found = day_of(told_of(of, day))
    return None if found is None else figures(found, within_s)
