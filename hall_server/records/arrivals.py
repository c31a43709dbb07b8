"""Who came on past business days: the index on labels finds what was issued without reading the rest of the journal."""

import json

from sqlalchemy import select

from hall_server.core.figures.forecast import Basis, Came, Forecast, first_day, forecast
from hall_server.journal import Journal, named_trouble
from hall_server.records.days import openings
from hall_server.tables import journal

MOST = 200_000  # tickets in one look: eight weeks of four thousand a day, read in a second or two


def came_between(of: Journal, first: str, before: str) -> list[Came]:
    """Who came on the business days from ``first`` on and before ``before`` (YYYY-MM-DD). Raises ``JournalError``."""
    issued = (journal.c.hall == of.hall, journal.c.label.is_not(None), journal.c.kind == "TicketIssued")
    asked = select(journal.c.day, journal.c.at, journal.c.body).where(
        *issued, journal.c.day >= first, journal.c.day < before
    )
    with named_trouble(), of.reads.connect() as connection:
        rows = connection.execute(asked.limit(MOST)).all()
    return [Came(day.partition("/")[0], at, json.loads(body)["service"]) for day, at, body in rows]


def forecast_of(of: Journal, day: str, known: Basis) -> Forecast:
    """The demand of a day as the weeks before it let expect. Raises ``JournalError``."""
    first = first_day(day)
    days = {name.partition("/")[0] for _, name in openings(of)}
    return forecast(day, known, (one for one in days if first <= one < day), came_between(of, first, day))
