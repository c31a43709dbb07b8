"""Rules of a ticket besides its way through the queue: set aside and taken up, brought back, marked, undone."""

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.commands.life import Hold, MarkUrgent, NoteNeed, Reinstate, TakeCare, TakeUp, Undo
from hall_server.core.facts import life as lf
from hall_server.core.hall import Done, Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import materials, pickups
from hall_server.core.rules.tickets import need_ticket
from hall_server.core.rules.windows import need_active, ready
from hall_server.core.tickets import State, Ticket, require

HOLD_S = 1800.0  # who fetches a copy is back within half an hour, or has been forgotten
UNDO_S = 30.0  # a slip of the finger is noticed at once; later somebody may have acted upon it


def hold(hall: Hall, command: Hold, now: float) -> list[f.Fact]:
    """Set the customer at a window aside; the window is free for the next one."""
    ticket = need_active(hall, command.window, "hold")
    _need_reason(command.reason, f"why {ticket.label} is set aside")
    not_before = now + command.not_before_s if command.not_before_s else None
    due = now + HOLD_S if not_before is None else not_before
    return [lf.TicketHeld(ticket.id, command.window, command.pool, command.reason, due, not_before)]


def take_up(hall: Hall, command: TakeUp, now: float) -> list[f.Fact]:
    """Call who was set aside, or serve them at once because they stand there."""
    settled = ready(hall, command)
    ticket = need_ticket(hall, command.ticket)
    require(ticket, "resume")
    if not may_take_up(hall, ticket, command.window):
        raise Refused("other_pool", f"{ticket.label} is kept for another window.")
    if command.here:
        return [*settled, lf.TicketResumed(ticket.id, command.window)]
    if ticket.hold is not None and ticket.hold.not_before is not None and now < ticket.hold.not_before:
        raise Refused("hold_not_yet", f"{ticket.label} comes back later: call then, or say that they are here.")
    return [*settled, f.TicketCalled(ticket.id, command.window, "held")]


def may_take_up(hall: Hall, ticket: Ticket, window: str) -> bool:
    """Whether a window may take a customer up; whom a window keeps that calls nobody, all of the service may take."""
    if ticket.hold is None or not routing.serves(hall, window):
        return False
    if ticket.hold.pool == "hall" or ticket.hold.window == window:
        return True
    kept = ticket.hold.pool == "window" and routing.keeps(hall, ticket.hold.window)
    return not kept and ticket.service in routing.serves(hall, window)


def overdue(hall: Hall, now: float) -> list[f.Fact]:
    """Who has been set aside for longer than was meant: said once."""
    held = ((hall.tickets[name], hall.tickets[name].hold) for name in sorted(hall.held))
    return [lf.TicketHoldOverdue(t.id) for t, hold in held if hold and not hold.overdue and now >= hold.due]


def reinstate(hall: Hall, command: Reinstate, now: float) -> list[f.Fact]:
    """Who was not there, or had given up, joins as of now."""
    ticket = need_ticket(hall, command.ticket)
    require(ticket, "reinstate")
    _need_reason(command.reason, f"why {ticket.label} may wait again")
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: nobody can wait.")
    if not routing.windows_for(hall, ticket.service):
        raise Refused("service_closed", f"No window serves what {ticket.label} is for now.")
    return [lf.TicketReinstated(ticket.id, command.reason)]


def mark_urgent(hall: Hall, command: MarkUrgent, now: float) -> list[f.Fact]:
    """Before everybody, with a reason that the journal keeps; asked twice it is said once."""
    ticket = need_ticket(hall, command.ticket)
    require(ticket, "mark")
    if command.urgent:
        _need_reason(command.reason, f"why {ticket.label} goes before everybody")
    if bool(ticket.urgent) is command.urgent:
        return []
    return [lf.TicketUrgent(ticket.id, command.reason, command.urgent)]


def note_need(hall: Hall, command: NoteNeed, now: float) -> list[f.Fact]:
    """A bounded head start; no proof is asked, and no screen, paper or page tells of it."""
    ticket = need_ticket(hall, command.ticket)
    require(ticket, "mark")
    return [] if ticket.need is command.need else [lf.TicketNeedNoted(ticket.id, command.need)]


def take_care(hall: Hall, command: TakeCare, now: float) -> list[f.Fact]:
    """A word to somebody who waits; the same one is noted once, whoever taps."""
    ticket = need_ticket(hall, command.ticket)
    require(ticket, "mark")
    said = command.what in {one.what for one in ticket.care}
    return [] if said else [lf.TicketCared(ticket.id, command.what)]


def undo(hall: Hall, command: Undo, now: float) -> list[f.Fact]:
    """Take one's own last move back, as long as nobody has moved these customers since."""
    done = hall.done.get(command.by)
    if done is None or not hall.day_open:
        raise Refused("nothing_to_undo", "There is no move of yours to take back.")
    if now - done.at > UNDO_S:
        raise Refused("undo_too_late", f"A move can be taken back for {UNDO_S:.0f} s.")
    if not still_so(hall, done):
        raise Refused("moved_since", "This customer, or this window, has moved on since.")
    names = tuple(one.id for one in done.before)
    void = [*materials.withdrawn(hall, done), *pickups.withdrawn(hall, done)]
    return [*_paper_again(hall, done), *void, lf.TicketUndone(names, done.moves, command.by)]


def still_so(hall: Hall, done: Done) -> bool:
    """Whether nobody has moved these customers since, and the windows where they stood are free for them."""
    mine = {one.id for one in done.before}
    moved = any(hall.tickets[one.id].moved > done.seq for one in done.before)
    places = [
        (hall.windows.get(one.window or ""), one.id)
        for one in done.before
        if one.state in (State.CALLED, State.SERVING)
    ]
    taken = any(place is None or place.ticket not in (None, *mine) for place, _ in places)
    away = any(place is not None and place.incidents and place.ticket != name for place, name in places)
    return not moved and not taken and not away


def _paper_again(hall: Hall, done: Done) -> list[f.Fact]:
    """Whoever had given up before the paper came still wants it."""
    slips = ((hall.slips.get(one.slip or ""), routing.printer(hall, one.kiosk)) for one in done.before)
    return [
        f.SlipOwed(slip.id, slip.ticket, printer, slip.attempt + 1, slip.copied)
        for slip, printer in slips
        if slip is not None and printer is not None and (slip.state, slip.reason) == ("failed", "cancelled")
    ]


def _need_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise Refused("reason_needed", f"Say {what}.")
