"""Which ticket is next: the policies, each with its explanation."""

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.tickets import State, Ticket


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


def coming(hall: Hall, services: tuple[str, ...], window: str | None = None) -> Iterator[Ticket]:
    """Who waits, in the order in which they would be called if nobody came; ``window``: as seen from there."""
    mine = [] if window is None else [hall.tickets[name] for name in hall.sent.get(window, ())]
    yield from sorted((t for t in mine if t.service in services and not _free(hall, t)), key=_place)
    fresh, late = _fresh(hall, services, window), _late(hall, services, window)
    head, called = next(fresh, None), Counter[str]()
    while head is not None or late:
        ready = [t for t in late if t.pass_over <= called[t.service]]
        if head is not None:
            ready.append(head)
        chosen = min(ready, key=_place) if ready else late[0]
        yield chosen
        called[chosen.service] += 1
        if chosen is head:
            head = next(fresh, None)
        else:
            late.remove(chosen)


def _place(ticket: Ticket) -> tuple[float, int]:
    return ticket.arrival, ticket.seq


def _fresh(hall: Hall, services: tuple[str, ...], window: str | None) -> Iterator[Ticket]:
    """Lazily, because a board shows two of perhaps thousands."""
    for _, _, name in heapq.merge(*(hall.queues[service] for service in services)):
        ticket = hall.tickets[name]
        if ticket.pass_over <= 0 and (window is None or _free(hall, ticket)):
            yield ticket


def _late(hall: Hall, services: tuple[str, ...], window: str | None) -> list[Ticket]:
    names = (name for service in services for name in hall.passed.get(service, ()))
    waiting = [t for t in map(hall.tickets.__getitem__, names) if t.state is State.WAITING and t.pass_over > 0]
    return sorted((t for t in waiting if window is None or _free(hall, t)), key=_place)
