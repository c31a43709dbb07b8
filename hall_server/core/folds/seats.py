"""Folds of a window's session: who has it, and since when nobody is there."""

from collections.abc import Callable
from typing import Any

from hall_server.core.day_state import Seat
from hall_server.core.facts import AccessGranted, AccessRevoked
from hall_server.core.facts.seats import WindowAttended, WindowReleased
from hall_server.core.hall import Hall


def _granted(hall: Hall, fact: AccessGranted, at: float, actor: str) -> None:
    """Whoever signs in at a window that nobody else has, has it."""
    if fact.what == "session" and fact.role == "clerk" and fact.window is not None:
        clerk, seat = f"clerk:{fact.subject or '-'}", hall.seats.get(fact.window)
        if seat is None or seat.clerk == clerk:
            _sit(hall, Seat(fact.window, clerk, fact.credential, at if seat is None else seat.since))


def _revoked(hall: Hall, fact: AccessRevoked, at: float, actor: str) -> None:
    """Whoever signs out leaves the window to nobody."""
    hall.seats = {name: seat for name, seat in hall.seats.items() if seat.credential != fact.credential}
    hall.signed_out.append(fact.credential)


def _attended(hall: Hall, fact: WindowAttended, at: float, actor: str) -> None:
    if fact.clerk:
        _sit(hall, Seat(fact.window, fact.clerk, fact.credential, at))
    else:
        hall.windows[fact.window].unattended = None


def _released(hall: Hall, fact: WindowReleased, at: float, actor: str) -> None:
    left = hall.seats.pop(fact.window)
    if hall.day_open and not fact.pad:
        hall.windows[fact.window].unattended, hall.windows[fact.window].last_clerk = at, left.clerk


def _sit(hall: Hall, seat: Seat) -> None:
    hall.seats[seat.window] = seat
    if seat.window in hall.windows:
        hall.windows[seat.window].unattended = None


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    AccessGranted: _granted,
    AccessRevoked: _revoked,
    WindowAttended: _attended,
    WindowReleased: _released,
}
