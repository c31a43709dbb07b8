"""Slips that customers take home: their paper, and the code on them, which is good once and for some days."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.appointments import day_span, local
from hall_server.core.hall import Done, Hall
from hall_server.core.materials import Missing
from hall_server.core.pickups import PickUp
from hall_server.core.refusal import Refused

Written = TypeVar("Written", Missing, PickUp)


def by_code(slips: Mapping[str, Written], code: str) -> Written | None:
    """The slip that has this code."""
    return next((one for one in slips.values() if one.code == code), None)


def usable(hall: Hall, one: Written | None, now: float) -> Written:
    """The same slip, if its code is still good; raises ``Refused``."""
    if one is None:
        raise Refused("unknown_slip", "There is no such slip.")
    if one.back is not None:
        ticket = hall.tickets.get(one.back)
        label = ticket.label if ticket else ""
        raise Refused("code_used", f"Ticket {label} was given out for this code.", {"label": label})
    if now >= one.until:
        raise Refused("code_expired", "The days in which this code was good are over: take an ordinary ticket.")
    return one


def taken_back(slips: Mapping[str, Written], done: Done) -> list[Written]:
    """Those written by a move that is undone, unless somebody has come with one."""
    names = {one.id for one in done.before}
    return [one for one in slips.values() if one.ticket in names and one.at == done.at and one.back is None]


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
