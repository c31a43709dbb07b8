"""Folds of redirects: where a window's incidents stand, proposed, in force or overruled."""

from collections.abc import Callable
from typing import Any

from hall_server.core import facts as f
from hall_server.core.facts import redirects as r
from hall_server.core.hall import Hall


def _redirected(hall: Hall, fact: f.WindowRedirected, at: float, actor: str) -> None:
    """In force, and therefore proposed no longer."""
    window = hall.windows[fact.window]
    window.incidents[fact.incident] = fact.reason
    window.proposed.pop(fact.incident, None)


def _restored(hall: Hall, fact: f.WindowRestored, at: float, actor: str) -> None:
    """The incident is over."""
    hall.windows[fact.window].incidents.pop(fact.incident, None)


def _proposed(hall: Hall, fact: r.WindowRedirectProposed, at: float, actor: str) -> None:
    hall.windows[fact.window].proposed[fact.incident] = (fact.reason, at)


def _kept(hall: Hall, fact: r.WindowKept, at: float, actor: str) -> None:
    window = hall.windows[fact.window]
    window.incidents.pop(fact.incident, None)
    window.proposed.pop(fact.incident, None)
    window.kept.add(fact.incident)


def forget(hall: Hall, incident: str) -> None:
    """The repair is over: nobody has to decide about it any more."""
    for window in hall.windows.values():
        window.proposed.pop(incident, None)
        window.kept.discard(incident)


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.WindowRedirected: _redirected,
    f.WindowRestored: _restored,
    r.WindowRedirectProposed: _proposed,
    r.WindowKept: _kept,
}
