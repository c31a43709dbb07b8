"""Folds of appointments: what is expected of whom there is nothing more to know here."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hall_server.core.appointments import Appointment
from hall_server.core.facts import appointments as k
from hall_server.core.hall import Hall

KEPT_S = 24 * 3600.0  # what is over may still be asked about on the day after


def _booked(hall: Hall, fact: k.AppointmentBooked, at: float, actor: str) -> None:
    hall.appointments[fact.appointment] = Appointment(fact.appointment, fact.service, fact.at)
    hall.booked[fact.service, fact.at] += 1


def _becomes(state: str) -> Callable[[Hall, Any, float, str], None]:
    def change(hall: Hall, fact: Any, at: float, actor: str) -> None:
        known = hall.appointments[fact.appointment]
        hall.appointments[known.id] = replace(known, state=state, ticket=getattr(fact, "ticket", None))

    return change


def _cancelled(hall: Hall, fact: k.AppointmentCancelled, at: float, actor: str) -> None:
    known = hall.appointments[fact.appointment]
    hall.appointments[known.id] = replace(known, state="cancelled")
    hall.booked[known.service, known.at] -= 1


def _forgotten(hall: Hall, fact: k.PersonsForgotten, at: float, actor: str) -> None:
    """Records that are no part of the hall's state are gone: only the journal tells."""


def carried(hall: Hall) -> tuple[k.AppointmentCarried, ...]:
    """Whom the next day expects, and what lately became of others."""
    lately = (one for one in hall.appointments.values() if one.at > hall.at - KEPT_S)
    return tuple(k.AppointmentCarried(one.id, one.service, one.at, one.state, one.ticket) for one in lately)


def remember(hall: Hall, known: Iterable[k.AppointmentCarried]) -> None:
    """Take over what was carried."""
    hall.appointments = {c.id: Appointment(c.id, c.service, c.at, c.state, c.ticket) for c in known}
    hall.booked = Counter((c.service, c.at) for c in hall.appointments.values() if c.state != "cancelled")


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    k.AppointmentBooked: _booked,
    k.AppointmentConfirmed: _becomes("confirmed"),
    k.AppointmentCancelled: _cancelled,
    k.AppointmentCheckedIn: _becomes("checked_in"),
    k.AppointmentMissed: _becomes("no_show"),
    k.PersonsForgotten: _forgotten,
}
