"""What a call has to say for itself: whom it overtook, who could not be called, and how close the others were."""

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import islice, takewhile

from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.policy.because import Because, LeftOut, Overtaken, Rival
from hall_server.core.policy.classes import Turn, key
from hall_server.core.tickets import State, Ticket

NAMED = 5  # tickets that a call names in each of its lists: a fact must not grow with the queue


def explained(
    hall: Hall, window: str, services: tuple[str, ...], winner: Ticket, heads: Sequence[Ticket], turn: Turn, now: float
) -> tuple[int, Because | None]:
    """How many were overtaken, and why; a choice that nobody can wonder about needs no words."""
    apart = _apart(hall, services)
    earlier = any(head.key < winner.key for head in heads)  # mostly nobody, and then there is nothing to count
    overtaken, named = _overtaken(hall, services, winner, apart) if earlier else (0, ())
    left_out = tuple(islice(_left_out(hall, window, services, winner, apart), NAMED))
    rivals = _rivals(hall, winner, heads, now)
    policy = hall.config.policy
    if policy.kind == "fifo" and not (rivals or overtaken or left_out or winner.need):
        return 0, None
    return overtaken, Because(
        policy.kind, hall.policy_seq, turn.key, winner.klass, winner.need, turn.guarantee, turn.slot, rivals, named,
        left_out,
    )  # fmt: skip


def passed_by(hall: Hall, window: str, winner: Ticket) -> list[Ticket]:
    """Everybody whom a call of ``winner`` to this window overtakes, the first who came first."""
    services = routing.eligible(hall, window)
    apart = {ticket.id for ticket in _apart(hall, services)}
    lines = merge(*(hall.queues[service] for service in services if service in hall.queues))
    names = (name for _, _, name in takewhile(lambda key: key < winner.key, lines))
    return [hall.tickets[name] for name in names if name not in apart]


def _apart(hall: Hall, services: tuple[str, ...]) -> list[Ticket]:
    """Who waits for these services and cannot be called in turn: called before and not there, or sent elsewhere."""
    passed = (name for service in services for name in hall.passed.get(service, ()))
    sent = (name for names in hall.sent.values() for name in names)
    tickets = {name: hall.tickets[name] for name in (*passed, *sent)}.values()
    there = (t for t in tickets if t.state is State.WAITING and t.service in services)
    return [t for t in there if t.pass_over > 0 or not routing.free(hall, t)]


def _overtaken(
    hall: Hall, services: tuple[str, ...], winner: Ticket, apart: Sequence[Ticket]
) -> tuple[int, tuple[Overtaken, ...]]:
    queues = [hall.queues[service] for service in services if service in hall.queues]
    others = {t.id for t in apart if t.key < winner.key}
    count = sum(queue.before(winner.key) for queue in queues) - len(others - {winner.id})
    if not count:
        return 0, ()
    names = (name for _, _, name in merge(*queues) if name not in others)
    earlier = (hall.tickets[name] for name in islice(names, min(count, NAMED)))
    return count, tuple(Overtaken(t.label, round(winner.arrival - t.arrival)) for t in earlier)


def _left_out(
    hall: Hall, window: str, services: tuple[str, ...], winner: Ticket, apart: Sequence[Ticket]
) -> Iterator[LeftOut]:
    for ticket in sorted(apart, key=lambda t: t.key):
        if ticket.key < winner.key:
            yield LeftOut(ticket.label, "passed_over" if ticket.pass_over > 0 else "elsewhere")
    for service, queue in hall.queues.items():
        oldest = next(iter(queue), None)
        if service not in services and oldest is not None and oldest < winner.key:
            why = "skill" if routing.lacks_skill(hall, window, service) else "other_service"
            yield LeftOut(hall.tickets[oldest[2]].label, why)


def _rivals(hall: Hall, winner: Ticket, heads: Sequence[Ticket], now: float) -> tuple[Rival, ...]:
    """The best of each other class."""
    policy = hall.config.policy
    if not policy.classes:
        return ()
    best: dict[str, Rival] = {}
    for ticket in heads:
        rival = Rival(policy.of(ticket.klass).id, ticket.label, key(policy, ticket, now))
        if rival.klass not in best or rival.key < best[rival.klass].key:
            best[rival.klass] = rival
    best.pop(policy.of(winner.klass).id, None)
    return tuple(best.values())
