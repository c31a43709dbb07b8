"""Rules of busy hours: windows that help out, windows that idle, and a hall that is too full."""

from hall_server.core import day_facts as d
from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.day_commands import Substitute
from hall_server.core.rules.windows import need_window

EASED = 0.9  # of the crowd: a tenth has to go before tickets are given out again, or it would flicker


def substitute(hall: Hall, command: Substitute, now: float) -> list[f.Fact]:
    """A window helps another service's queue for a while."""
    window = need_window(hall, command.window)
    if command.service not in hall.service_by_id:
        raise Refused("unknown_service", f"There is no service {command.service!r}.")
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: nobody has to help out.")
    if not command.minutes:
        if command.service not in window.also:
            raise Refused("not_helping", f"Window {command.window} does not help out there.")
        return [d.WindowSubstitutionEnded(command.window, command.service)]
    if command.service in hall.window_by_id[command.window].services:
        raise Refused("same_place", f"Window {command.window} serves that anyway.")
    return [d.WindowSubstitutes(command.window, command.service, now + command.minutes * 60)]


def need_room(hall: Hall) -> None:
    """Let pass who wants a ticket unless the hall is too full."""
    if hall.crowded_at is not None or _full(hall):
        raise Refused("crowded", "Too many people wait: no tickets are given out for a while.")


def _waiting(hall: Hall) -> int:
    return sum(len(queue) for queue in hall.queues.values())


def _full(hall: Hall) -> bool:
    return 0 < hall.config.day.crowd <= _waiting(hall)


def due(hall: Hall, now: float) -> list[f.Fact]:
    """What time makes true: help that ends, windows that idle, a crowd that has gone."""
    if not hall.day_open:
        return []
    ended = [
        d.WindowSubstitutionEnded(name, service)
        for name, window in hall.windows.items()
        for service, until in window.also.items()
        if now >= until
    ]
    return [*ended, *_idle(hall, now), *_crowd(hall)]


def _crowd(hall: Hall) -> list[f.Fact]:
    waiting, crowd = _waiting(hall), hall.config.day.crowd
    if hall.crowded_at is None:
        return [d.HallCrowded(waiting)] if _full(hall) else []
    return [d.HallEased(waiting)] if not crowd or waiting <= crowd * EASED else []


def _idle(hall: Hall, now: float) -> list[f.Fact]:
    """Said once when it has lasted, and once when it ends."""
    limit_s, found = hall.config.day.idle_min * 60, list[f.Fact]()
    for known in hall.config.windows:
        window, since = hall.windows[known.id], _could_call_since(hall, known.id)
        if window.idle_since is not None and since is None:
            found.append(d.WindowIdleEnded(known.id))
        elif window.idle_since is None and since is not None and limit_s and now - since >= limit_s:
            found.append(d.WindowIdle(known.id, since))
    return found


def _could_call_since(hall: Hall, window: str) -> float | None:
    """Since when a window could have called somebody, and did not; None: it could not."""
    now, oldest = hall.windows[window], [next(iter(hall.queues[s]), None) for s in routing.eligible(hall, window)]
    came = min((key[0] for key in oldest if key is not None), default=None)
    if now.ticket is not None or came is None or now.unattended is not None:
        return None
    return max(came, *(at for at in (now.last_active, now.back_at, hall.opened_at) if at is not None))
