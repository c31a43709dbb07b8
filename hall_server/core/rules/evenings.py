"""Rules of closing time: windows drain, the last ticket, and the check after everybody has gone."""

from math import ceil

from hall_server.core import closing, hours
from hall_server.core import facts as f
from hall_server.core.commands.day import Drain, KeepOpen, SignOffDay
from hall_server.core.facts import day as d
from hall_server.core.hall import Hall
from hall_server.core.policy.estimate import estimate
from hall_server.core.refusal import Refused
from hall_server.core.rules.windows import need_window


def need_hours(hall: Hall, service: str, now: float) -> None:
    """Let pass who wants a ticket while its service is open by the calendar, and in time."""
    config = hall.config
    if not hours.known(config):
        return
    name = hall.service_by_id[service].en
    if hours.current(config, now, service) is None:
        again = hours.following(config, now, service)
        when = f"they are given out from {hours.told(config, again.opens, now)}" if again else "nobody has said when"
        raise Refused("outside_hours", f"No tickets for {name} now: {when}.")
    if service in hall.stopped:
        raise Refused("last_ticket", f"{name}: whoever takes a ticket now might not be served before closing.")


def due(hall: Hall, now: float) -> list[f.Fact]:
    """What the calendar makes true: windows drain and open again, minutes pass on their signs, tickets stop."""
    if not hall.day_open or not hours.known(hall.config):
        return []
    found: list[f.Fact] = []
    for window in hall.config.windows:
        found += _window(hall, window.id, now)
    again = {fact.window for fact in found if isinstance(fact, d.WindowReopened)}
    return [*found, *_minutes(hall, again, now), *_last_tickets(hall, now)]


def _window(hall: Hall, window: str, now: float) -> list[f.Fact]:
    state, ends, rules = hall.windows[window], closing.ends(hall, window, now), hall.config.day
    soon = ends is not None and ends - now <= rules.drain_min * 60
    if state.until is None and ends is not None and soon and window not in rules.duty and state.kept_until != ends:
        return [d.WindowDraining(window, ends, ceil((ends - now) / 60))] if rules.drain_min else []
    if state.until is not None and not state.by_hand and now >= state.until and ends is not None and not soon:
        return [d.WindowReopened(window)]
    return []


def _minutes(hall: Hall, again: set[str], now: float) -> list[f.Fact]:
    """One fact a minute for all that close together, however many they are."""
    changed: dict[int, list[str]] = {}
    for name, window in hall.windows.items():
        if window.until is not None and name in hall.window_by_id and name not in again:
            minutes = max(0, ceil((window.until - now) / 60))
            if minutes != window.left_min:
                changed.setdefault(minutes, []).append(name)
    return [d.WindowMinutesLeft(tuple(names), minutes) for minutes, names in changed.items()]


def _last_tickets(hall: Hall, now: float) -> list[f.Fact]:
    """Stop when one more would be too many; go on only with room for two, or it would flicker."""
    if not hall.config.day.stop_early:
        return []
    found: list[f.Fact] = []
    for service in hall.service_by_id:
        wait, stopped = estimate(hall, service), service in hall.stopped
        if wait is None or hours.current(hall.config, now, service) is None:
            continue
        last = closing.last_at(hall, service, wait.ahead + stopped, now)
        if last is not None and (now > last) is not stopped:
            found.append((d.DayTicketsResumed if stopped else d.DayTicketsStopped)(service))
    return found


def drain(hall: Hall, command: Drain, now: float) -> list[f.Fact]:
    """A window closes earlier than the calendar says."""
    window = need_window(hall, command.window)
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: no window has to drain.")
    if window.until is not None:
        raise Refused("already_draining", f"Window {command.window} takes nobody new already.")
    return [d.WindowDraining(command.window, now + command.minutes * 60, command.minutes, by_hand=True)]


def keep_open(hall: Hall, command: KeepOpen, now: float) -> list[f.Fact]:
    """It calls again, and does not drain for this closing time once more."""
    if need_window(hall, command.window).until is None:
        raise Refused("not_draining", f"Window {command.window} is not draining.")
    return [d.WindowReopened(command.window, kept=True)]


def need_empty(hall: Hall, despite: str) -> None:
    """Everybody who holds a ticket is served before the day is closed; or a person says why not."""
    left = closing.here(hall)
    if left and not despite.strip():
        labels = ", ".join(ticket.label for ticket in left[:NAMED]) + ("…" if len(left) > NAMED else "")
        raise Refused("tickets_left", f"{len(left)} customers are still to be served ({labels}): say why they are not.")


NAMED = 10  # labels in one sentence


def sign_off(hall: Hall, command: SignOffDay, now: float) -> list[f.Fact]:
    """Who goes last looks what is still on; signed once a day."""
    if hall.day_open or hall.day is None:
        raise Refused("day_open", "The business day is open: close it first.")
    if hall.signed_off is not None and hall.signed_off.day == hall.day:
        raise Refused("already_signed", f"{hall.day} has been signed off by {hall.signed_off.by}.")
    on = tuple(item.device for item in closing.evening(hall) if item.state == "on")
    return [d.DaySignedOff(hall.day, on, command.note)]
