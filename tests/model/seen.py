"""What the machines look at in the real hall, to hold it against the model."""

from typing import Any

from hall_server.core.hall import Hall


def label_at(hall: Hall, window: str) -> str | None:
    ticket = hall.active(window)
    return ticket.label if ticket else None


def picture_of(hall: Hall) -> dict[str, tuple[str, str | None]]:
    active = ("called", "serving")
    return {t.label: (t.state.value, t.window if t.state in active else None) for t in hall.tickets.values()}


def order_of(hall: Hall) -> Any:
    return [(s, list(queue)) for s, queue in hall.queues.items()], picture_of(hall), dict(hall.series)
