"""A device's past for its page and its figures: read from the journal, on a real thread, for a bounded time."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hall_server import contract as c
from hall_server.core.config import Device
from hall_server.core.figures import devices as figures
from hall_server.journal import Journal, Row
from hall_server.records.device_rows import labels, of_days, page
from hall_server.views import iso

DAYS_SHOWN = 31  # a month of business days: what a page tells, and the most that one call may ask for
LOG_PAGE = 40
# What a line of the log says of a fact, in this order: the texts of its body that are no names or ids.
SAID = tuple("url state outcome verdict fault faults reason how content note expected evidence".split())


@dataclass(frozen=True, slots=True)
class LogRow:
    """One fact about a device; ``said`` is what it says, without names and ids."""

    seq: int
    at: str
    kind: str
    by: str
    said: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One opening of a repair order with its steps; ``how`` it ended, None while it stands."""

    order: str
    fault: str
    how: str | None
    steps: tuple[c.RepairStep, ...]


@dataclass(frozen=True, slots=True)
class DeviceHistory:
    """What a device's page tells of the past; ``older`` is where the log goes on."""

    figures: c.DeviceFigures
    orders: tuple[OrderRow, ...]
    log: tuple[LogRow, ...]
    older: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """Business days, both included, and the server's time now (Unix seconds)."""

    first: str
    last: str
    now: float


def last_days(today: str, now: float, days: int = DAYS_SHOWN) -> Span:
    """The month that a page shows, or fewer days."""
    return Span((date.fromisoformat(today) - timedelta(days=days - 1)).isoformat(), today, now)


def _told(journal: Journal, device: Device, span: Span) -> list[figures.Told]:
    named = {kind: device.id for kind in figures.TELLING}
    if kiosk := _kiosk(device):
        named["TicketIssued"] = kiosk
    rows = of_days(journal, (span.first, span.last), named, figures.FRAME)
    return [figures.Told(row.at, row.actor, row.fact()) for row in rows]


def _kiosk(device: Device) -> str:
    """Whose customers a printer prints for."""
    return device.at if device.kind == "printer" and device.place == "kiosk" else ""


def read_figures(journal: Journal, device: Device, span: Span) -> c.DeviceFigures:
    """The figures of some business days. Raises ``JournalError``."""
    return _figures(_told(journal, device, span), device, span)


def read_history(journal: Journal, device: Device, span: Span, before: int) -> DeviceHistory:
    """Figures, repairs and one page of the log. Raises ``JournalError``."""
    told = _told(journal, device, span)
    rows, older = page(journal, device.id, before, LOG_PAGE)
    orders = tuple(
        OrderRow(
            one.order, one.fault, one.how,
            tuple(
                c.RepairStep(state=s.state, at=iso(s.at), by=s.by, note=s.note, expected=s.expected) for s in one.steps
            ),
        )
        for one in figures.orders(told, device.id)
    )  # fmt: skip
    bodies = {row.seq: json.loads(row.body) for row in rows}
    moved = {body["ticket"] for body in bodies.values() if "incident" in body and "ticket" in body}
    named = labels(journal, moved, max(bodies, default=0))
    log = tuple(_log_row(row, bodies[row.seq], named) for row in rows)
    return DeviceHistory(_figures(told, device, span), orders, log, older)


def _figures(told: list[figures.Told], device: Device, span: Span) -> c.DeviceFigures:
    days = figures.days(told, device.id, span.now, kiosk=_kiosk(device))
    open_s, down_s = sum(day.open_s for day in days), sum(day.down_s for day in days)
    failures, repairs = sum(day.failures for day in days), sum(day.repairs for day in days)
    slips = sum(day.slips for day in days)
    return c.DeviceFigures(
        device=device.id, days=tuple(_day(day) for day in days), open_s=round(open_s), down_s=round(down_s),
        failures=failures, mtbf_s=round((open_s - down_s) / failures) if failures else None,
        mttr_s=round(sum(day.repair_s for day in days) / repairs) if repairs else None,
        customers=sum(len(day.customers) for day in days), slips=slips, paper_m=round(slips * device.slip_mm / 1000, 1),
    )  # fmt: skip


def _day(day: figures.Day) -> c.DayFigures:
    return c.DayFigures(
        day=day.day, open_s=round(day.open_s), down_s=round(day.down_s), failures=day.failures, repairs=day.repairs,
        repair_s=round(day.repair_s), customers=len(day.customers), slips=day.slips,
    )  # fmt: skip


def _log_row(row: Row, body: dict[str, Any], named: Mapping[str, str]) -> LogRow:
    said = (_moved(body, named), *(body.get(name) for name in SAID))
    texts = (", ".join(one) if isinstance(one, list) else one for one in said)
    return LogRow(row.seq, iso(row.at), row.kind, row.actor, " · ".join(text for text in texts if text))


def _moved(body: dict[str, Any], named: Mapping[str, str]) -> str:
    """Which window a fault closed, or which ticket it sent from one to another."""
    if "incident" not in body:
        return ""
    way = " → ".join(body[end] for end in ("window", "to") if end in body)
    return f"{named.get(body['ticket'], '')} {way}".strip() if "ticket" in body else way
