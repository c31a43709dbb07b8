"""Folds of what customers fetch later: which codes are good, what is ready, and who has come for it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hall_server.core.facts import pickups as p
from hall_server.core.hall import Hall
from hall_server.core.pickups import PickUp


def _promised(hall: Hall, fact: p.TicketPickUpPromised, at: float, actor: str) -> None:
    label = hall.tickets[fact.ticket].label
    hall.pickups[fact.slip] = PickUp(
        fact.slip, fact.ticket, label, fact.window, fact.service, fact.code, fact.page, at, fact.until
    )


def _withdrawn(hall: Hall, fact: p.TicketPickUpWithdrawn, at: float, actor: str) -> None:
    del hall.pickups[fact.slip]
    hall.withdraw(fact.slip)


def _ready(hall: Hall, fact: p.PickUpReady, at: float, actor: str) -> None:
    known = hall.pickups[fact.slip]
    hall.pickups[fact.slip] = replace(known, ready_at=at if fact.ready else None, until=fact.until)


def _come(hall: Hall, fact: p.TicketForPickUp, at: float, actor: str) -> None:
    hall.pickups[fact.slip] = replace(hall.pickups[fact.slip], back=fact.ticket)


def carried(hall: Hall) -> tuple[PickUp, ...]:
    """Whose code is still good, used or not: whoever shows it again shall be told what became of it."""
    return tuple(one for one in hall.pickups.values() if one.until > hall.at)


def remember(hall: Hall, known: Iterable[PickUp]) -> None:
    """Take over what was carried."""
    hall.pickups = {one.slip: one for one in known}


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    p.TicketPickUpPromised: _promised,
    p.TicketPickUpWithdrawn: _withdrawn,
    p.PickUpReady: _ready,
    p.TicketForPickUp: _come,
}
