"""Rules of appointments: slots and quotas, check-in with its tolerance, and who never came."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from hall_server.core import facts as f
from hall_server.core.appointments import MOVES, Appointment, Slots, local
from hall_server.core.commands import Issue
from hall_server.core.commands.appointments import (
    Book,
    BookMany,
    CancelAppointment,
    CheckIn,
    ConfirmAppointment,
    ForgetPersons,
)
from hall_server.core.facts import appointments as k
from hall_server.core.hall import Hall
from hall_server.core.offers import offered, slots_at
from hall_server.core.refusal import Refused
from hall_server.core.rules import tickets

BOOKED_AHEAD_S = 60 * 86400.0  # two months: every opening of a day carries them all


def book(hall: Hall, command: Book, now: float) -> list[f.Fact]:
    """One more customer in a slot that has room."""
    for _, wrong in mistakes(hall, (command,), now):
        raise wrong
    return [k.AppointmentBooked(command.appointment, command.service, command.at)]


def book_many(hall: Hall, command: BookMany, now: float) -> list[f.Fact]:
    """All of a sheet, or nothing and every mistake in it."""
    wrong = [(command.lines[number], refused) for number, refused in mistakes(hall, command.bookings, now)]
    if wrong:
        raise sheet_refused(wrong)
    return [k.AppointmentBooked(one.appointment, one.service, one.at) for one in command.bookings]


def sheet_refused(wrong: Sequence[tuple[int, Refused]]) -> Refused:
    """The refusal of a sheet: every line that is wrong, with its code."""
    said = " ".join(f"Line {line}: {refused.detail}" for line, refused in wrong)
    return Refused("sheet_refused", said, {str(line): refused.code for line, refused in wrong})


def mistakes(hall: Hall, bookings: Sequence[Book], now: float) -> Iterator[tuple[int, Refused]]:
    """By its place in the list, why a booking cannot be taken, if all the others before it are."""
    taken: Counter[tuple[str, float]] = Counter()
    for number, one in enumerate(bookings):
        wrong = _wrong(hall, one, now, taken)
        if wrong is not None:
            yield number, wrong
        taken[one.service, one.at] += wrong is None


def _wrong(hall: Hall, one: Book, now: float, taken: Counter[tuple[str, float]]) -> Refused | None:
    service, config = hall.service_by_id.get(one.service), hall.config
    if service is None:
        return Refused("unknown_service", f"There is no service {one.service!r}.")
    when = f"{local(one.at, config.timezone):%Y-%m-%d %H:%M}"
    if not now <= one.at <= now + BOOKED_AHEAD_S:
        return Refused("slot_away", f"{when} is over, or further ahead than two months.")
    slots = offered(config, one.service, one.at)
    if slots is None:
        return Refused("no_slot", f"{service.en} takes no appointments at {when}.")
    if hall.booked[one.service, one.at] + taken[one.service, one.at] >= slots.capacity:
        return Refused("slot_full", f"{service.en} has no place left at {when}.")
    return None


def need(hall: Hall, name: str, move: str) -> Appointment:
    """The appointment of that id, if it may make this move."""
    found = hall.appointments.get(name)
    if found is None:
        raise Refused("unknown_appointment", "There is no such appointment.")
    if found.state == "checked_in":
        ticket = hall.tickets.get(found.ticket or "")
        label = ticket.label if ticket else ""
        raise Refused("checked_in", f"Ticket {label} was given out for this appointment.", {"label": label})
    if found.state not in MOVES[move]:
        raise Refused("appointment_over", f"The appointment is {found.state}.")
    return found


def confirm(hall: Hall, command: ConfirmAppointment, now: float) -> list[f.Fact]:
    """The customer will come."""
    return [k.AppointmentConfirmed(need(hall, command.appointment, "confirm").id)]


def cancel(hall: Hall, command: CancelAppointment, now: float) -> list[f.Fact]:
    """The place in the slot is free again."""
    return [k.AppointmentCancelled(need(hall, command.appointment, "cancel").id)]


def terms(hall: Hall, one: Appointment) -> Slots:
    """The tolerance that counts for an appointment, also where its slots are no longer offered."""
    return slots_at(hall.config, one.service, one.at) or Slots(one.service, 0, 0)


def check_in(hall: Hall, command: CheckIn, now: float) -> list[f.Fact]:
    """A ticket as of the appointment's time; who is too late and wants it so has an ordinary one, as of now."""
    one = need(hall, command.appointment, "check_in")
    tolerance = terms(hall, one)
    opens = one.at - tolerance.early_s
    if now < opens:
        when = f"{local(opens, hall.config.timezone):%Y-%m-%d %H:%M}"
        raise Refused(
            "too_early", f"You may check in from {when}.", {"opens": datetime.fromtimestamp(opens, UTC).isoformat()}
        )
    late = now > one.at + tolerance.late_s
    if late and not command.walk_in:
        raise Refused("too_late", "The time of this appointment is over: take an ordinary ticket.")
    wanted = Issue(command.ticket, command.code, one.service, command.kiosk, command.language)
    issued = tickets.issue(hall, wanted, now, due=None if late else one.at)
    return [*issued, k.AppointmentCheckedIn(one.id, command.ticket)]


def missed(hall: Hall, now: float) -> list[f.Fact]:
    """Those who were expected and did not come."""
    open_ = [one for one in hall.appointments.values() if one.state in MOVES["miss"] and one.at < now]
    return [k.AppointmentMissed(one.id) for one in open_ if now > one.at + terms(hall, one).late_s]


def forget(hall: Hall, command: ForgetPersons, now: float) -> list[f.Fact]:
    """The journal tells how many were forgotten, and nothing of whom."""
    return [k.PersonsForgotten(command.kind, command.count)]
