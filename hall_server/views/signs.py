"""What the signs say: one over a window, and a board for all windows."""

from display.sign_text import SignText
from hall_server import contract as c
from hall_server.core import routing
from hall_server.core.config import Device
from hall_server.core.hall import CallNow, Hall
from hall_server.views import NOT_CALLED, Outside, away_since, reason


def sign(hall: Hall, window: str, outside: Outside, columns: int) -> c.SignOrder:
    """What the sign over a window says now."""
    ticket, now = hall.active(window), hall.windows[window]
    if hall.emergency is not None:
        return _order(f"emergency-{hall.emergency.kind}", outside.signs.emergency(columns), urgent=True)
    if not hall.day_open:
        return _order("night", outside.signs.night())
    if now.incidents:
        to = routing.detour(hall, window)
        manual = reason(hall, window) == "manual"
        text = outside.signs.redirected(to, columns) if manual else outside.signs.fault(columns, to)
        return _order(f"away-{'-'.join(to)}-{manual}", text)
    if ticket is not None:
        seq = max((one.seq for one in hall.calls if one.ticket == ticket.id), default=0)
        text = outside.signs.called(ticket.label, window, columns)
        return _order(f"call-{seq or ticket.id}", text, urgent=True)
    away = away_since(now) is not None
    if not away and now.until is not None and now.left_min:
        return _order(f"draining-{now.left_min}", outside.signs.draining(now.left_min, columns))
    if away or (now.until is not None and not routing.eligible(hall, window)):
        to = routing.detour(hall, window)
        return _order(f"paused-{'-'.join(to)}", outside.signs.redirected(to, columns))
    beside = _beside(hall, window)
    return _order("-".join(("idle", *map(".".join, beside))), outside.signs.idle(columns, beside))


def panel(hall: Hall, outside: Outside, device: Device) -> c.SignOrder:
    """What a board for all windows says now: the latest call of each ticket that is not waiting again, newest first;
    below them where the customers of redirected windows go.
    """
    if hall.emergency is not None:
        return _order(f"emergency-{hall.emergency.kind}", outside.signs.emergency(device.columns), urgent=True)
    if not hall.day_open:
        return _order("night", outside.signs.night())
    latest: dict[str, CallNow] = {}
    for one in reversed(hall.calls):
        latest.setdefault(one.ticket, one)
    called = [one for one in latest.values() if hall.tickets[one.ticket].state not in NOT_CALLED][: device.lines]
    gone = [window.id for window in hall.config.windows if hall.windows[window.id].incidents]
    away = [(window, to[0]) for window in gone if (to := routing.detour(hall, window))]
    text = outside.signs.listed([(one.label, one.window) for one in called], device.columns, device.lines, away)
    content = "-".join(("calls", *(str(one.seq) for one in called), *map(".".join, away)))
    return _order(content, text, urgent=bool(called))


def _beside(hall: Hall, window: str) -> tuple[tuple[str, str], ...]:
    """Windows next to this one whose own sign is dark, and where their customers go (nowhere: the TV calls them)."""
    dark = ((name, hall.windows[name].incidents, routing.detour(hall, name)) for name in routing.beside(hall, window))
    told = ((name, to[0] if to and away else "") for name, away, to in dark)
    return tuple((name, to) for name, to in told if to or routing.tv_works(hall))


def _order(content: str, text: SignText, *, urgent: bool = False) -> c.SignOrder:
    return c.SignOrder(content_id=content, pages=text.pages, colour=text.colour, urgent=urgent)
