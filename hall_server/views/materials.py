"""Views of what services need: what clerks tick and are reminded of, what was found missing, and its page."""

from display.board import Name
from hall_server.contract import slips as m
from hall_server.core.hall import Hall
from hall_server.core.materials import Material, Missing, checklist
from hall_server.core.tickets import Ticket
from hall_server.views import iso, paper_of


def needed(hall: Hall, ticket: Ticket | None) -> tuple[m.MaterialRow, ...]:
    """What the service of the customer at a window needs."""
    known = checklist(hall.config.checklists, ticket.service).materials if ticket else ()
    return tuple(m.MaterialRow(id=one.id, name=Name(one.zh, one.en)) for one in known)


def reminders(hall: Hall, ticket: Ticket | None) -> tuple[Name, ...]:
    """What to verify and to say before that customer goes."""
    known = checklist(hall.config.checklists, ticket.service).remind if ticket else ()
    return tuple(Name(one.zh, one.en) for one in known)


def last_at(hall: Hall, window: str) -> m.MissingRow | None:
    """The last customer of today who was sent home from a window for lack of something."""
    here = (one for one in reversed(hall.missing.values()) if one.window == window and one.slip in hall.slips)
    one = next(here, None)
    if one is None:
        return None
    paper = paper_of(hall, one.slip)
    return m.MissingRow(
        slip=one.slip, label=one.label, items=_names(one.items), until=iso(one.until), used=one.back is not None,
        paper=paper, code=one.code if paper and paper.state == "failed" else "",
    )  # fmt: skip


def page(hall: Hall, secret: str) -> m.MissingView | None:
    """The page of a slip, as long as its code is good."""
    one = next((one for one in hall.missing.values() if one.page == secret), None)
    if one is None:
        return None
    return m.MissingView(
        rev=hall.seq, service=one.service, service_name=_service(hall, one.service), items=_names(one.items),
        code=one.code, until=iso(one.until), used=one.back is not None,
    )  # fmt: skip


def order(one: Missing) -> m.MissingOrder:
    """What the paper says."""
    return m.MissingOrder(items=_names(one.items), code=one.code, until=iso(one.until))


def _names(items: tuple[Material, ...]) -> tuple[Name, ...]:
    return tuple(Name(one.zh, one.en) for one in items)


def _service(hall: Hall, service: str) -> Name:
    known = hall.service_by_id.get(service)
    return Name(known.zh, known.en) if known else Name(service, service)
