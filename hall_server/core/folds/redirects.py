"""Folds of redirects: where a window's incidents stand, proposed, in force or overruled."""

from collections.abc import Callable, Iterable
from itertools import zip_longest
from typing import Any

from hall_server.core import facts as f
from hall_server.core.facts import redirects as r
from hall_server.core.hall import Hall, WindowNow


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


def carried(hall: Hall) -> tuple[r.RedirectCarried, ...]:
    """What the next day has to know: which windows call nobody, or shall be asked about, and why."""
    return tuple(
        r.RedirectCarried(
            name, tuple(w.incidents), tuple(w.proposed), tuple(sorted(w.kept)), tuple(w.incidents.values()),
            tuple(reason for reason, _ in w.proposed.values()),
        )
        for name, w in hall.windows.items()
        if w.incidents or w.proposed or w.kept
    )  # fmt: skip


def remember(hall: Hall, known: Iterable[r.RedirectCarried], at: float) -> None:
    """Take over what was carried; the time in which a person may answer begins with the day."""
    for one in known:
        window = hall.windows.setdefault(one.window, WindowNow())
        window.incidents = dict(zip_longest(one.incidents, one.reasons, fillvalue=""))
        asked = zip_longest(one.proposed, one.reasons_proposed, fillvalue="")
        window.proposed = {incident: (reason, at) for incident, reason in asked}
        window.kept = set(one.kept)


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.WindowRedirected: _redirected,
    f.WindowRestored: _restored,
    r.WindowRedirectProposed: _proposed,
    r.WindowKept: _kept,
}
