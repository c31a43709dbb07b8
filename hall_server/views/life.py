"""Views of tickets besides their way through the queue: who is set aside, and what can be taken back."""

from collections.abc import Iterator

from hall_server.contract import life as m
from hall_server.core.hall import Done, Hall
from hall_server.core.rules.life import UNDO_S, may_take_up, still_so
from hall_server.core.tickets import Ticket
from hall_server.views import iso, iso_or_none, service_name


def held(hall: Hall, window: str | None = None) -> tuple[m.HeldCard, ...]:
    """Who is set aside, longest first; of a window: whom it may take up."""
    cards = (_held(hall, hall.tickets[name], window) for name in hall.held)
    return tuple(sorted((one for one in cards if one is not None and one.mine), key=lambda one: (one.since, one.label)))


def _held(hall: Hall, ticket: Ticket, window: str | None) -> m.HeldCard | None:
    hold = ticket.hold
    if hold is None:
        return None
    return m.HeldCard.model_validate(
        {
            "id": ticket.id, "label": ticket.label, "since": iso(hold.since), "reason": hold.reason,
            "service_name": service_name(hall, ticket.service),
            "pool": hold.pool, "window": hold.window, "not_before": iso_or_none(hold.not_before),
            "overdue": hold.overdue,
            "mine": window is None or hold.window == window or may_take_up(hall, ticket, window),
        }
    )  # fmt: skip


def undo_at(hall: Hall, window: str) -> m.UndoRow | None:
    """The last move at a window, as long as whoever made it may take it back."""
    rows = [(done, by) for by, done in hall.done.items() if window in _places(hall, done)]
    done, by = max(rows, key=lambda row: row[0].seq, default=(None, ""))
    return _undo(hall, done, by)


def undo_of(hall: Hall, by: str) -> m.UndoRow | None:
    """Somebody's own last move, as long as it can be taken back."""
    return _undo(hall, hall.done.get(by), by)


def _undo(hall: Hall, done: Done | None, by: str) -> m.UndoRow | None:
    if done is None or not hall.day_open or hall.at - done.at > UNDO_S or not still_so(hall, done):
        return None
    labels = tuple(one.label for one in done.before)
    return m.UndoRow(labels=labels, move=done.moves[-1], by=by, until=iso(done.at + UNDO_S))


def _places(hall: Hall, done: Done) -> Iterator[str | None]:
    for before in done.before:
        yield before.window
        yield hall.tickets[before.id].window
