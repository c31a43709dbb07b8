"""Views of a hall's day: hours, draining windows, leaves, gaps, hand-overs and the closing check."""

from dataclasses import asdict

from display.board import Name
from hall_server import contract as c
from hall_server.contract.day import CrowdRow, DutyRow, OnDutyRow, SpareRow
from hall_server.core import closing, crowd, duty, hours
from hall_server.core.config import Service, Window
from hall_server.core.day_state import Handover, Leave
from hall_server.core.hall import Hall
from hall_server.core.policy.estimate import estimate
from hall_server.views import iso, iso_or_none, service_name


def view(hall: Hall) -> c.DayView:
    """Everything about the day."""
    config, closed = hall.config, closing.closed_at(hall)
    unlike = hours.special(config, hours.day_of(config, hall.at)) if hours.known(config) else None
    return c.DayView(
        rev=hall.seq, at=iso(hall.at), day=hall.day, open=hall.day_open, hours=spans(hall, ""),
        special=Name(unlike.zh, unlike.en) if unlike else None, closes=iso_or_none(closed),
        here=closing.still_here(hall), ends_at=iso_or_none(closing.ends_at(hall)) if hall.day_open else None,
        overtime_s=closing.overtime_s(hall), crowds=tuple(_crowd(hall, name) for name in hall.crowds),
        duty=duty_rows(hall), services=tuple(_service(hall, service) for service in config.services),
        windows=tuple(window_day(hall, window) for window in config.windows),
        leaves=tuple(leave_row(one) for one in reversed(hall.leaves)),
        gaps=tuple(c.GapRow(window=g.window, since=iso(g.since), until=iso(g.until)) for g in reversed(hall.gaps)),
        orphans=tuple(
            c.OrphanRow(label=t.label, name=service_name(hall, t.service), since=iso(t.arrival))
            for t in closing.orphans(hall)
        ),
        handovers=tuple(handover_row(one) for one in hall.handovers.values()),
        evening=tuple(_evening(hall, item) for item in closing.evening(hall)), signed_off=_signed_off(hall),
    )  # fmt: skip


def duty_rows(hall: Hall) -> tuple[DutyRow, ...]:
    """Who is on duty today, role by role."""
    people: dict[str, list[OnDutyRow]] = {}
    for one in duty.today(hall):
        people.setdefault(one.role, []).append(OnDutyRow(name=one.name, window=one.window or None, here=one.here))
    return tuple(DutyRow(role=role, people=tuple(rows)) for role, rows in people.items())


def _crowd(hall: Hall, service: str) -> CrowdRow:
    """As it is now: what it was when it was told is in the journal."""
    told = hall.crowds[service]
    wait = estimate(hall, service) if service in hall.service_by_id else None
    return CrowdRow(
        service=service or None, name=service_name(hall, service) if service else None, since=iso(told.at),
        waiting=crowd.waiting(hall, service), wait_s=wait.point_s if wait else 0, stop=told.stop,
        spare=tuple(SpareRow.model_validate({"window": w, "do": do}) for w, do in crowd.spare(hall, service)),
        slots=tuple(map(iso, crowd.free_slots(hall, service))) if service else (),
    )  # fmt: skip


def spans(hall: Hall, service: str) -> tuple[c.SpanRow, ...]:
    """The openings that a page has to know; none where nobody has said."""
    found = hours.shown(hall.config, hall.at, service) if hours.known(hall.config) else ()
    return tuple(c.SpanRow(opens=iso(one.opens), closes=iso(one.closes)) for one in found)


def _service(hall: Hall, service: Service) -> c.ServiceDay:
    wait = estimate(hall, service.id)
    return c.ServiceDay(
        service=service.id, name=Name(service.zh, service.en), hours=spans(hall, service.id),
        waiting=len(hall.queues[service.id]), stopped=service.id in hall.stopped,
        last_at=iso_or_none(closing.last_at(hall, service.id, wait.ahead, hall.at)) if wait else None,
    )  # fmt: skip


def window_day(hall: Hall, window: Window) -> c.WindowDay:
    """A window's day."""
    now = hall.windows[window.id]
    asks, seat = now.asks, hall.seats.get(window.id)
    return c.WindowDay(
        window=window.id, clerk=seat.clerk if seat else "", since=iso(seat.since) if seat and seat.since else None,
        unattended_since=iso_or_none(now.unattended), last_clerk=now.last_clerk if now.unattended else "",
        until=iso_or_none(now.until), minutes=now.left_min, by_hand=now.by_hand,
        duty=window.id in hall.config.day.duty, idle_since=iso_or_none(now.idle_since),
        helps=tuple(c.Help(service=s, name=service_name(hall, s), until=iso(until)) for s, until in now.also.items()),
        uncovered=hall.day_open and now.paused_at is not None and not now.cover,
        asks=c.LeaveRow(window=window.id, by=asks.by, at=iso(asks.at), reason=asks.reason, cover=asks.cover)
        if asks else None,
    )  # fmt: skip


def leave_row(one: Leave) -> c.LeaveRow:
    """A leave with its times as the wire has them."""
    return c.LeaveRow(**asdict(one) | {"at": iso(one.at), "ended_at": iso_or_none(one.ended_at)})


def handover_row(one: Handover) -> c.HandoverRow:
    """A hand-over with its times as the wire has them."""
    return c.HandoverRow(**asdict(one) | {"at": iso(one.at), "signed_at": iso_or_none(one.signed_at)})


def _evening(hall: Hall, item: closing.Evening) -> c.EveningRow:
    device = hall.device_by_id[item.device]
    return c.EveningRow.model_validate(
        {
            "device": device.id, "name": Name(device.zh, device.en), "kind": device.kind, "place": device.place,
            "at": device.at, "state": item.state,
        }
    )  # fmt: skip


def _signed_off(hall: Hall) -> c.SignedOffRow | None:
    one = hall.signed_off
    return None if one is None else c.SignedOffRow(**asdict(one) | {"at": iso(one.at)})
