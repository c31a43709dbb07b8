"""Folds of what happens to a ticket besides its way through the queue, and of moves that are taken back."""

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core.facts import life as f
from hall_server.core.hall import RECENT_CALLS, Done, Hall
from hall_server.core.places import join_queue, leave_queue, leave_window, move
from hall_server.core.policy import learning
from hall_server.core.tickets import Care, Hold, State, Ticket

ACTIVE = (State.CALLED, State.SERVING)
# The moves that whoever made them may take back; the others only show that somebody has moved the ticket since.
UNDOABLE = frozenset(
    {
        "TicketCalled", "TicketStarted", "TicketFinished", "TicketStepped", "TicketRequeued", "TicketNoShow",
        "TicketTransferred", "TicketHeld", "TicketResumed", "TicketCancelled",
    }
)  # fmt: skip
OTHERS = {"TicketRedirected", "TicketReinstated", "TicketExpired", "TicketRated"}
MOVES = UNDOABLE | OTHERS | {"TicketKept", "TicketArrivalEntered", "TicketServedEntered", "TicketLeftEntered"}
# What other facts have said meanwhile stays: papers, faults and words are not moves.
KEPT = ("slip", "incidents", "moved", "need", "urgent", "care")


def remember(hall: Hall, fact: Any, at: float, actor: str) -> None:
    """Before a move: how the ticket was, so that it can be taken back; *next* moves two tickets in one append."""
    kind = type(fact).__name__
    if kind not in MOVES:
        return
    ticket = hall.tickets[fact.ticket]
    ticket.moved = hall.seq
    if kind not in UNDOABLE or getattr(fact, "why", "") == "redirected":  # a fault called, and no clerk
        return
    last = hall.done.get(actor)
    together = (
        kind == "TicketCalled"
        and last is not None
        and (last.at, last.seq, last.before[-1].window) == (at, hall.seq - 1, fact.window)
    )
    before, moves = (last.before, last.moves) if together and last else ((), ())
    if ticket.id in {one.id for one in before}:  # nobody else waited: called again in one breath
        before, moves = (), ()
    pattern = last.pattern if moves and last else (hall.pattern_at, hall.pattern_seq)
    late = tuple((name, hall.tickets[name].pass_over) for name in sorted(hall.passed.get(ticket.service, ())))
    hall.done[actor] = Done(at, hall.seq, (*before, replace(ticket)), (*moves, kind), pattern, late)


def _held(hall: Hall, fact: f.TicketHeld, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    if ticket.started_at is not None:
        ticket.served_s += max(0.0, at - ticket.started_at)
    leave_window(hall, ticket, at)
    move(hall, ticket, State.HELD)
    hall.held.add(ticket.id)
    ticket.hold = Hold(fact.window, fact.pool, fact.reason, at, fact.due, fact.not_before)
    ticket.window, ticket.started_at, ticket.calls, ticket.apart = None, None, 0, True


def _resumed(hall: Hall, fact: f.TicketResumed, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    move(hall, ticket, State.SERVING)
    ticket.window, ticket.bound, ticket.started_at = fact.window, None, at
    now = hall.windows[fact.window]
    now.ticket, now.since, now.last_active = ticket.id, at, at


def _overdue(hall: Hall, fact: f.TicketHoldOverdue, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    if ticket.hold is not None:
        ticket.hold = replace(ticket.hold, overdue=True)


def _reinstated(hall: Hall, fact: f.TicketReinstated, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    ticket.arrival, ticket.came_at, ticket.due, ticket.seq, ticket.apart = at, at, None, hall.seq, True
    ticket.window, ticket.bound, ticket.called_at, ticket.started_at, ticket.ended_at = None, None, None, None, None
    ticket.calls, ticket.absences, ticket.pass_over, ticket.served_s = 0, 0, 0, 0.0
    move(hall, ticket, State.WAITING)


def _urgent(hall: Hall, fact: f.TicketUrgent, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    ticket.urgent = fact.reason if fact.urgent else ""
    (hall.urgent.add if fact.urgent else hall.urgent.discard)(ticket.id)


def _need(hall: Hall, fact: f.TicketNeedNoted, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    hall.queues[ticket.service].remove(ticket.key, ticket.lane)
    ticket.need = fact.need
    hall.queues[ticket.service].add(ticket.key, ticket.lane)


def _cared(hall: Hall, fact: f.TicketCared, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    ticket.care = (*ticket.care, Care(fact.what, actor, at))


def _stepped(hall: Hall, fact: f.TicketStepped, at: float, actor: str) -> None:
    ticket = hall.tickets[fact.ticket]
    learning.served(hall, ticket, at)
    told = hall.ratings.setdefault(fact.window, {})
    told["served"] = told.get("served", 0) + 1
    hall.count(ticket.service, ticket.state, -1)
    hall.count(fact.service, ticket.state, +1)
    leave_window(hall, ticket, at)
    ticket.reviewed = (fact.window, ticket.service) if fact.review else None
    if not fact.review:
        ticket.then = ticket.then[ticket.then.index(fact.service) + 1 :]
    ticket.back = None  # whoever wanted them back has had them
    ticket.service, ticket.window, ticket.bound, ticket.started_at, ticket.served_s = (
        fact.service,
        None,
        None,
        None,
        0.0,
    )
    ticket.calls, ticket.absences, ticket.sent_from, ticket.note, ticket.apart = 0, 0, None, "", True
    move(hall, ticket, State.WAITING)


def _undone(hall: Hall, fact: f.TicketUndone, at: float, actor: str) -> None:
    done = hall.done.pop(fact.by)
    if hall.pattern_seq == done.seq:  # else others have had their turn since, and those turns are not given twice
        hall.pattern_at, hall.pattern_seq = done.pattern
    _passed_over_again(hall, done)
    for before, kind in reversed(list(zip(done.before, done.moves, strict=True))):
        ticket = hall.tickets[before.id]
        if kind in ("TicketFinished", "TicketStepped"):
            _not_served(hall, before, ticket, done.at)
        if kind == "TicketCalled":
            _not_called(hall, ticket.id, done.at)
        _restore(hall, before, ticket, at)


def _passed_over_again(hall: Hall, done: Done) -> None:
    """A call that was taken back let nobody go first."""
    for name, calls in done.passed:
        ticket = hall.tickets[name]
        if ticket.state is State.WAITING and ticket.moved <= done.seq and done.moves[-1] == "TicketCalled":
            ticket.pass_over = calls
            hall.passed.setdefault(ticket.service, set()).add(name)


def _restore(hall: Hall, before: Ticket, ticket: Ticket, at: float) -> None:
    """Stand again where it stood before the move."""
    hall.count(ticket.service, ticket.state, -1)
    if ticket.state in ACTIVE:
        leave_window(hall, ticket, at)
    elif ticket.state is State.WAITING:
        leave_queue(hall, ticket)
    hall.held.discard(ticket.id)
    hall.gone.pop(ticket.id, None)
    for name in Ticket.__dataclass_fields__:
        if name not in KEPT:
            setattr(ticket, name, getattr(before, name))
    ticket.moved = hall.seq
    hall.count(ticket.service, ticket.state, +1)
    if ticket.state is State.WAITING:
        _stand_in_line(hall, ticket)
    elif ticket.state is State.HELD:
        hall.held.add(ticket.id)
    elif ticket.state in ACTIVE and ticket.window is not None:
        now = hall.windows[ticket.window]
        now.ticket, now.since = ticket.id, ticket.started_at or ticket.called_at


def _stand_in_line(hall: Hall, ticket: Ticket) -> None:
    join_queue(hall, ticket)
    if ticket.pass_over > 0:
        hall.passed.setdefault(ticket.service, set()).add(ticket.id)
    if ticket.bound is not None:
        hall.sent.setdefault(ticket.bound, set()).add(ticket.id)


def _not_called(hall: Hall, ticket: str, at: float) -> None:
    """No screen shows it any more, and what nobody has said yet is not said."""
    withdrawn = {one.name for one in hall.calls if one.ticket == ticket and one.at >= at}
    hall.calls = deque((one for one in hall.calls if one.name not in withdrawn), maxlen=RECENT_CALLS)
    for calls in hall.speech.values():
        for name in withdrawn:
            calls.pop(name, None)


def _not_served(hall: Hall, before: Ticket, ticket: Ticket, at: float) -> None:
    """The service is not over: nothing was learnt of it, and nobody is asked how it was."""
    learning.unserved(hall, before, at)
    told = hall.ratings[before.window or ""]
    told["served"] -= 1
    if ticket.asked is not None:
        told["asked"] -= 1
        if hall.asking.get(ticket.asked) == ticket.id:
            del hall.asking[ticket.asked]


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.TicketHeld: _held,
    f.TicketResumed: _resumed,
    f.TicketHoldOverdue: _overdue,
    f.TicketReinstated: _reinstated,
    f.TicketUrgent: _urgent,
    f.TicketNeedNoted: _need,
    f.TicketCared: _cared,
    f.TicketStepped: _stepped,
    f.TicketUndone: _undone,
}
