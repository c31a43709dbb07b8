"""The day that somebody asks for in an address."""

from datetime import date

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)  # no hall has others, and at the calendar's ends its sums fail


def day_in(said: str) -> date | None:
    """The day that a text like 2026-11-22 names; None for any other text."""
    try:
        day = date.fromisoformat(said)
    except ValueError:
        return None
    return day if day.isoformat() == said and FIRST <= day <= LAST else None
