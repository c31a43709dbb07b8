"""Reports over all devices, read from the journal once, on a real thread, for a bounded time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from display.board import Name
from hall_server import contract as c
from hall_server.contract.reports import Advice, DeviceReport, RepairRecord, ReportRow
from hall_server.core import facts as f
from hall_server.core.config import Device
from hall_server.core.figures import devices as figures
from hall_server.journal import Journal
from hall_server.records.device_rows import of_days
from hall_server.views import iso

REPORT_DAYS = 90  # a quarter: long enough to see a pattern, short enough to read while somebody waits
EXPORT_DAYS = 366
LATELY_S = 30 * 86400.0
# The rule, stated beside each report. A device that fails every other week is never reliable again; one that fails
# once a month is worth a look; after five years makers stop selling the parts.
OFTEN, FEW, OLD_DAYS = 6, 3, 5 * 365
STEPS = ("accepted", "on_site", "waiting_parts", "fixed", "verified")
REPAIRS = ("RepairOpened", "RepairAdvanced", "RepairVerified", "DeviceReplaced")
TELLING = ("TicketIssued", *(kind for kind in figures.TELLING if kind != "SlipPrinted"), *figures.FRAME)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is about: devices with their papers and when the unit that stands there came; and now."""

    devices: tuple[Device, ...]
    assets: Mapping[str, c.RegisterRow]
    replaced_at: Mapping[str, float]
    timezone: str
    today: str
    now: float


def advice(failures: int, age_days: int | None, *, in_warranty: bool) -> Advice:
    """What to do about a device: the rule as one table, the first line that fits."""
    often, few, old = failures >= OFTEN, failures >= FEW, age_days is not None and age_days >= OLD_DAYS
    table: tuple[tuple[bool, Advice], ...] = (
        (few and in_warranty, "warranty"),
        (often or (few and old), "replace"),
        (few, "inspect"),
    )
    return next((word for fits, word in table if fits), "keep")


def read_report(journal: Journal, asked: Asked) -> DeviceReport:
    """Downtime, failures, repairs and advice for each device. Raises ``JournalError``."""
    first = _before(asked.today, REPORT_DAYS)
    told = _by_device(_told(journal, first, asked.today, TELLING), asked.devices)
    rows = tuple(_row(device, told[device.id], asked) for device in asked.devices)
    worst = sorted(rows, key=lambda row: (-row.failures, -row.down_s, row.device))
    return DeviceReport(first=first, last=asked.today, often=OFTEN, few=FEW, old_days=OLD_DAYS, rows=tuple(worst))


def read_repairs(journal: Journal, asked: Asked) -> tuple[RepairRecord, ...]:
    """All repairs and replacements of a year, the newest first. Raises ``JournalError``."""
    told = _told(journal, _before(asked.today, EXPORT_DAYS), asked.today, REPAIRS)
    known = dict.fromkeys(name for one in told if isinstance(name := getattr(one.fact, "device", None), str))
    wanted = [device.id for device in asked.devices]
    repairs = [_record(name, order) for name in known if name in wanted for order in figures.orders(told, name)]
    replaced = [
        _replacement(one.at, one.by, one.fact)
        for one in told
        if isinstance(one.fact, f.DeviceReplaced) and one.fact.device in wanted
    ]
    return tuple(sorted((*repairs, *replaced), key=lambda record: record.reported, reverse=True))


def _before(today: str, days: int) -> str:
    return (date.fromisoformat(today) - timedelta(days=days - 1)).isoformat()


def _told(journal: Journal, first: str, last: str, kinds: Sequence[str]) -> list[figures.Told]:
    rows = of_days(journal, (first, last), {}, kinds)
    return [figures.Told(row.at, row.actor, row.fact()) for row in rows]


def _by_device(told: list[figures.Told], devices: tuple[Device, ...]) -> dict[str, list[figures.Told]]:
    """Each row to whom it concerns: what frames a day to all, a ticket to the printers of its kiosk."""
    found: dict[str, list[figures.Told]] = defaultdict(list)
    everybody = [device.id for device in devices]
    printers = defaultdict(list)
    for device in devices:
        if device.kind == "printer" and device.place == "kiosk":
            printers[device.at].append(device.id)
    for one in told:
        named = getattr(one.fact, "device", None) or getattr(one.fact, "printer", None)
        whom = printers[one.fact.kiosk or ""] if isinstance(one.fact, f.TicketIssued) else [named]
        for name in everybody if type(one.fact).__name__ in figures.FRAME else whom:
            found[str(name)].append(one)
    return found


def _row(device: Device, told: list[figures.Told], asked: Asked) -> ReportRow:
    kiosk = device.at if device.kind == "printer" and device.place == "kiosk" else ""
    days = figures.days(told, device.id, asked.now, kiosk=kiosk)
    open_s, down_s = sum(day.open_s for day in days), sum(day.down_s for day in days)
    repairs, all_failures = sum(day.repairs for day in days), sum(day.failures for day in days)
    came_at = asked.replaced_at.get(device.id, 0.0)
    opened = [one.at for one in told if isinstance(one.fact, f.RepairOpened) and one.at >= came_at]
    asset = asked.assets.get(device.id, c.RegisterRow())
    came_on = datetime.fromtimestamp(came_at, ZoneInfo(asked.timezone)).date().isoformat() if came_at else ""
    since = asset.bought or came_on
    age = max(0, (date.fromisoformat(asked.today) - date.fromisoformat(since)).days) if since else None
    in_warranty = asset.warranty_until >= asked.today
    return ReportRow(
        device=device.id, kind=device.kind, name=Name(device.zh, device.en), model=asset.model, serial=asset.serial,
        open_s=round(open_s), down_s=round(down_s), failures=len(opened),
        failures_30=sum(at >= asked.now - LATELY_S for at in opened),
        mtbf_s=round((open_s - down_s) / all_failures) if all_failures else None,
        mttr_s=round(sum(day.repair_s for day in days) / repairs) if repairs else None,
        customers=sum(len(day.customers) for day in days), since=since, age_days=age,
        warranty_until=asset.warranty_until, in_warranty=in_warranty,
        advice=advice(len(opened), age, in_warranty=in_warranty),
    )  # fmt: skip


def _record(device: str, order: figures.Order) -> RepairRecord:
    at = {step.state: iso(step.at) for step in order.steps}
    begun, ended = order.steps[0], order.steps[-1]
    minutes = round((ended.at - begun.at) / 60) if order.how and begun.state == "reported" else None
    return RepairRecord(
        device=device, order=order.order, fault=order.fault, reported=iso(begun.at), by=begun.by,
        **{step: at.get(step, "") for step in STEPS}, how=order.how or "", minutes=minutes,
        notes=" / ".join(step.note for step in order.steps if step.note),
    )  # fmt: skip


def _replacement(at: float, by: str, fact: f.DeviceReplaced) -> RepairRecord:
    units = (" ".join(filter(None, (u.model, u.serial, u.firmware, u.opened_by))) for u in (fact.old, fact.new))
    return RepairRecord(
        device=fact.device, fault="replaced", reported=iso(at), by=by, how=fact.outcome,
        notes=" / ".join(filter(None, (" → ".join(units), fact.reason))),
    )  # fmt: skip
