"""Which ticket is next: the hall's policy asked about who waits, each choice with its explanation."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.policy.because import Because
from hall_server.core.policy.classes import Lane, Turn, first, key
from hall_server.core.policy.explain import explained
from hall_server.core.policy.queue import Queue
from hall_server.core.tickets import State, Ticket


@dataclass(frozen=True, slots=True)
class Choice:
    """The winner and why; ``overtaken`` counts those who came earlier and could have been called instead."""

    ticket: Ticket
    why: str
    overtaken: int = 0
    because: Because | None = None


def next_for(hall: Hall, window: str, now: float) -> Choice | None:
    """Whom a window calls: who was sent here, else whose turn it is, else who was called before and not there."""
    services = routing.eligible(hall, window)
    urgent = _urgent(hall, services, window)
    if urgent:
        return by_hand(hall, window, services, urgent[0], "urgent", now)
    own = routing.serves(hall, window)
    sent = [ticket for name in hall.sent.get(window, ()) if (ticket := hall.tickets[name]).service in own]
    if sent:
        first_sent = min(sent, key=_place)
        why = "redirected_here" if first_sent.sent_from is None else "transferred_here"
        return by_hand(hall, window, services, first_sent, why, now)
    heads = list(_heads(hall, services))
    if not heads:
        late = list(_heads(hall, services, passed=True))
        return by_hand(hall, window, services, min(late, key=_place), "passed_over", now) if late else None
    turn = _turn(hall, heads, now, hall.pattern_at)
    winner = heads[turn.at]
    overtaken, because = explained(hall, window, services, winner, heads, turn, now)
    kind = hall.config.policy.kind
    by_time = "appointment" if winner.due is not None else "return" if winner.arrival < winner.came_at else kind
    return Choice(winner, "guarantee" if turn.guarantee else by_time if kind == "fifo" else kind, overtaken, because)


def by_hand(
    hall: Hall, window: str, services: tuple[str, ...], ticket: Ticket, why: str, now: float
) -> Choice:  # fmt: skip
    """A choice that no policy made, explained like one."""
    turn = Turn(0, key(hall.config.policy, ticket, now))
    heads = list(_heads(hall, services))
    return Choice(ticket, why, *explained(hall, window, services, ticket, heads, turn, now))


def _turn(hall: Hall, tickets: Sequence[Ticket], now: float, pointer: int) -> Turn:
    """Whose turn it is; who is early for an appointment has none before it, unless nobody else waits."""
    ready = [at for at, ticket in enumerate(tickets) if ticket.arrival <= now] or range(len(tickets))
    turn = first(hall.config.policy, [tickets[at] for at in ready], now, pointer)
    return turn if len(ready) == len(tickets) else replace(turn, at=ready[turn.at])


def _heads(hall: Hall, services: tuple[str, ...], *, passed: bool = False) -> Iterator[Ticket]:
    """The first of each lane whom no other window has been promised."""
    for service in services:
        for lane in hall.queues[service].lanes:
            head = next(_line(hall, hall.queues[service], lane, passed=passed), None)
            if head is not None:
                yield head


def _line(hall: Hall, queue: Queue, lane: Lane, *, passed: bool = False, all_windows: bool = False) -> Iterator[Ticket]:
    """A lane in its order, lazily: a board shows two of perhaps thousands."""
    for _, _, name in queue.lanes[lane]:
        ticket = hall.tickets[name]
        if ticket.urgent and ticket.pass_over == 0:
            continue  # before everybody, and so in no line
        if (ticket.pass_over > 0) is passed and (all_windows or routing.free(hall, ticket)):
            yield ticket


def coming(hall: Hall, services: tuple[str, ...], window: str | None = None) -> Iterator[Ticket]:
    """Who waits, in the order in which they would be called if nobody came; ``window``: as seen from there."""
    urgent = _urgent(hall, services, window)
    yield from urgent
    mine = [] if window is None else [hall.tickets[name] for name in hall.sent.get(window, ())]
    sent = (t for t in mine if t.service in services and not routing.free(hall, t) and t not in urgent)
    yield from sorted(sent, key=_place)
    queues = [hall.queues[service] for service in services]
    lines = [_line(hall, queue, lane, all_windows=window is None) for queue in queues for lane in queue.lanes]
    heads = {head.id: (head, line) for line in lines if (head := next(line, None))}
    late, called, pointer = _late(hall, services, window), Counter[str](), hall.pattern_at
    while heads or late:
        ready = [head for head, _ in heads.values()] + [t for t in late if t.pass_over <= called[t.service]]
        turn = _turn(hall, ready or late[:1], hall.at, pointer)
        chosen = (ready or late)[turn.at]
        yield chosen
        called[chosen.service] += 1
        pointer = pointer if turn.slot is None else turn.slot + 1
        if chosen.id not in heads:
            late.remove(chosen)
        elif following := next(line := heads.pop(chosen.id)[1], None):
            heads[following.id] = following, line


def _urgent(hall: Hall, services: tuple[str, ...], window: str | None) -> list[Ticket]:
    """Who goes before everybody, at this window or (None) anywhere, oldest first."""
    found = routing.rushing(hall, services)
    return sorted((t for t in found if window in (None, t.bound) or routing.free(hall, t)), key=_place)


def _place(ticket: Ticket) -> tuple[float, int]:
    return ticket.arrival, ticket.seq


def _late(hall: Hall, services: tuple[str, ...], window: str | None) -> list[Ticket]:
    names = (name for service in services for name in hall.passed.get(service, ()))
    waiting = [t for t in map(hall.tickets.__getitem__, names) if t.state is State.WAITING and t.pass_over > 0]
    return sorted((t for t in waiting if window is None or routing.free(hall, t)), key=_place)
