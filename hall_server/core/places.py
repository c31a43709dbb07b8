"""Where a ticket stands: in a queue, at a window, or set aside; every fold that moves one keeps these in step."""

from hall_server.core.hall import Hall
from hall_server.core.policy.queue import Queue
from hall_server.core.tickets import GONE, State, Ticket


def move(hall: Hall, ticket: Ticket, state: State) -> None:
    """Give a ticket another state, and take it out of or into its queue."""
    hall.count(ticket.service, ticket.state, -1)
    hall.count(ticket.service, state, +1)
    if ticket.state is State.WAITING and state is not State.WAITING:
        leave_queue(hall, ticket)
    if ticket.state is State.HELD and state is not State.HELD:
        hall.held.discard(ticket.id)
        ticket.hold = None
    if state is State.WAITING and ticket.state is not State.WAITING:
        join_queue(hall, ticket)
    hall.gone.pop(ticket.id, None)
    if state in GONE:
        hall.gone[ticket.id] = None
    ticket.state = state


def join_queue(hall: Hall, ticket: Ticket) -> None:
    """Stand in line at the place that its arrival gives."""
    hall.queues.setdefault(ticket.service, Queue()).add(ticket.key, ticket.lane)
    if ticket.urgent:
        hall.urgent.add(ticket.id)


def leave_queue(hall: Hall, ticket: Ticket) -> None:
    """Wait no longer."""
    hall.queues[ticket.service].remove(ticket.key, ticket.lane)
    hall.passed.get(ticket.service, set()).discard(ticket.id)
    hall.sent.get(ticket.bound or "", set()).discard(ticket.id)
    hall.urgent.discard(ticket.id)


def leave_window(hall: Hall, ticket: Ticket, at: float) -> None:
    """The window is free again."""
    if ticket.window is not None:
        now = hall.windows[ticket.window]
        now.ticket, now.since, now.last_active = None, at, at
