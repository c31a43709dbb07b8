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
    sent = [ticket for name in hall.sent.get(window, ()) if (ticket := hall.tickets[name]).service in services]
    heads = [head for service in services if (head := _head(hall, service))]
    passed = [head for service in services if (head := _head(hall, service, passed=True))] if not heads else []
    return _choice(sent, "redirected_here") or _choice(heads, "fifo") or _choice(passed, "passed_over")


def _choice(tickets: list[Ticket], why: str) -> Choice | None:
    if not tickets:
        return None
    return Choice(min(tickets, key=lambda t: (t.arrival, t.seq)), why)


def _head(hall: Hall, service: str, *, passed: bool = False) -> Ticket | None:
    """The first ticket of a queue that no other window has been promised."""
    waiting = (hall.tickets[name] for _, _, name in hall.queues[service])
    return next((t for t in waiting if (t.pass_over > 0) is passed and _free(hall, t)), None)


def _free(hall: Hall, ticket: Ticket) -> bool:
    """A ticket sent to a window that has itself gone out of service belongs to everybody."""
    return ticket.bound is None or ticket.service not in routing.eligible(hall, ticket.bound)
