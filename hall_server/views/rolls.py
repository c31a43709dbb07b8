"""Views of series of numbers: what was entered of each paper roll, and which ranges run out."""

from heapq import nlargest

from display.board import Name
from hall_server.contract import rolls as m
from hall_server.core.blocks import Torn
from hall_server.core.hall import Hall
from hall_server.core.rules.rolls import begins
from hall_server.core.series import Series
from hall_server.core.tickets import State
from hall_server.views import iso, iso_or_none, service_name

SHOWN = 60  # numbers of a roll: whoever enters them looks at the last ones


def view(hall: Hall) -> m.RollsView:
    """Everything about paper rolls."""
    return m.RollsView(
        rev=hall.seq, at=iso(hall.at), day_open=hall.day_open, begins=iso(begins(hall)) if hall.day_open else None,
        rolls=tuple(_roll(hall, one) for one in hall.config.series if one.printed),
        services={one.id: Name(one.zh, one.en) for one in hall.config.services},
        windows=tuple(one.id for one in hall.config.windows),
    )  # fmt: skip


def _roll(hall: Hall, series: Series) -> m.RollRow:
    torn = hall.torn.get(series.prefix, {})
    tickets = [hall.tickets[one.ticket] for one in torn.values() if one.ticket]
    return m.RollRow(
        roll=series.prefix, first=series.first, last=series.last, next=max(torn, default=series.first - 1) + 1,
        first_label=series.label(series.first), last_label=series.label(series.last), entered=len(torn),
        waiting=sum(one.state is State.WAITING for one in tickets),
        tickets=tuple(_ticket(hall, series, number, torn[number]) for number in nlargest(SHOWN, torn)),
    )  # fmt: skip


def _ticket(hall: Hall, series: Series, number: int, torn: Torn) -> m.RollTicket:
    ticket = hall.tickets.get(torn.ticket)
    if ticket is None:
        return m.RollTicket(number=number, label=series.label(number), state="void")
    return m.RollTicket.model_validate(
        {
            "number": number, "label": ticket.label, "state": ticket.state.value,
            "service_name": service_name(hall, ticket.service),
            "came_at": iso_or_none(torn.came_at), "window": ticket.window,
            "called_at": iso_or_none(ticket.called_at), "ended_at": iso_or_none(ticket.ended_at),
        }
    )  # fmt: skip


def running_out(hall: Hall) -> tuple[m.SeriesRow, ...]:
    """The series of which nine in ten numbers are used up."""
    found = []
    for prefix, series in hall.series_by_prefix.items():
        stands = max(hall.torn.get(prefix, ()), default=0) if series.printed else hall.series.get(prefix, 0)
        if hall.day_open and stands and series.full(stands):
            last, left = series.label(series.last), max(0, series.last - stands)
            found.append(
                m.SeriesRow(label=series.label(stands), last_label=last, left=left, printed=series.printed)
            )  # fmt: skip
    return tuple(found)
