"""Who is on duty today by the roster, and which of the clerks have a window. Looks only."""

from collections.abc import Iterator
from dataclasses import dataclass

from hall_server.core import hours
from hall_server.core.hall import Hall


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who should be here, at a window if that was said; ``here`` is None for whom nobody can tell."""

    role: str
    name: str
    window: str
    here: bool | None


def today(hall: Hall) -> Iterator[OnDuty]:
    """Everybody, in the order of the roster; a make-up day has the roster of the weekday that it stands in for."""
    day = hours.day_of(hall.config, hall.at)
    unlike = hours.special(hall.config, day)
    weekday = day.weekday() if unlike is None or unlike.like is None else unlike.like
    signed_in = {seat.clerk for seat in hall.seats.values()}
    for row in hall.config.roster:
        if (row.first or "0") <= day.isoformat() <= (row.last or "9") and (not row.days or weekday in row.days):
            for name in row.who:
                here = f"clerk:{name}" in signed_in if row.role == "clerk" else None
                yield OnDuty(row.role, name, row.window, here)
