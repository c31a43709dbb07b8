"""Rules of a window: call, recall, start, finish, absent."""

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.commands import (
    Absent,
    CallNext,
    CallTicket,
    Finish,
    Recall,
    Start,
)
from hall_server.core.commands.life import TakeUp
from hall_server.core.hall import Hall, WindowNow
from hall_server.core.policy import choice as policy
from hall_server.core.refusal import Refused
from hall_server.core.rules import away, ratings
from hall_server.core.rules.emergency import need_calm
from hall_server.core.tickets import State, Ticket, require

RECALL_GAP_S = 10.0  # an announcement needs to be heard out before it is repeated
RECALLS_BEFORE_ABSENT = 2
PASS_OVER_CALLS = 3  # a requeued ticket lets this many of its service go first
ABSENCES_ALLOWED = 1


def need_window(hall: Hall, window: str) -> WindowNow:
    """The window of that id, or a refusal."""
    if window not in hall.window_by_id:
        raise Refused("unknown_window", f"There is no window {window!r}.")
    return hall.windows[window]


def need_active(hall: Hall, window: str, move: str) -> Ticket:
    """The ticket at a window, if it may make this move."""
    need_window(hall, window)
    ticket = hall.active(window)
    if ticket is None:
        raise Refused("illegal_move", f"Nobody is at window {window}: there is no one to {move}.")
    require(ticket, move)
    return ticket


def call_next(hall: Hall, command: CallNext, now: float) -> list[f.Fact]:
    """Finish what is being served and call the next customer, in one breath; no fact about a call: nobody waits."""
    settled = ready(hall, command)
    choice = policy.next_for(hall, command.window, now)
    if choice is None:
        return settled
    called = f.TicketCalled(
        choice.ticket.id, command.window, choice.why, choice.overtaken, because=choice.because
    )  # fmt: skip
    return [*settled, called]


def call_ticket(hall: Hall, command: CallTicket, now: float) -> list[f.Fact]:
    """Call a certain customer, before their turn if need be; the fact says how many were overtaken."""
    settled = ready(hall, command)
    label = command.label.strip().upper()
    unseen = away.unseen(hall, command.window, label, command.ticket, command.code, now)
    issued, ticket = unseen or (None, _chosen(hall, command.window, label))
    if unseen is None and not command.reason.strip():
        raise Refused("reason_needed", f"Say why {ticket.label} is called before its turn.")
    choice = policy.by_hand(hall, command.window, routing.serves(hall, command.window), ticket, "chosen", now)
    called = f.TicketCalled(
        ticket.id, command.window, choice.why, choice.overtaken, reason=command.reason, because=choice.because
    )
    return [*settled, *([issued] if issued else []), called]


def _chosen(hall: Hall, window: str, label: str) -> Ticket:
    """The one waiting ticket of that label or number that this window may call."""
    named = [t for t in hall.alike(label) if label.isdigit() or t.label == label]
    here = [t for t in named if t.service in routing.serves(hall, window)]
    waiting = [t for t in here if t.state is State.WAITING]
    if len(waiting) > 1:
        raise Refused("ambiguous_number", f"Say which one: {', '.join(t.label for t in waiting)}.")
    if waiting:
        return waiting[0]
    if here:
        raise Refused("not_waiting", f"{here[0].label} is {here[0].state}: only who waits can be called.")
    if named:
        raise Refused("other_service", f"Window {window} does not serve what {named[0].label} is for.")
    raise Refused("unknown_ticket", f"There is no ticket {label!r} today.")


def ready(hall: Hall, command: CallNext | CallTicket | TakeUp) -> list[f.Fact]:
    """What becomes of the customer before, at a window that may call."""
    need_window(hall, command.window)
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: nobody is called.")
    need_calm(hall)
    settled = _settle(hall, command)
    need_calling(hall, command.window)
    return settled if hall.windows[command.window].unattended is None else [f.WindowAttended(command.window), *settled]


def need_calling(hall: Hall, window: str) -> None:
    """Let pass a window that may call, or refuse by saying why it may not."""
    _refuse_redirected(hall, window)
    if hall.windows[window].paused_at is not None:
        raise Refused("window_paused", f"Window {window} is paused: resume first.")


def _settle(hall: Hall, command: CallNext | CallTicket | TakeUp) -> list[f.Fact]:
    ticket = hall.active(command.window)
    if ticket is None:
        return []
    if ticket.state is State.SERVING or command.previous == "served":
        return ratings.finish(hall, ticket, command.window)
    if command.previous == "absent":
        return [_not_here(ticket, command.window)]
    raise Refused("previous_needed", f"{ticket.label} is called: say whether it was served or absent.")


def _refuse_redirected(hall: Hall, window: str) -> None:
    incidents = hall.windows[window].incidents
    if incidents:
        broken = [hall.device_by_id[r.device].en for r in hall.repairs.values() if r.id in incidents]
        where = ", ".join(routing.detour(hall, window)) or "no other window"
        why = f"{', '.join(broken)} is out of order" if broken else "it was taken out of service"
        raise Refused("window_redirected", f"Window {window} calls nobody: {why}; customers go to {where}.")


def recall(hall: Hall, command: Recall, now: float) -> list[f.Fact]:
    """Announce the call again, not sooner than it can be heard; at once what was not said aloud."""
    ticket = need_active(hall, command.window, "recall")
    need_calm(hall)
    heard_at = None if ticket.aloud == "not_spoken" else ticket.announced_at
    if heard_at is not None and now - heard_at < RECALL_GAP_S:
        raise Refused("recall_too_soon", f"{ticket.label} was announced less than {RECALL_GAP_S:.0f} s ago.")
    return [f.TicketRecalled(ticket.id, command.window)]


def start(hall: Hall, command: Start, now: float) -> list[f.Fact]:
    """The customer has come."""
    ticket = need_active(hall, command.window, "start")
    return [f.TicketStarted(ticket.id, command.window)]


def finish(hall: Hall, command: Finish, now: float) -> list[f.Fact]:
    """The service is over."""
    ticket = need_active(hall, command.window, "finish")
    return ratings.finish(hall, ticket, command.window)


def absent(hall: Hall, command: Absent, now: float) -> list[f.Fact]:
    """Nobody came: once the ticket is requeued, the second time it is a no-show."""
    ticket = need_active(hall, command.window, "absent")
    if ticket.calls < RECALLS_BEFORE_ABSENT and not command.force:
        raise Refused("recalls_needed", f"Recall {ticket.label} {RECALLS_BEFORE_ABSENT} times first, or hold the key.")
    return [_not_here(ticket, command.window)]


def _not_here(ticket: Ticket, window: str) -> f.Fact:
    if ticket.absences >= ABSENCES_ALLOWED:
        return f.TicketNoShow(ticket.id, window)
    return f.TicketRequeued(ticket.id, window, PASS_OVER_CALLS)
