"""Views of what customers fetch later: the list of the staff."""

from hall_server.contract import slips as m
from hall_server.core.hall import Hall
from hall_server.core.pickups import PickUp
from hall_server.views import iso, iso_or_none, service_name

ORDER = ("promised", "ready", "come")


def view(hall: Hall) -> m.PickUps:
    """What the staff sees."""
    rows = sorted((_row(hall, one) for one in hall.pickups.values()), key=lambda row: (ORDER.index(row.state), row.at))
    return m.PickUps(rev=hall.seq, rows=tuple(rows))


def row(hall: Hall, slip: str) -> m.PickUpRow:
    """One of them."""
    return _row(hall, hall.pickups[slip])


def _row(hall: Hall, one: PickUp) -> m.PickUpRow:
    ticket = hall.tickets.get(one.back or "")
    return m.PickUpRow(
        slip=one.slip, label=one.label, window=one.window, at=iso(one.at), until=iso(one.until),
        service_name=service_name(hall, one.service),
        state="come" if one.back is not None else "promised" if one.ready_at is None else "ready",
        ready_at=iso_or_none(one.ready_at), back=ticket.label if ticket else None,
    )  # fmt: skip
