"""Rules of a window's customers going elsewhere: by hand, by a fault, after a person's yes, and back again."""

from collections.abc import Iterator

from hall_server.core import facts as f
from hall_server.core import routing
from hall_server.core.commands import AnswerProposal, Redirect
from hall_server.core.config import Device, OnFault
from hall_server.core.facts import redirects as r
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules.windows import need_window
from hall_server.core.tickets import State

MANUAL = "manual"


def redirect(hall: Hall, command: Redirect, now: float) -> list[f.Fact]:
    """Send a window's customers elsewhere by hand, or take a redirect back."""
    window = need_window(hall, command.window)
    if command.undo:
        return _undo(hall, command)
    if MANUAL in window.incidents:
        raise Refused("illegal_move", f"Window {command.window} is redirected already.")
    return send_away(hall, command.window, MANUAL, command.reason) or _refuse(command.window)


def _refuse(window: str) -> list[f.Fact]:
    raise Refused("no_other_window", f"No other window can serve the customers of window {window}.")


def _undo(hall: Hall, command: Redirect) -> list[f.Fact]:
    """What was done by hand is taken back first; against a standing fault only with a reason."""
    incidents = hall.windows[command.window].incidents
    if MANUAL in incidents:
        return [f.WindowRestored(command.window, MANUAL, command.reason)]
    if not incidents:
        raise Refused("illegal_move", f"Window {command.window} is not redirected.")
    if not command.reason.strip():
        raise Refused("reason_needed", f"Say why window {command.window} calls again although its fault stands.")
    return [r.WindowKept(command.window, incident, command.reason) for incident in incidents]


def answer(hall: Hall, command: AnswerProposal, now: float) -> list[f.Fact]:
    """A person's yes redirects the window, a no leaves it calling for as long as the incident stands."""
    proposed = need_window(hall, command.window).proposed
    if not proposed:
        raise Refused("no_proposal", f"Nobody asks whether to redirect window {command.window}.")
    if not command.apply:
        return [r.WindowKept(command.window, incident, command.reason) for incident in proposed]
    (first, (reason, _)), *others = proposed.items()
    found = send_away(hall, command.window, first, reason) or _refuse(command.window)
    return [*found, *(f.WindowRedirected(command.window, incident, why) for incident, (why, _) in others)]


def by_fault(hall: Hall, device: Device, incident: str, reason: str) -> list[f.Fact]:
    """What the hall chose for a fault of this device at its window; once an incident."""
    if device.place != "window" or _known(hall, device.at, incident):
        return []
    does = routing.on_fault(hall, device)
    if does is OnFault.ASK and routing.detour(hall, device.at):
        return [r.WindowRedirectProposed(device.at, incident, reason)]
    return send_away(hall, device.at, incident, reason) if does is OnFault.REDIRECT else []


def _known(hall: Hall, window: str, incident: str) -> bool:
    now = hall.windows[window]
    return incident in now.incidents or incident in now.proposed or incident in now.kept


def due(hall: Hall, now: float) -> list[f.Fact]:
    """What time redirects, one window a second: the next one must not be sent to a window that has just gone."""
    waiting = [*_overdue(hall, now), *_uncovered(hall)]
    return next((found for one in waiting if (found := send_away(hall, *one))), [])


def _overdue(hall: Hall, now: float) -> Iterator[tuple[str, str, str]]:
    """Proposals that nobody answered in the time that the hall gives."""
    after_s = hall.config.redirect_after_s
    for window in hall.config.windows if after_s else ():
        for incident, (reason, since) in hall.windows[window.id].proposed.items():
            if now - since >= after_s:
                yield window.id, incident, reason


def _uncovered(hall: Hall) -> Iterator[tuple[str, str, str]]:
    """Windows whose dead sign a TV stood in for, now that no TV works either, and those that had nowhere to send to."""
    for repair in hall.repairs.values():
        device = hall.device_by_id.get(repair.device)
        if device is None or device.place != "window" or device.at not in hall.window_by_id:
            continue
        wanted = routing.failing(hall, device.id) and routing.on_fault(hall, device) is OnFault.REDIRECT
        if wanted and not _known(hall, device.at, repair.id):
            yield device.at, repair.id, repair.fault


def send_away(hall: Hall, window: str, incident: str, reason: str) -> list[f.Fact]:
    """Redirect a window and the ticket called to it; nothing when one of its services has no other home."""
    if not routing.detour(hall, window):
        return []
    found: list[f.Fact] = [f.WindowRedirected(window, incident, reason)]
    ticket = hall.active(window)
    moved_before = incident in ticket.incidents and incident != MANUAL if ticket else False  # each by hand is a new one
    if ticket is None or ticket.state is not State.CALLED or moved_before:
        return found
    to = routing.target(hall, ticket, window)
    if to is None:
        return found
    found.append(f.TicketRedirected(ticket.id, window, to, incident))
    if hall.windows[to].ticket is None and hall.day_open and hall.emergency is None:
        found.append(f.TicketCalled(ticket.id, to, "redirected", redirected_from=window))
    return found
