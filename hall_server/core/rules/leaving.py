"""Rules of leaving a window: its pause, who stands in, who allows it, and what one clerk leaves to the next."""

from hall_server.core import facts as f
from hall_server.core.commands import Pause, Resume
from hall_server.core.commands.day import AnswerLeave, HandOver, SignHandover
from hall_server.core.facts import day as d
from hall_server.core.facts import windows as w
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.windows import need_window
from hall_server.core.tickets import Ticket

INFORM, COVER, APPROVAL = "inform", "cover", "approval"


def pause(hall: Hall, command: Pause, now: float) -> list[f.Fact]:
    """The clerk leaves, or asks to: who is at the window is served to the end, nobody else is called there."""
    window = need_window(hall, command.window)
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: no window has to pause.")
    if window.paused_at is not None:
        raise Refused("already_paused", f"Window {command.window} is paused already.")
    policy = hall.config.day.leave
    if command.approved_by or policy == INFORM or (policy == COVER and command.cover):
        return [w.WindowPaused(command.window, command.reason, command.cover, command.approved_by)]
    if policy == COVER:
        raise Refused("cover_needed", f"Say who stands in at window {command.window}.")
    if window.asks is not None:
        raise Refused("already_asked", f"Window {command.window} has asked already: the supervisor has to answer.")
    return [d.WindowPauseAsked(command.window, command.reason, command.cover)]


def answer(hall: Hall, command: AnswerLeave, now: float) -> list[f.Fact]:
    """The supervisor's yes or no."""
    asked = need_window(hall, command.window).asks
    if asked is None:
        raise Refused("no_question", f"Window {command.window} does not ask to pause.")
    if not command.allow:
        return [d.WindowPauseRefused(command.window, command.note)]
    return [w.WindowPaused(command.window, asked.reason, asked.cover, command.by)]


def resume(hall: Hall, command: Resume, now: float) -> list[f.Fact]:
    """The clerk is back, or does not want to leave any more."""
    window = need_window(hall, command.window)
    if window.asks is not None and window.paused_at is None:
        return [d.WindowPauseRefused(command.window)]
    if window.paused_at is None:
        raise Refused("not_paused", f"Window {command.window} is not paused.")
    return [w.WindowResumed(command.window)]


def hand_over(hall: Hall, command: HandOver, now: float) -> list[f.Fact]:
    """What stands at this moment, with the clerk's own words; written again, the later one counts."""
    need_window(hall, command.window)
    services, active = hall.window_by_id[command.window].services, hall.active(command.window)
    sent = (hall.tickets[name] for name in hall.sent.get(command.window, ()))
    aside = (ticket for ticket in map(hall.tickets.__getitem__, hall.held) if _kept_at(ticket, command.window))
    mine = {ticket.label for ticket in (*sent, *aside, *([active] if active is not None else []))}
    here = {device.id for device in hall.devices_at("window", command.window)}
    faults = tuple(f"{one.device}: {one.fault}" for one in hall.repairs.values() if one.device in here)
    written = d.WindowHandedOver(
        command.window, command.by, command.note, command.to, tuple(sorted(mine)), faults,
        hall.ratings.get(command.window, {}).get("served", 0), sum(len(hall.queues[s]) for s in services),
    )  # fmt: skip
    return [written]


def _kept_at(ticket: Ticket, window: str) -> bool:
    return ticket.hold is not None and ticket.hold.window == window


def sign(hall: Hall, command: SignHandover, now: float) -> list[f.Fact]:
    """Who reads it is somebody else than who wrote it, and has the window then."""
    need_window(hall, command.window)
    written = hall.handovers.get(command.window)
    if written is None or written.signed_at is not None:
        raise Refused("no_handover", f"Nothing is left to read at window {command.window}.")
    if written.by == command.by:
        raise Refused("same_person", "Whoever wrote a hand-over does not sign for reading it.")
    signed, seat = d.WindowHandoverSigned(command.window, command.by), hall.seats.get(command.window)
    if seat is None or seat.clerk == command.by:
        return [signed]
    return [signed, f.WindowAttended(command.window, command.by, command.credential, "", seat.clerk)]
