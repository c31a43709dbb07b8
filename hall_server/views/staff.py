"""Views for staff: a clerk's window and the manager's floor."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import cast

from display.board import Name, Wait
from hall_server import contract as c
from hall_server.contract.tickets import CareRow, HelpWord, Reviewed
from hall_server.core import reviews, routing
from hall_server.core.config import Service
from hall_server.core.figures.ratings import LEVELS, Said, together
from hall_server.core.hall import Hall
from hall_server.core.policy import choice as policy
from hall_server.core.policy.estimate import Estimate
from hall_server.core.preview import Effect, preview
from hall_server.core.rules.redirects import MANUAL
from hall_server.core.tickets import Care, State, Ticket
from hall_server.detour import Detour, ServiceEffect
from hall_server.views import (
    NEXT_FOR_CLERK,
    Outside,
    away_since,
    iso,
    iso_or_none,
    reason,
    service_name,
    window_state,
)
from hall_server.views import life as life_views
from hall_server.views import materials as material_views
from hall_server.views.day import handover_row
from hall_server.views.devices import device_row
from hall_server.views.reasons import reason_of
from hall_server.views.rolls import running_out
from hall_server.views.signs import sign


def clerk(hall: Hall, window: str, outside: Outside, *, targets: bool = True) -> c.ClerkView | None:
    """Everything on a clerk's screen; None when there is no such window. ``targets``: also where to send a customer."""
    if window not in hall.window_by_id:
        return None
    services = routing.given_at(hall, hall.window_by_id[window])
    left, seat = hall.handovers.get(window), hall.seats.get(window)
    active, now = hall.active(window), hall.windows[window]
    here = hall.devices_at("window", window)
    own_sign = next((d for d in here if d.kind == "sign"), None)
    order = sign(hall, window, outside.saying(own_sign), own_sign.columns) if own_sign else None
    content, ms = hall.shown.get(own_sign.id, ("", 0.0)) if own_sign else ("", 0.0)
    return c.ClerkView(
        rev=hall.seq, at=iso(hall.at), day_open=hall.day_open, window=window, state=window_state(hall, window),
        ticket=card(hall, active) if active else None,
        queues=tuple(queue_row(hall, s) for s in services),
        next=tuple(card(hall, one) for one in islice(policy.coming(hall, services, window), NEXT_FOR_CLERK)),
        redirected_to=routing.detour(hall, window) if hall.windows[window].incidents else (),
        reason=reason(hall, window),
        devices=tuple(device_row(hall, d, outside) for d in (*here, *hall.devices_at("hall", ""))),
        sign=order, sign_state=device_row(hall, own_sign, outside).state if own_sign else None,
        shown_ms=ms if order is not None and content == order.content_id else None,
        paused_since=None if now.paused_at is None else iso(now.paused_at), paused_why=now.paused_why,
        detour=_pressing(hall, window), targets=tuple(_targets(hall, active)) if active and targets else (),
        pad_fault=pad_fault(hall, window),
        materials=material_views.needed(hall, active), remind=material_views.reminders(hall, active),
        missing=material_views.last_at(hall, window), pick_up=_fetched_later(hall, active),
        held=life_views.held(hall, window), undo=life_views.undo_at(hall, window),
        asks_since=iso_or_none(now.asks.at if now.asks else None),
        clerk=seat.clerk if seat else "", unattended_since=iso_or_none(now.unattended),
        until=iso_or_none(now.until), handover=handover_row(left) if left and left.signed_at is None else None,
    )  # fmt: skip


def _fetched_later(hall: Hall, ticket: Ticket | None) -> bool:
    service = hall.service_by_id.get(ticket.service) if ticket else None
    return service is not None and service.pickup in hall.service_by_id


def _targets(hall: Hall, ticket: Ticket) -> Iterator[c.TransferTarget]:
    """Where this customer can be sent: services that somebody gives, then windows that call."""
    for service in hall.config.services:
        windows = routing.windows_for(hall, service.id)
        if service.id != ticket.service and windows:
            yield _target(hall, service, windows)
    for window in hall.config.windows:
        services = routing.eligible(hall, window.id) if routing.attended(hall, window.id) else ()
        if window.id != ticket.window and services:
            service = hall.service_by_id[ticket.service if ticket.service in services else services[0]]
            yield _target(hall, service, (window.id,), window.id)


def _target(hall: Hall, service: Service, windows: tuple[str, ...], window: str | None = None) -> c.TransferTarget:
    waiting = len(hall.queues[service.id])
    return c.TransferTarget(
        service=service.id, name=Name(service.zh, service.en), windows=windows, window=window, waiting=waiting
    )


def pad_fault(hall: Hall, window: str) -> str | None:
    """Why the pad of a window does not work, as far as anybody can know: a silent pad may be a healthy one."""
    pad = next((device for device in hall.devices_at("window", window) if device.kind == "pad"), None)
    if pad is None:
        return None
    repair, faults = hall.repairs.get(pad.id), set(hall.devices[pad.id].faults) - {"unmonitored"}
    if routing.silent(hall, pad.id):
        return "stale"
    return min(faults) if faults else repair.fault if repair is not None else None


def card(hall: Hall, ticket: Ticket) -> c.TicketCard:
    """A ticket as a clerk sees it."""
    return c.TicketCard(
        id=ticket.id, label=ticket.label, service=ticket.service,
        service_name=service_name(hall, ticket.service),
        state=ticket.state.value, issued_at=iso(ticket.since), appointment=iso_or_none(ticket.due),
        called_at=iso(ticket.called_at) if ticket.called_at else None,
        started_at=iso(ticket.started_at) if ticket.started_at else None,
        unspoken=ticket.state is State.CALLED and ticket.aloud == "not_spoken",
        calls=ticket.calls, language="en" if ticket.language == "en" else "zh",
        sent_from=ticket.sent_from, note=ticket.note, back_to=ticket.back[0] if ticket.back else None,
        because=reason_of(hall.config.policy, ticket.why, ticket.overtook, ticket.because, ticket.why_said),
        need=ticket.need, urgent=ticket.urgent,
        then=tuple(service_name(hall, one) for one in reviews.following(hall, ticket)),
        long_at=_long_at(hall, ticket), care=tuple(_care(one) for one in ticket.care),
        reviewed=_reviewed(hall, ticket), help=cast(HelpWord, ticket.help) if ticket.help else None,
    )  # fmt: skip


def _reviewed(hall: Hall, ticket: Ticket) -> Reviewed | None:
    found = reviews.reviewed(hall, ticket)
    return None if found is None else Reviewed(window=found[0], service_name=service_name(hall, found[1]))


def _long_at(hall: Hall, ticket: Ticket) -> str | None:
    known = hall.service_by_id.get(ticket.service)
    return iso(ticket.since + known.target_s) if known and ticket.state is State.WAITING else None


def _care(one: Care) -> CareRow:
    return CareRow.model_validate({"what": one.what, "by": one.by, "at": iso(one.at)})


def queue_row(hall: Hall, service: str) -> c.QueueRow:
    """One queue: how many, and since when."""
    known, queue = hall.service_by_id[service], hall.queues[service]
    oldest = next(iter(queue), None)
    return c.QueueRow(
        service=service, name=Name(known.zh, known.en), icon=known.icon, waiting=len(queue),
        oldest=iso(oldest[0]) if oldest else None,
    )  # fmt: skip


def floor(hall: Hall, outside: Outside) -> c.FloorView:
    """What a hall manager watches."""
    services = [s.id for s in hall.config.services]
    rows = tuple(device_row(hall, d, outside) for d in hall.config.devices)
    return c.FloorView(
        rev=hall.seq, at=iso(hall.at), day_open=hall.day_open,
        waiting=sum(len(hall.queues[s]) for s in services),
        served=sum(hall.counts[s].get(State.DONE, 0) for s in services) - _guests_served(hall),
        queues=tuple(queue_row(hall, s) for s in services),
        windows=tuple(_floor_window(hall, w.id) for w in hall.config.windows),
        devices=tuple(row for row in rows if row.repair is not None or (row.monitored and row.state != "ok")),
        no_paper=tuple(k.id for k in hall.config.kiosks if k.printer and not routing.printer(hall, k.id)),
        ratings=rating_row(together(_said(counts) for counts in hall.ratings.values())), series=running_out(hall),
    )  # fmt: skip


def _guests_served(hall: Hall) -> int:
    """Who came on a day before is counted there."""
    return sum(hall.tickets[name].state is State.DONE for name in hall.kept.values())


def _said(counts: Mapping[str, int]) -> Said:
    levels = {level: counts.get(str(level), 0) for level in LEVELS}
    return Said(counts.get("served", 0), counts.get("asked", 0), levels)


def rating_row(said: Said, window: str | None = None) -> c.RatingRow:
    """What customers said; which levels they chose only where enough of them answered."""
    one, two, three, four, five = (said.levels[level] for level in LEVELS)
    levels = None if said.mean is None else c.Levels(counts=(one, two, three, four, five), mean=said.mean)
    return c.RatingRow(window=window, served=said.served, asked=said.asked, rated=said.rated, levels=levels)


def _floor_window(hall: Hall, window: str) -> c.FloorWindow:
    now, ticket, state = hall.windows[window], hall.active(window), window_state(hall, window)
    since, seat = away_since(now) if state == "paused" else now.since, hall.seats.get(window)
    free = ticket is None and hall.day_open and routing.attended(hall, window)
    to = routing.detour(hall, window)
    return c.FloorWindow(
        window=window, state=state, label=ticket.label if ticket else None,
        since=iso(since) if since else None,
        idle=free and policy.next_for(hall, window, hall.at) is not None,
        clerk=seat.clerk if seat else now.last_clerk if now.unattended else "",
        unattended_since=iso_or_none(now.unattended),
        to=to if now.incidents else (), by_hand=MANUAL in now.incidents, stuck=not to,
        detour=_pressing(hall, window), pad_fault=pad_fault(hall, window),
    )  # fmt: skip


def detour(hall: Hall, window: str) -> Detour | None:
    """What redirecting a window does, or has done, to whom; None when there is no such window."""
    if window not in hall.window_by_id:
        return None
    seen, now = preview(hall, window), hall.windows[window]
    asked = () if now.incidents else tuple(since for _, since in now.proposed.values())
    faults = [repair.fault for repair in hall.repairs.values() if asked and repair.id in now.proposed]
    after_s = hall.config.redirect_after_s
    return Detour(
        rev=hall.seq, window=window, state="in_force" if now.incidents else "proposed" if asked else "possible",
        to=seen.to, waiting=sum(one.waiting for one in seen.services), added_s=seen.added_s,
        services=tuple(_effect(hall, one) for one in seen.services),
        called=seen.called.label if seen.called else None, called_to=seen.called_to,
        reason=next(iter(faults), reason(hall, window)),
        apply_at=iso(min(asked) + after_s) if asked and after_s else None,
    )  # fmt: skip


def _pressing(hall: Hall, window: str) -> Detour | None:
    """A redirect that stands before everybody's eyes: in force, or waiting for a yes."""
    now = hall.windows[window]
    return detour(hall, window) if now.incidents or now.proposed else None


def _effect(hall: Hall, one: Effect) -> ServiceEffect:
    known = hall.service_by_id[one.service]
    name = Name(known.zh, known.en)
    return ServiceEffect(one.service, name, one.waiting, one.windows, _wait(one.before), _wait(one.after))


def _wait(found: Estimate | None) -> Wait | None:
    return Wait(found.point_s, found.upper90_s) if found else None
