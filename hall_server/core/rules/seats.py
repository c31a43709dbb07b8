"""Rules of a window's session: one clerk has it, another takes it over for a reason, silence lets it go."""

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.commands import CallNext, CallTicket
from hall_server.core.commands.day import SignHandover
from hall_server.core.commands.life import TakeUp
from hall_server.core.commands.seats import AtDesk, Attend, FallSilent
from hall_server.core.day_state import Seat
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.windows import need_window


def attend(hall: Hall, command: Attend, now: float) -> list[f.Fact]:
    """The window is theirs if it is nobody's; if it is somebody else's, for a reason that the journal keeps."""
    need_window(hall, command.window)
    seat = hall.seats.get(command.window)
    if (seat is not None and seat.clerk == command.clerk) or command.credential in hall.signed_out:
        return []  # a page may be heard for a moment after its session has ended
    if seat is not None and not command.reason.strip():
        raise _taken(seat.clerk, command.window)
    instead_of, why = ("", "") if seat is None else (seat.clerk, command.reason)
    return [f.WindowAttended(command.window, command.clerk, command.credential, why, instead_of)]


def need_seat(hall: Hall, command: AtDesk) -> None:
    """Let pass who has the window, acts where nobody has it, or takes it over: for a reason, or by a signature."""
    seat = hall.seats.get(command.window)
    takes = isinstance(command.command, Attend | SignHandover)
    if seat is not None and seat.clerk != command.clerk and not takes:
        raise _taken(seat.clerk, command.window)


def need_read(hall: Hall, command: AtDesk) -> None:
    """Whoever takes a window over reads what was left there before they call anybody, in whichever way."""
    written = hall.handovers.get(command.window)
    calls = isinstance(command.command, CallNext | CallTicket | TakeUp)
    if calls and written is not None and written.signed_at is None and written.by != command.clerk:
        raise Refused("handover_unread", f"{written.by} left a hand-over at window {command.window}: sign it first.")


def _taken(clerk: str, window: str) -> Refused:
    return Refused("taken_over", f"{clerk} has window {window}: take it over, and say why.")


def fall_silent(hall: Hall, command: FallSilent, now: float) -> list[f.Fact]:
    """A window is released when neither its page nor any key there was heard for as long as the hall waits."""
    seat, window = hall.seats.get(command.window), hall.windows.get(command.window)
    limit_s = hall.config.day.release_min * 60
    if seat is None or seat.clerk != command.clerk or window is None or not limit_s:
        return []
    if command.silent_s < limit_s or (window.last_active is not None and now - window.last_active < limit_s):
        return []
    return [_released(hall, seat, command.silent_s)]


def signed_out(hall: Hall, credential: str) -> list[f.Fact]:
    """The window of whoever signs out is nobody's at once."""
    mine = (seat for seat in hall.seats.values() if seat.credential == credential)
    return [_released(hall, seat) for seat in mine if seat.window in hall.windows]


def _released(hall: Hall, seat: Seat, silent_s: float = 0.0) -> f.Fact:
    """A pad is a session of its own: its window is not without anybody because a page is gone."""
    pads = [device.id for device in hall.devices_at("window", seat.window) if device.kind == "pad"]
    there = any(not routing.failing(hall, pad) and not routing.silent(hall, pad) for pad in pads)
    return f.WindowReleased(seat.window, seat.clerk, round(silent_s), hall.windows[seat.window].ticket, there)
