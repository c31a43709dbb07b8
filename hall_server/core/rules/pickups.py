"""Rules of pick-up: promised when a service ends, fetched only once it is ready, and once."""

from hall_server.core import facts as f
from hall_server.core.commands import Issue
from hall_server.core.commands.pickups import ComeForPickUp, MarkReady, PromisePickUp
from hall_server.core.facts import pickups as p
from hall_server.core.hall import Done, Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import ratings, tickets
from hall_server.core.rules.codes import first_paper, good_until, taken_back, usable
from hall_server.core.rules.slips import drop
from hall_server.core.rules.windows import need_active


def promise(hall: Hall, command: PromisePickUp, now: float) -> list[f.Fact]:
    """This service is over, but for what the customer fetches another time."""
    ticket = need_active(hall, command.window, "finish")
    service = hall.service_by_id.get(ticket.service)
    queue = service.pickup if service else ""
    if queue not in hall.service_by_id:
        raise Refused("no_pickup", f"Nothing is fetched later of what {ticket.label} is for: finish.")
    until = good_until(hall, now, hall.config.pickup.days)
    promised = p.TicketPickUpPromised(
        ticket.id, command.window, queue, command.slip, command.code, command.page, until
    )  # fmt: skip
    paper = first_paper(hall, command.slip, ticket.id, command.window)
    return [promised, paper, *ratings.finish(hall, ticket, command.window)]


def mark_ready(hall: Hall, command: MarkReady, now: float) -> list[f.Fact]:
    """The days in which it can be fetched are counted from here; said twice it is noted once."""
    one = hall.pickups.get(command.slip)
    if one is None:
        raise Refused("unknown_pickup", "There is no such pick-up slip.")
    if one.back is not None:
        raise Refused("pickup_over", f"The customer of {one.label} has come for it.")
    if (one.ready_at is not None) is command.ready:
        return []
    return [p.PickUpReady(one.slip, command.ready, good_until(hall, now, hall.config.pickup.days))]


def come(hall: Hall, command: ComeForPickUp, now: float) -> list[f.Fact]:
    """A ticket in the queue where it is handed over: once, and not in vain."""
    one = usable(hall, hall.pickups.get(command.slip), now)
    if one.ready_at is None:
        raise Refused("pickup_not_ready", f"What {one.label} is to fetch is not ready yet.")
    issued = tickets.issue(hall, Issue(command.ticket, command.code, one.service, command.kiosk, command.language), now)
    return [*issued, p.TicketForPickUp(command.ticket, one.slip)]


def withdrawn(hall: Hall, done: Done) -> list[f.Fact]:
    """Who takes the end of a service back has promised nothing; paper not yet begun is not begun."""
    taken: list[f.Fact] = []
    for one in taken_back(hall.pickups, done):
        taken += [*drop(hall, one.slip, "cancelled"), p.TicketPickUpWithdrawn(one.ticket, one.slip)]
    return taken
