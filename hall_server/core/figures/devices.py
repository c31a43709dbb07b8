"""The figures of a device as folds over the journal: the same rows always give the same figures."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hall_server.core import facts as f
from hall_server.core.repairs import DEFECT, Step
from hall_server.core.tickets import ticket_of

# Which facts tell of a device: those of the first list when they name it, those of the second always.
TELLING = (
    "DeviceChanged", "DeviceTestDone", "FaultDeclared", "RepairOpened", "RepairAdvanced", "RepairVerified",
    "SlipPrinted", "SlipUnconfirmed", "SlipFailed",
)  # fmt: skip
UNWANTED = frozenset({"day_closed", "cancelled"})  # paper that nobody needed any more is no printer's fault
FRAME = ("DayOpened", "DayClosed", "TicketRedirected")


@dataclass(frozen=True, slots=True)
class Told:
    """A fact with its time (Unix seconds) and who caused it."""

    at: float
    by: str
    fact: f.Fact


@dataclass(slots=True)
class Day:
    """One business day of a device, in seconds and counts."""

    day: str
    opened_at: float
    ended_at: float
    down_s: float = 0.0
    failures: int = 0
    repairs: int = 0
    repair_s: float = 0.0
    slips: int = 0
    customers: set[str] = field(default_factory=set)

    @property
    def open_s(self) -> float:
        """How long the hall was open."""
        return self.ended_at - self.opened_at


@dataclass(slots=True)
class Order:
    """One opening of a repair order, from its report to its end (``how`` is None while it stands)."""

    id: str
    order: str
    fault: str
    steps: list[Step]
    how: str | None = None


@dataclass(slots=True)
class _Device:
    """Where the fold stands: whether the device is down, and the repair that is open."""

    failed: bool = False
    declared: bool = False
    repair: str | None = None
    reported_at: float | None = None
    down_since: float | None = None
    repairs: set[str] = field(default_factory=set)


def days(rows: Iterable[Told], device: str, now: float, *, kiosk: str = "") -> list[Day]:
    """Each business day that the rows tell of; one that is still open lasts until ``now``.

    Who takes a ticket at ``kiosk`` while its printer is down has to fetch the slip elsewhere.
    """
    found: list[Day] = []
    state, running = _Device(), False
    for told in rows:
        fact = told.fact
        if isinstance(fact, f.DayOpened):
            state, running = _opening(fact, device), True
            found.append(Day(fact.day, told.at, told.at))
        if not found or not running:
            continue
        _count(found[-1], state, device, told)
        if isinstance(fact, f.TicketIssued) and kiosk and fact.kiosk == kiosk and (state.failed or state.declared):
            found[-1].customers.add(fact.ticket)
        _clock(found[-1], state, told.at)
        if isinstance(fact, f.DayClosed):
            _close(found[-1], state, told.at)
            running = False
    if found and running:
        _close(found[-1], state, max(now, found[-1].opened_at))
    return found


def _opening(fact: f.DayOpened, device: str) -> _Device:
    health = next((d for d in fact.carried.devices if d.device == device), None)
    repair = next((r for r in fact.carried.repairs if r.device == device), None)
    state = _Device(failed=health is not None and health.state == "failed")
    if repair is not None:
        state.declared, state.repair, state.reported_at = _stops(repair), repair.repair, repair.since
        state.repairs.add(repair.repair)
    return state


def _stops(repair: f.RepairOpened | f.RepairCarried) -> bool:
    return repair.declared and repair.fault != DEFECT


def _clock(day: Day, state: _Device, at: float) -> None:
    down = state.failed or state.declared
    if down and state.down_since is None:
        state.down_since = at
    if not down and state.down_since is not None:
        day.down_s += at - state.down_since
        state.down_since = None


def _close(day: Day, state: _Device, at: float) -> None:
    day.ended_at = at
    if state.down_since is not None:
        day.down_s += at - state.down_since
        state.down_since = None


def _count(day: Day, state: _Device, device: str, told: Told) -> None:
    match told.fact:
        case f.DeviceChanged(device=name, state=health) if name == device:
            state.failed = health == "failed"
        case f.RepairOpened(device=name) as opened if name == device:
            state.repair, state.reported_at, state.declared = opened.repair, told.at, _stops(opened)
            state.repairs.add(opened.repair)
            day.failures += 1
        case f.FaultDeclared(device=name) if name == device:
            state.declared = True
        case f.RepairVerified(device=name) if name == device:
            day.repairs += 1
            day.repair_s += told.at - (state.reported_at or told.at)
            state.repair, state.reported_at, state.declared = None, None, False
        case f.TicketRedirected(incident=incident) as sent if incident in state.repairs:
            day.customers.add(sent.ticket)
        case f.SlipFailed(printer=name) as lost if name == device and lost.reason not in UNWANTED:
            day.customers.discard(lost.slip)  # in doubt before, under the only name that was told then
            day.customers.add(lost.ticket)
        case f.SlipUnconfirmed(printer=name) as doubtful if name == device:
            day.customers.add(ticket_of(doubtful.slip))
        case f.SlipPrinted(printer=name) if name == device:
            day.slips += 1
        case f.DeviceTestDone(device=name, outcome="printed") if name == device:
            day.slips += 1
        case _:
            pass


def orders(rows: Iterable[Told], device: str) -> list[Order]:
    """The repairs of a device that the rows tell of, the newest first."""
    found: dict[str, Order] = {}
    for order, step, how in _entries(rows, device):
        known = found.setdefault(order.id, order)
        known.steps.append(step)
        known.how = how or known.how
    return list(reversed(found.values()))


def _entries(rows: Iterable[Told], device: str) -> Iterator[tuple[Order, Step, str | None]]:
    for told in rows:
        match told.fact:
            case f.RepairOpened(device=name) as opened if name == device:
                order = Order(opened.repair, opened.order or opened.repair, opened.fault, [])
                yield order, Step("reported", told.at, told.by, opened.note), None
            case f.RepairAdvanced(device=name) as moved if name == device:
                order = Order(moved.repair, moved.repair, "", [])
                yield order, Step(moved.state, told.at, told.by, moved.note, moved.expected), None
            case f.RepairVerified(device=name) as ended if name == device:
                order = Order(ended.repair, ended.repair, "", [])
                yield order, Step("verified", told.at, told.by, ended.note), ended.how
            case _:
                pass
