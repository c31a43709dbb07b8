"""Rules of busy hours: windows that help out, windows that idle, and a hall that is too full."""

from datetime import UTC, datetime

from hall_server.core import crowd, hours, routing
from hall_server.core import facts as f
from hall_server.core.commands.day import Substitute
from hall_server.core.facts import day as d
from hall_server.core.hall import Hall
from hall_server.core.policy import choice as policy
from hall_server.core.refusal import Refused
from hall_server.core.rules.windows import need_window


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


def need_room(hall: Hall, service: str) -> None:
    """Let pass who wants a ticket unless the service or the hall is too full; then offer when there is room."""
    at_once = any(
        rule.stop and rule.service in ("", service) and 0 < rule.waiting <= crowd.waiting(hall, rule.service)
        for rule in crowd.rules_of(hall.config)
    )
    if not at_once and not crowd.stops(hall, service):
        return
    slots = crowd.free_slots(hall, service)
    times = ", ".join(hours.told(hall.config, at, hall.at) for at in slots)
    offer = f" Appointments are free at {times}." if slots else ""
    said = {"slots": " ".join(f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}" for at in slots)} if slots else {}
    raise Refused("crowded", f"Too many people wait: no tickets are given out for a while.{offer}", said)


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
    return [*ended, *_idle(hall, now), *_crowds(hall)]


def _crowds(hall: Hall) -> list[f.Fact]:
    """Of each limit once that it is reached, and once that it is over; also when nobody wants it any more."""
    rules, found = {rule.service: rule for rule in crowd.rules_of(hall.config)}, list[f.Fact]()
    for service in sorted(hall.crowds.keys() - rules.keys()):
        found.append(d.HallEased(crowd.waiting(hall, service), service))
    for service, rule in rules.items():
        seen, stands = crowd.load(hall, rule), service in hall.crowds
        if not stands and crowd.full(rule, seen):
            found.append(d.HallCrowded(seen.waiting, service, seen.wait_s, rule.stop))
        elif stands and crowd.eased(rule, seen):
            found.append(d.HallEased(seen.waiting, service, seen.wait_s))
    return found


def _idle(hall: Hall, now: float) -> list[f.Fact]:
    """Said once when it has lasted, and once when it ends."""
    limit_s, found = hall.config.day.idle_min * 60, list[f.Fact]()
    for known in hall.config.windows:
        window, since = hall.windows[known.id], _could_call_since(hall, known.id, now)
        if window.idle_since is not None and since is None:
            found.append(d.WindowIdleEnded(known.id))
        elif window.idle_since is None and since is not None and limit_s and now - since >= limit_s:
            found.append(d.WindowIdle(known.id, since))
    return found


def _could_call_since(hall: Hall, window: str, at: float) -> float | None:
    """Since when a window could have called somebody, and did not; None: it could not."""
    now, oldest = hall.windows[window], [next(iter(hall.queues[s]), None) for s in routing.eligible(hall, window)]
    came = min((key[0] for key in oldest if key is not None), default=None)
    if now.ticket is not None or came is None or now.unattended is not None:
        return None
    if policy.next_for(hall, window, at) is None:  # all who wait were sent to other windows
        return None
    return max(came, *(since for since in (now.last_active, now.back_at, hall.opened_at) if since is not None))
