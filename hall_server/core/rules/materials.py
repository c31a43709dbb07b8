"""Rules of missing materials: told once and whole, on paper; whoever comes back in time waits a little less, once."""

from datetime import timedelta

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.appointments import day_span, local
from hall_server.core.commands import Issue
from hall_server.core.commands.materials import ComeBack, PrintMissing, TellMissing
from hall_server.core.facts import materials as m
from hall_server.core.hall import Done, Hall
from hall_server.core.materials import Missing, checklist
from hall_server.core.refusal import Refused
from hall_server.core.rules import ratings, tickets
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
    return [told, paper, *ratings.finish(hall, ticket, command.window)]


def good_until(hall: Hall, now: float, days: int) -> float:
    """The end of the last day on which a code is good, so many days after today, where the hall stands."""
    last = local(now, hall.config.timezone).date() + timedelta(days=days)
    return day_span(last, hall.config.timezone)[1]


def first_paper(hall: Hall, slip: str, ticket: str, window: str) -> f.Fact:
    """What a clerk has written comes out where that window's slips do, if anything prints."""
    printer = routing.window_printer(hall, window)
    if printer is None:
        return f.SlipFailed(slip, ticket, "", 0, "no_printer")
    return f.SlipOwed(slip, ticket, printer, 1)


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
    one = hall.missing.get(command.slip)
    if one is None:
        raise Refused("unknown_slip", "There is no such slip.")
    if one.back is not None:
        ticket = hall.tickets.get(one.back)
        label = ticket.label if ticket else ""
        raise Refused("code_used", f"Ticket {label} was given out for this code.", {"label": label})
    if now >= one.until:
        raise Refused("code_expired", "The days in which this code was good are over: take an ordinary ticket.")
    wanted = Issue(command.ticket, command.code, one.service, command.kiosk, command.language)
    issued = tickets.issue(hall, wanted, now, head_start_s=hall.config.quick_return.head_start_s)
    return [*issued, m.TicketReturned(command.ticket, one.slip)]


def by_code(hall: Hall, code: str) -> Missing | None:
    """The slip that has this code."""
    return next((one for one in hall.missing.values() if one.code == code), None)


def withdrawn(hall: Hall, done: Done) -> list[f.Fact]:
    """Who sent a customer home and takes that back has told them nothing; paper not yet begun is not begun."""
    names = {one.id for one in done.before}
    void = [one for one in hall.missing.values() if one.ticket in names and one.at == done.at and one.back is None]
    taken: list[f.Fact] = []
    for one in void:
        taken += [*drop(hall, one.slip, "cancelled"), m.TicketMaterialsWithdrawn(one.ticket, one.slip)]
    return taken
