"""Views of slips that clerks hand out: what services need, what was missing, what is fetched later, and their page."""

from display.board import Name
from hall_server.contract import slips as m
from hall_server.core.hall import Hall
from hall_server.core.materials import Material, Missing, checklist
from hall_server.core.pickups import PickUp
from hall_server.core.tickets import Ticket
from hall_server.views import iso, paper_of, service_name


def needed(hall: Hall, ticket: Ticket | None) -> tuple[m.MaterialRow, ...]:
    """What the service of the customer at a window needs."""
    known = checklist(hall.config.checklists, ticket.service).materials if ticket else ()
    return tuple(m.MaterialRow(id=one.id, name=Name(one.zh, one.en)) for one in known)


def reminders(hall: Hall, ticket: Ticket | None) -> tuple[Name, ...]:
    """What to verify and to say before that customer goes."""
    known = checklist(hall.config.checklists, ticket.service).remind if ticket else ()
    return tuple(Name(one.zh, one.en) for one in known)


def last_at(hall: Hall, window: str) -> m.MissingRow | None:
    """The last customer of today who went from a window with a slip."""
    known: list[Missing | PickUp] = [*hall.missing.values(), *hall.pickups.values()]
    here = (one for one in known if one.window == window and one.slip in hall.slips)
    one = max(here, key=lambda found: found.at, default=None)
    if one is None:
        return None
    paper = paper_of(hall, one.slip)
    return m.MissingRow(
        slip=one.slip, label=one.label, items=_items(one), until=iso(one.until), used=one.back is not None,
        paper=paper, code=one.code if paper and paper.state == "failed" else "", pick_up=isinstance(one, PickUp),
    )  # fmt: skip


def page(hall: Hall, secret: str) -> m.MissingView | None:
    """The page of a slip, as long as its code is good."""
    known: list[Missing | PickUp] = [*hall.missing.values(), *hall.pickups.values()]
    one = next((one for one in known if one.page == secret), None)
    if one is None:
        return None
    return m.MissingView(
        rev=hall.seq, service=one.service, service_name=service_name(hall, one.service), items=_items(one),
        code=one.code, until=iso(one.until), used=one.back is not None, pick_up=isinstance(one, PickUp),
        ready=isinstance(one, PickUp) and one.ready_at is not None,
    )  # fmt: skip


def order(one: Missing | PickUp) -> m.MissingOrder:
    """What the paper says."""
    return m.MissingOrder(items=_items(one), code=one.code, until=iso(one.until), pick_up=isinstance(one, PickUp))


def _items(one: Missing | PickUp) -> tuple[Name, ...]:
    return _names(one.items) if isinstance(one, Missing) else ()


def _names(items: tuple[Material, ...]) -> tuple[Name, ...]:
    return tuple(Name(one.zh, one.en) for one in items)
