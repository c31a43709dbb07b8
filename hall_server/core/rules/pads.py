"""Rules of wired pads: what a key means at its window now, so that a window can run by pad and sign alone."""

from collections.abc import Callable
from string import ascii_uppercase

from hall_server.core import facts as f
from hall_server.core import tickets
from hall_server.core.commands import (
    Absent,
    CallNext,
    CallTicket,
    Finish,
    Pause,
    PressKey,
    Recall,
    Resume,
    Start,
    Transfer,
)
from hall_server.core.commands.life import Hold, TakeUp
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import leaving, life, transfers, windows
from hall_server.core.tickets import State


def press(hall: Hall, command: PressKey, now: float) -> list[f.Fact]:
    """A key about what the pad was showing; when that is no longer so, the clerk shall look and press again."""
    device = hall.device_by_id.get(command.device)
    if device is None or device.kind != "pad" or device.place != "window":
        raise Refused("unknown_device", f"There is no pad {command.device!r} at a window.")
    ticket = hall.active(device.at)
    if command.seen != (ticket.label if ticket else ""):
        raise Refused("pad_behind", f"The pad of window {device.at} showed {command.seen or 'nobody'}: look again.")
    move = KEYS.get(command.action)
    if move is None or (command.action in NEED_DIGITS and not command.digits):
        raise Refused("no_such_key", f"A pad's key {command.action!r} does nothing in this hall.")
    return move(hall, device.at, command.digits, now)


def _next(hall: Hall, window: str, digits: str, now: float) -> list[f.Fact]:
    """Digits before the key choose a number."""
    previous = _previous(hall, window)
    if digits:
        return windows.call_ticket(hall, CallTicket(window, digits, previous, BY_PAD), now)
    return windows.call_next(hall, CallNext(window, previous), now)


def _pause(hall: Hall, window: str, digits: str, now: float) -> list[f.Fact]:
    """One key for both: a pad has no second one."""
    state = hall.windows[window]
    if state.paused_at is None and state.asks is None:
        return leaving.pause(hall, Pause(window), now)
    return leaving.resume(hall, Resume(window), now)


def _to_window(hall: Hall, window: str, digits: str, now: float) -> list[f.Fact]:
    to = transfers.numbered_window(hall, digits)
    return transfers.transfer(hall, Transfer(window, to=to), now)


def _to_service(hall: Hall, window: str, digits: str, now: float) -> list[f.Fact]:
    service = transfers.numbered_service(hall, digits)
    return transfers.transfer(hall, Transfer(window, service), now)


def _take_up(hall: Hall, window: str, digits: str, now: float) -> list[f.Fact]:
    """Who was set aside is called: by number, else whoever may come by now and has been set aside longest."""
    held = (hall.tickets[name] for name in hall.held)
    mine = [one for one in held if life.may_take_up(hall, one, window) and (not digits or _number(one) == int(digits))]
    if not mine:
        raise Refused("nobody_held", f"Nobody of that number is set aside for window {window}.")
    if digits and len(mine) > 1:
        raise Refused("ambiguous_number", f"Say which one: {', '.join(sorted(one.label for one in mine))}.")
    chosen = min(mine, key=lambda one: (*_due(one.hold, now), one.seq))
    return life.take_up(hall, TakeUp(window, chosen.id, previous=_previous(hall, window)), now)


def _due(hold: tickets.Hold | None, now: float) -> tuple[bool, float]:
    return (True, now) if hold is None else ((hold.not_before or now) > now, hold.since)


def _number(ticket: tickets.Ticket) -> int:
    return int(ticket.label.lstrip(ascii_uppercase) or 0)


def _previous(hall: Hall, window: str) -> str | None:
    """Without a *start* key the hall says what became of who was only called."""
    ticket = hall.active(window)
    return hall.config.pad_next if ticket is not None and ticket.state is State.CALLED else None


KEYS: dict[str, Callable[[Hall, str, str, float], list[f.Fact]]] = {
    "next": _next,
    "call": _next,
    "recall": lambda hall, window, _, now: windows.recall(hall, Recall(window), now),
    "start": lambda hall, window, _, now: windows.start(hall, Start(window), now),
    "finish": lambda hall, window, _, now: windows.finish(hall, Finish(window), now),
    "absent": lambda hall, window, _, now: windows.absent(hall, Absent(window), now),
    "pause": _pause,
    "resume": lambda hall, window, _, now: leaving.resume(hall, Resume(window), now),
    "hold": lambda hall, window, _, now: life.hold(hall, Hold(window, reason=BY_PAD), now),
    "take_up": _take_up,
    "transfer": _to_window,
    "transfer_service": _to_service,
}
BY_PAD = "pad"  # nobody can type why; that it was the pad is what there is to say
NEED_DIGITS = frozenset({"transfer", "transfer_service"})  # a *call* without any calls the next one
