"""Views of appointments: a day as the staff see it, with names that nobody can read whole."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

from hall_server.contract import appointments as m
from hall_server.core.appointments import Appointment, local
from hall_server.core.hall import Hall
from hall_server.core.offers import offered_on
from hall_server.records.appointments import Person
from hall_server.views import iso, service_name


def masked(name: str) -> str:
    """Enough of a name to ask for it, not enough to know it: of each word the first letter, and the last of three."""
    return " ".join(
        word[0] + "*" * max(1, len(word) - 2) + (word[-1] if len(word) > 2 else "") for word in name.split()
    )


def view(hall: Hall, day: date, people: Mapping[str, Person], kept_days: int = 1) -> m.AppointmentsView:
    """A calendar day's appointments and slots, in the order of time; names are kept for so many days afterwards."""
    zone = hall.config.timezone
    there = [one for one in hall.appointments.values() if local(one.at, zone).date() == day]
    taken = Counter((one.service, one.at) for one in there if one.state != "cancelled")
    offered = sorted(offered_on(hall.config, day), key=lambda slot: slot[1])
    return m.AppointmentsView(
        kept_days=kept_days, rev=hall.seq, day=day.isoformat(),
        slots=tuple(
            m.SlotRow(
                service=slots.service, service_name=service_name(hall, slots.service), at=iso(at),
                taken=taken[slots.service, at], capacity=slots.capacity,
            )
            for slots, at in offered
        ),
        rows=tuple(_row(hall, one, people.get(one.id)) for one in sorted(there, key=lambda one: (one.at, one.id))),
    )  # fmt: skip


def _row(hall: Hall, one: Appointment, person: Person | None) -> m.AppointmentRow:
    ticket = hall.tickets.get(one.ticket or "")
    return m.AppointmentRow.model_validate(
        {
            "id": one.id, "service": one.service, "service_name": service_name(hall, one.service), "at": iso(one.at),
            "state": one.state, "label": ticket.label if ticket else None,
            "name": masked(person.name) if person else "", "contact": person.contact if person else "",
        }
    )  # fmt: skip


def booked(one: Appointment, code: str | None = None) -> m.Booked:
    """An appointment as whoever made it is told."""
    return m.Booked.model_validate(
        {"id": one.id, "service": one.service, "at": iso(one.at), "state": one.state, "code": code}
    )
