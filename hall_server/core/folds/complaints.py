"""Folds of complaints; those that are open outlive every night, closed ones a month."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core.complaints import SHOWN_S, Complaint
from hall_server.core.facts import complaints as f
from hall_server.core.hall import Hall


def _made(hall: Hall, fact: f.ComplaintMade, at: float, actor: str) -> None:
    hall.complaints[fact.complaint] = Complaint(
        fact.complaint, fact.number, at, fact.matter, fact.via, fact.label, fact.window, fact.named
    )


def _taken(hall: Hall, fact: f.ComplaintTaken, at: float, actor: str) -> None:
    known = hall.complaints[fact.complaint]
    hall.complaints[fact.complaint] = replace(known, assignee=fact.assignee, due=fact.due)


def _noted(hall: Hall, fact: f.ComplaintNoted, at: float, actor: str) -> None:
    known = hall.complaints[fact.complaint]
    hall.complaints[fact.complaint] = replace(known, notes=known.notes + 1)


def _closed(hall: Hall, fact: f.ComplaintClosed, at: float, actor: str) -> None:
    known = hall.complaints[fact.complaint]
    hall.complaints[fact.complaint] = replace(known, outcome=fact.outcome, closed_at=at)


def kept(hall: Hall) -> tuple[Complaint, ...]:
    """What the next day has to know."""
    return tuple(one for one in hall.complaints.values() if one.closed_at is None or one.closed_at > hall.at - SHOWN_S)


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.ComplaintMade: _made,
    f.ComplaintTaken: _taken,
    f.ComplaintNoted: _noted,
    f.ComplaintClosed: _closed,
}
