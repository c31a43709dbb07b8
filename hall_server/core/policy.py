"""Which ticket is next: the policies, each with its explanation."""

from dataclasses import dataclass

from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.tickets import Ticket


@dataclass(frozen=True, slots=True)
class Choice:
    """The winner and why; ``overtaken`` counts waiting tickets that came earlier."""

    ticket: Ticket
    why: str
    overtaken: int = 0


def first_in_first_out(hall: Hall, window: str) -> Choice | None:
    """The earliest arrival (ties by journal number) among the services of a window; tickets sent here come first."""
    services = routing.eligible(hall, window)
    heads = [head for service in services if (head := _head(hall, window, service))]
    if not heads:
        passed = [t for service in services if (t := _head(hall, window, service, passed=True))]
        return _choice(passed, "passed_over")
    sent = [t for t in heads if t.bound == window]
    return _choice(sent, "redirected_here") or _choice(heads, "fifo")


def _choice(tickets: list[Ticket], why: str) -> Choice | None:
    if not tickets:
        return None
    return Choice(min(tickets, key=lambda t: (t.arrival, t.seq)), why)


def _head(hall: Hall, window: str, service: str, *, passed: bool = False) -> Ticket | None:
    """The first ticket of a queue that this window may take: those sent here before all others."""
    first = None
    for _, _, name in hall.queues[service]:
        ticket = hall.tickets[name]
        if bool(ticket.pass_over > 0) is not passed:
            continue
        if ticket.bound == window:
            return ticket
        if first is None and _free(hall, ticket):
            first = ticket
        if first is not None:
            break
    return first


def _free(hall: Hall, ticket: Ticket) -> bool:
    """A ticket sent to a window that has itself gone out of service belongs to everybody."""
    return ticket.bound is None or ticket.service not in routing.eligible(hall, ticket.bound)
