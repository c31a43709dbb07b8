"""Whether a ticket that is taken now may be too late to be served before closing: said before it is taken."""

from datetime import datetime

from display import hours
from display.board import Board


def too_late(board: Board | None, service: str, now: datetime) -> str | None:
    """When the service closes that such a ticket may not be served before; None when it is early enough."""
    row = next((one for one in board.services if one.id == service), None) if board is not None else None
    if board is None or row is None or row.last_at is None or datetime.fromisoformat(row.last_at) > now:
        return None
    here = hours.at(row.hours or board.hours, now)
    return here.opening.closes if here.open and here.opening is not None else None
