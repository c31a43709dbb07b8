"""Whether a hall is ready to open, and on which day an inspection is due. Looks only."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hall_server.core import hours
from hall_server.core.check_state import DayCheck, Inspected
from hall_server.core.config import Device, HallConfig
from hall_server.core.hall import Hall
from hall_server.core.repairs import DEFECT

AHEAD_S = 600.0  # ten minutes: time to put paper in, or to bring the other printer
FRESH_S = 3 * 3600.0  # what was looked at earlier than this says nothing about this opening
TESTED = frozenset({"printer", "sign", "voice"})
WORKED = frozenset({"printed", "shown", "spoken"})
MONTHS = {"month": 1, "quarter": 3}
DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Item:
    """One device in the opening check: ok, running, hand (somebody has to look) or bad, and why."""

    device: str
    state: str
    why: str = ""


def opening(config: HallConfig, now: float) -> float | None:
    """When the hall opens on the day of ``now``, in Unix seconds; None on a day off, or when nobody has said so."""
    if hours.known(config):
        return next((one.opens for one in hours.on(config, hours.day_of(config, now))), None)
    if not config.opens:
        return None
    hour, _, minute = config.opens.partition(":")
    local = datetime.fromtimestamp(now, ZoneInfo(config.timezone))
    return local.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0).timestamp()


def items(hall: Hall) -> tuple[Item, ...]:
    """Every device as the check sees it at this moment; empty without a check."""
    check = hall.check
    return () if check is None else tuple(_item(hall, check, device) for device in hall.config.devices)


def _item(hall: Hall, check: DayCheck, device: Device) -> Item:
    now, repair = hall.devices[device.id], hall.repairs.get(device.id)
    if repair is not None and repair.fault != DEFECT:
        return Item(device.id, "bad", repair.fault)
    if not device.monitored:
        return Item(device.id, *(("ok", "") if device.id in check.confirmed else ("hand", "to_confirm")))
    if now.state not in ("ok", "degraded"):
        return Item(device.id, "bad", next(iter(now.faults), now.state))
    remark = repair.fault if repair is not None else next(iter(now.faults), "")
    return _tested(hall, check, device.id, remark) if tested(device) else Item(device.id, "ok", remark)


def _tested(hall: Hall, check: DayCheck, device: str, remark: str) -> Item:
    test = hall.tests.get(device)
    if test is None or (test.done_at is not None and test.done_at < check.at):
        return Item(device, "bad", "not_tested")
    if test.outcome is None:
        return Item(device, "running", "testing")
    return Item(device, "ok", remark) if test.outcome in WORKED else Item(device, "bad", f"test_{test.outcome}")


def tested(device: Device) -> bool:
    """Whether a device can be made to show that it works."""
    return device.kind in TESTED and device.station is not None


def verdict(found: tuple[Item, ...]) -> str:
    """ready, running (some answers are still to come) or not_ready."""
    states = {item.state for item in found}
    return "running" if "running" in states else "not_ready" if states & {"bad", "hand"} else "ready"


def against_opening(hall: Hall, now: float) -> tuple[str, ...]:
    """What a check of this opening has found, device by device; nothing when none was made."""
    if hall.check is None or now - hall.check.at > FRESH_S:
        return ()
    return tuple(f"{item.device}: {item.why}" for item in items(hall) if item.state != "ok")


def due_day(config: HallConfig, every: str, known: Inspected) -> date:
    """The day on which a plan is to be carried out next; one that never was, on its first day."""
    zone = ZoneInfo(config.timezone)
    if known.done_at is None:
        return datetime.fromtimestamp(known.since, zone).date()
    last = datetime.fromtimestamp(known.done_at, zone).date()
    return last + timedelta(days=DAYS[every]) if every in DAYS else _months_later(last, MONTHS[every])


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first = date(year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))
