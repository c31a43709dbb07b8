"""Routing: which window may serve what, where a detour leads, which printer prints. Looks only."""

from collections.abc import Container, Sequence
from itertools import islice, takewhile

from hall_server.core.config import INWARD, VOICE, Device, OnFault, Window
from hall_server.core.hall import Hall, Routes
from hall_server.core.tickets import Ticket

USABLE = frozenset({"ok", "degraded"})
BESIDE = 2  # dark windows on one side that a sign speaks for: each is a page, and a page takes seconds


def routes(hall: Hall) -> Routes:
    """Who serves what, as the windows stand now: a draining one leaves a service to others as far as there are any.

    One where nobody is counts for nobody who waits; whoever comes there may call all the same.
    """
    serves_now = {window.id: _serves(hall, window) for window in hall.config.windows}
    able: dict[str, list[str]] = {}
    for name, services in serves_now.items():
        for service in dict.fromkeys(services) if attended(hall, name) else ():
            able.setdefault(service, []).append(name)
    staying = {service: tuple(w for w in names if hall.windows[w].until is None) for service, names in able.items()}
    calls = {
        name: tuple(s for s in services if not staying.get(s)) if hall.windows[name].until is not None else services
        for name, services in serves_now.items()
    }
    given = {service: tuple(names) for service, names in able.items()}
    return Routes(serves_now, calls, given, {service: staying[service] or names for service, names in given.items()})


def _serves(hall: Hall, known: Window) -> tuple[str, ...]:
    now = hall.windows[known.id]
    if now.incidents or now.paused_at is not None:
        return ()
    services = given_at(hall, known)
    skills = _skills(hall, known.id)
    return services if skills is None else tuple(service for service in services if service in skills)


def given_at(hall: Hall, known: Window) -> tuple[str, ...]:
    """A window's own services, and others that it helps out with for as long as the settings have them."""
    also = hall.windows[known.id].also
    return (*known.services, *(s for s in also if s in hall.service_by_id)) if also else known.services


def back_to(hall: Hall, window: str, service: str) -> str | None:
    """The window that wants a customer back, if it still has what for; None: whoever has it."""
    known = hall.window_by_id.get(window)
    return window if known is not None and service in given_at(hall, known) else None


def _skills(hall: Hall, window: str) -> frozenset[str] | None:
    """What whoever has a window can do; None: everything."""
    seat = hall.seats.get(window) if hall.skills else None
    return hall.skills.get(seat.clerk) if seat is not None else None


def can(hall: Hall, window: str, service: str) -> bool:
    """Whether whoever has a window can do what a service needs."""
    skills = _skills(hall, window)
    return skills is None or service in skills


def lacks_skill(hall: Hall, window: str, service: str) -> bool:
    """Whether a window has a service, and its clerk cannot do that."""
    known = hall.window_by_id.get(window)
    return known is not None and service in given_at(hall, known) and not can(hall, window, service)


def attended(hall: Hall, window: str) -> bool:
    """Whether somebody is at a window, as far as anybody knows: it was not left without a word."""
    now = hall.windows.get(window)
    return now is not None and now.unattended is None


def serves(hall: Hall, window: str) -> tuple[str, ...]:
    """The services that a window may call; none while it is redirected or paused, or no longer in the hall."""
    return hall.routes.serves.get(window, ())


def keeps(hall: Hall, window: str) -> tuple[str, ...]:
    """The services for which a window keeps customers to itself: none where nobody is."""
    return serves(hall, window) if attended(hall, window) else ()


def eligible(hall: Hall, window: str) -> tuple[str, ...]:
    """The services that a window may call anybody for."""
    return hall.routes.calls.get(window, ())


def free(hall: Hall, ticket: Ticket) -> bool:
    """Whether any window may have it: who was sent to one that is itself out of service belongs to everybody."""
    return ticket.bound is None or ticket.service not in keeps(hall, ticket.bound)


def rushing(hall: Hall, services: Container[str]) -> list[Ticket]:
    """Who goes before everybody for these services: the staff said so, and they were there when last called."""
    urgent = (hall.tickets[name] for name in hall.urgent)
    return [ticket for ticket in urgent if ticket.service in services and ticket.pass_over == 0]


def windows_for(hall: Hall, service: str, *, but: str = "") -> tuple[str, ...]:
    """The windows that may call a service now, in the order of the hall, without ``but``."""
    if not but:
        return hall.routes.calling.get(service, ())
    able = tuple(name for name in hall.routes.able.get(service, ()) if name != but)
    return tuple(name for name in able if hall.windows[name].until is None) or able


def _nearest(hall: Hall, window: str, others: set[str]) -> tuple[str, ...]:
    order = {w.id: n for n, w in enumerate(hall.config.windows)}
    here = order[window]
    return tuple(sorted(others, key=lambda other: (abs(order[other] - here), order[other])))


def detour(hall: Hall, window: str) -> tuple[str, ...]:
    """The windows that together take over a window's services, nearest first; empty when one has no other home."""
    homes = [windows_for(hall, service, but=window) for service in hall.window_by_id[window].services]
    if not homes or not all(homes):
        return ()
    everywhere = set(homes[0]).intersection(*homes[1:])
    return _nearest(hall, window, everywhere or {w for home in homes for w in home})


def target(hall: Hall, ticket: Ticket, window: str) -> str | None:
    """Where a ticket called to ``window`` goes instead: a free window if there is one, first those the signs name."""
    able = windows_for(hall, ticket.service, but=window)
    named = [w for w in detour(hall, window) if w in able]
    homes = [*named, *(w for w in _nearest(hall, window, set(able)) if w not in named)]
    free = [w for w in homes if hall.windows[w].ticket is None]
    sure = [w for w in free if not _missed(hall, w)]  # else who was just moved may have to move again
    return next(iter((*sure, *free, *homes)), None)


def _missed(hall: Hall, window: str) -> bool:
    """Whether a sign over a window did not answer lately: it may be about to be called failed."""
    return any(
        d.kind == "sign" and hall.devices[d.id].state not in ("ok", "unknown")
        for d in hall.devices_at("window", window)
    )


def chosen(hall: Hall, device: Device) -> OnFault:
    """What the hall chose for a fault of this device."""
    if device.on_fault is not None:
        return device.on_fault
    if device.kind in INWARD:
        return OnFault.NONE
    if device.kind == VOICE:
        return OnFault.COVER  # screens go on, and the TV has its chime
    config = hall.config
    kinds = {"sign": config.on_sign_failure, "printer": config.on_printer_failure, "tv": config.on_tv_failure}
    if device.place == "window" and device.kind != "sign":
        return config.on_window_failure
    return kinds.get(device.kind, OnFault.NONE)


def on_fault(hall: Hall, device: Device) -> OnFault:
    """What its fault does now: nothing stands in for a sign while no TV works."""
    found = chosen(hall, device)
    return OnFault.REDIRECT if found is OnFault.COVER and device.kind == "sign" and not tv_works(hall) else found


def failing(hall: Hall, device: str) -> bool:
    """Whether a device is known not to work: it says so, or a person did."""
    repair, now = hall.repairs.get(device), hall.devices.get(device)
    return (repair is not None and repair.stops) or (now is not None and now.state == "failed")


def tv_works(hall: Hall) -> bool:
    """Whether a TV may still show calls; a hall that has registered none is believed to have one."""
    tvs = [device.id for device in hall.config.devices if device.kind == "tv"]
    return not tvs or not all(failing(hall, tv) for tv in tvs)


def dark(hall: Hall, window: str) -> bool:
    """Whether no sign over a window can say anything, and the hall wants that made up for."""
    signs = [device for device in hall.devices_at("window", window) if device.kind == "sign"]
    wanted = any(chosen(hall, device) is not OnFault.NONE for device in signs)
    return wanted and all(failing(hall, device.id) for device in signs)


def beside(hall: Hall, window: str) -> tuple[str, ...]:
    """The dark windows that this one's sign speaks for: the next ones on each side, up to one that is not dark."""
    broken = (hall.device_by_id.get(name) for name in hall.repairs)  # what fails has an order: mostly there is none
    if not any(device is not None and device.kind == "sign" for device in broken) or dark(hall, window):
        return ()
    order = [w.id for w in hall.config.windows]
    here = order.index(window)
    left = takewhile(lambda other: dark(hall, other), reversed(order[:here]))
    right = takewhile(lambda other: dark(hall, other), order[here + 1 :])
    return (*islice(left, BESIDE), *islice(right, BESIDE))


def printer_state(hall: Hall, printer: str) -> str:
    """The state of a printer as routing sees it: a declared fault or a doubtful paper inside counts as failed."""
    repair = hall.repairs.get(printer)
    if repair is not None and repair.stops:
        return "failed"
    now = hall.devices.get(printer)
    if now is None:
        return "unknown"
    return "failed" if "ticket_unconfirmed" in now.faults else now.state


def printer(hall: Hall, kiosk: str | None, tried: tuple[str, ...] = ()) -> str | None:
    """The printer in force for a kiosk: its own or the first backup that works, else one we know nothing bad of."""
    place = hall.kiosk_by_id.get(kiosk or "")
    if place is None:
        return None
    backups = () if hall.config.on_printer_failure is OnFault.NONE else place.backups
    return _working(hall, [p for p in (place.printer or "", *backups) if p and p not in tried])


def window_printer(hall: Hall, window: str, tried: tuple[str, ...] = ()) -> str | None:
    """Where a clerk's slips come out: at the window, at a printer that it names, else at any kiosk."""
    known = hall.window_by_id.get(window)
    own = [device.id for device in hall.devices_at("window", window) if device.kind == "printer"]
    named = known.printers if known else ()
    anywhere = () if own or named else tuple(k.printer for k in hall.config.kiosks if k.printer)
    return _working(hall, [p for p in dict.fromkeys((*own, *named, *anywhere)) if p not in tried])


def _working(hall: Hall, candidates: Sequence[str]) -> str | None:
    """The first that works, else the first of which nothing bad is known."""
    states = {p: printer_state(hall, p) for p in candidates}
    working = [p for p in candidates if states[p] in USABLE or _believed(hall, p, states[p])]
    unheard = [p for p in candidates if states[p] == "unknown" and not silent(hall, p)]
    return next(iter((*working, *unheard)), None)


def _believed(hall: Hall, printer: str, state: str) -> bool:
    """A printer that can never say that it works is taken in its turn, not after all that can."""
    known = hall.device_by_id.get(printer)
    return known is not None and not known.monitored and state == "unknown" and not silent(hall, printer)


def silent(hall: Hall, device: str) -> bool:
    """Whether the station that has a device is not there."""
    known = hall.device_by_id.get(device)
    station = hall.stations.get(known.station or "") if known else None
    return station is not None and not station.connected


def kiosk_of(hall: Hall, printer_id: str) -> str | None:
    """The kiosk at which a printer stands."""
    known = hall.device_by_id.get(printer_id)
    return known.at if known is not None and known.place == "kiosk" else None
