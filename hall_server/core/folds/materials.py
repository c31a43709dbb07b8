"""Folds of missing materials: which codes are good, and what was printed for them."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hall_server.core.facts import materials as m
from hall_server.core.hall import Hall
from hall_server.core.materials import Missing


def _missing(hall: Hall, fact: m.TicketMaterialsMissing, at: float, actor: str) -> None:
    label = hall.tickets[fact.ticket].label
    hall.missing[fact.slip] = Missing(
        fact.slip, fact.ticket, label, fact.window, fact.service, fact.items, fact.code, fact.page, at, fact.until
    )


def _withdrawn(hall: Hall, fact: m.TicketMaterialsWithdrawn, at: float, actor: str) -> None:
    del hall.missing[fact.slip]
    hall.withdraw(fact.slip)


def _returned(hall: Hall, fact: m.TicketReturned, at: float, actor: str) -> None:
    hall.missing[fact.slip] = replace(hall.missing[fact.slip], back=fact.ticket)


def carried(hall: Hall) -> tuple[Missing, ...]:
    """Whose code is still good, used or not: whoever shows it again shall be told what became of it."""
    return tuple(one for one in hall.missing.values() if one.until > hall.at)


def remember(hall: Hall, known: Iterable[Missing]) -> None:
    """Take over what was carried."""
    hall.missing = {one.slip: one for one in known}


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    m.TicketMaterialsMissing: _missing,
    m.TicketMaterialsWithdrawn: _withdrawn,
    m.TicketReturned: _returned,
}
