"""Rules of missing materials: told once and whole, on paper; whoever comes back in time waits a little less, once."""

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.commands import Issue
from hall_server.core.commands.materials import ComeBack, PrintMissing, TellMissing
from hall_server.core.facts import materials as m
from hall_server.core.hall import Done, Hall
from hall_server.core.materials import checklist
from hall_server.core.refusal import Refused
from hall_server.core.rules import ratings, tickets
from hall_server.core.rules.codes import first_paper, good_until, taken_back, usable
from hall_server.core.rules.slips import drop
from hall_server.core.rules.windows import need_active


def tell(hall: Hall, command: TellMissing, now: float) -> list[f.Fact]:
    """The customer knows everything that is missing, and this service is over for today."""
    ticket = need_active(hall, command.window, "finish")
    known = {one.id: one for one in checklist(hall.config.checklists, ticket.service).materials}
    if not command.items:
        raise Refused("nothing_missing", "Tick what is missing; if nothing is, finish.")
    if not set(command.items) <= known.keys():
        raise Refused("other_checklist", f"What {ticket.label} needs has been changed: look at the list again.")
    items = tuple(one for name, one in known.items() if name in command.items)
    told = m.TicketMaterialsMissing(
        ticket.id, command.window, ticket.service, command.slip, items, command.code, command.page,
        good_until(hall, now, hall.config.quick_return.days),
    )  # fmt: skip
    paper = first_paper(hall, command.slip, ticket.id, command.window)
    return [told, paper, *ratings.finish(hall, ticket, command.window, done=False)]


def print_again(hall: Hall, command: PrintMissing, now: float) -> list[f.Fact]:
    """One more paper of the same, marked as a copy unless the first is known not to exist."""
    one, slip = hall.written(command.slip), hall.slips.get(command.slip)
    if one is None or slip is None:
        raise Refused("unknown_slip", "There is no such slip today.")
    if slip.state in ("owed", "printing"):
        raise Refused("slip_claimed", f"The slip of {one.label} is being printed.")
    printer = routing.window_printer(hall, one.window)
    if printer is None:
        raise Refused("no_printer_works", f"No printer that window {one.window} uses works now.")
    return [f.SlipOwed(slip.id, slip.ticket, printer, slip.attempt + 1, slip.copied or slip.state != "failed")]


def come_back(hall: Hall, command: ComeBack, now: float) -> list[f.Fact]:
    """A ticket for the same service, as if come a little earlier: bounded, once, and within the days on the slip."""
    one = usable(hall, hall.missing.get(command.slip), now)
    wanted = Issue(command.ticket, command.code, one.service, command.kiosk, command.language)
    issued = tickets.issue(hall, wanted, now, head_start_s=hall.config.quick_return.head_start_s)
    return [*issued, m.TicketReturned(command.ticket, one.slip)]


def withdrawn(hall: Hall, done: Done) -> list[f.Fact]:
    """Who sent a customer home and takes that back has told them nothing; paper not yet begun is not begun."""
    taken: list[f.Fact] = []
    for one in taken_back(hall.missing, done):
        taken += [*drop(hall, one.slip, "cancelled"), m.TicketMaterialsWithdrawn(one.ticket, one.slip)]
    return taken
