"""Rules of complaints: anybody may make one, somebody answers for each by a day, and it ends with an outcome."""

from hall_server.core import facts as f
from hall_server.core.appointments import local
from hall_server.core.commands.complaints import CloseComplaint, Complain, NoteComplaint, TakeComplaint
from hall_server.core.complaints import MOST_A_TICKET, MOST_AN_HOUR, Complaint
from hall_server.core.facts import complaints as cf
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused

HOUR_S = 3600.0


def make(hall: Hall, command: Complain, now: float) -> list[f.Fact]:
    """Write it down; what staff write down is never too much."""
    ticket = hall.tickets.get(command.ticket)
    label = ticket.label if ticket is not None else ""
    window = command.window or (ticket.window or "" if ticket is not None else "")
    if command.via != "staff" and _too_many(hall, label, now):
        raise Refused("complaint_limit", "Too many complaints at once: please speak to the staff.")
    number = hall.seq + 1
    return [
        cf.ComplaintMade(
            command.complaint, number, command.matter, command.via, command.ticket if ticket else "", label, window,
            command.named,
        )
    ]  # fmt: skip


def _too_many(hall: Hall, label: str, now: float) -> bool:
    mine = [one for one in hall.complaints.values() if one.via != "staff" and one.label == label]
    if label:
        return sum(1 for one in mine if one.at >= (hall.opened_at or 0.0)) >= MOST_A_TICKET
    return sum(1 for one in mine if one.at > now - HOUR_S) >= MOST_AN_HOUR


def take(hall: Hall, command: TakeComplaint, now: float) -> list[f.Fact]:
    """Who sees to it, and until when; said again, it is somebody else or another day."""
    _open(hall, command.complaint)
    if command.due < local(now, hall.config.timezone).date().isoformat():
        raise Refused("complaint_due", "That day is over: name one that is still to come.")
    return [cf.ComplaintTaken(command.complaint, command.assignee, command.due)]


def note(hall: Hall, command: NoteComplaint, now: float) -> list[f.Fact]:
    """Something was done about it."""
    _open(hall, command.complaint)
    return [cf.ComplaintNoted(command.complaint)]


def close(hall: Hall, command: CloseComplaint, now: float) -> list[f.Fact]:
    """Only what somebody has taken up can be closed."""
    if not _open(hall, command.complaint).assignee:
        raise Refused("complaint_not_taken", "Nobody has taken it up: say first who sees to it, and until when.")
    return [cf.ComplaintClosed(command.complaint, command.outcome)]


def _open(hall: Hall, name: str) -> Complaint:
    known = hall.complaints.get(name)
    if known is None:
        raise Refused("unknown_complaint", "There is no such complaint.")
    if known.outcome:
        raise Refused("complaint_closed", "This complaint is closed.")
    return known
