"""Rules of devices: reported and declared faults, repairs, and what they do to windows and paper."""

from hall_server.core import facts as f
from hall_server.core.commands import (
    AdvanceRepair,
    DeclareFault,
    ReportHealth,
    ReportShown,
    StationSeen,
    VerifyRepair,
)
from hall_server.core.config import Device
from hall_server.core.hall import Hall, Repair
from hall_server.core.refusal import Refused
from hall_server.core.repairs import DEFECT, SAME_FAULT_S, require_move
from hall_server.core.rules import slips
from hall_server.core.rules.redirects import by_fault

# A printer that may still hold a ticket waits for exactly this: that somebody has looked.
PERSON_ENDS = frozenset({"ticket_unconfirmed"})


def need_device(hall: Hall, name: str) -> Device:
    """The device of that id, or a refusal."""
    device = hall.device_by_id.get(name)
    if device is None:
        raise Refused("unknown_device", f"There is no device {name!r}.")
    return device


def report_health(hall: Hall, command: ReportHealth, now: float) -> list[f.Fact]:
    """A change of health is a fact; a failure opens a repair and moves windows and paper at once."""
    device = need_device(hall, command.device)
    before = hall.devices[device.id]
    if (before.state, before.faults) == (command.state, command.faults):
        return []
    found: list[f.Fact] = [f.DeviceChanged(device.id, command.state, command.faults, command.evidence)]
    fault = command.faults[0] if command.faults else "no_answer"
    if command.state == "failed":
        found += _open(hall, device, command.repair, fault, now)
    if command.state == "ok":
        found += _recovered(hall, device)
    if device.kind == "printer" and (command.state == "failed" or "ticket_unconfirmed" in command.faults):
        found += slips.leave(hall, device.id, fault)
    return found


def _open(hall: Hall, device: Device, repair: str, fault: str, now: float) -> list[f.Fact]:
    standing = hall.repairs.get(device.id)
    new: list[f.Fact] = [] if standing else [opened(hall, device, repair, fault, now)]
    return [*new, *by_fault(hall, device, standing.id if standing else repair, fault)]


def opened(hall: Hall, device: Device, repair: str, fault: str, now: float, note: str = "") -> f.RepairOpened:
    """A new order, or the one that was ended lately for the same fault: then it was not repaired."""
    ended = hall.verified.get(device.id)
    again = ended is not None and ended.fault == fault and now - ended.steps[-1].at < SAME_FAULT_S
    order = ended.order if ended is not None and again else ""
    return f.RepairOpened(repair, device.id, fault, fault in ("declared", DEFECT), note, order, _in_line(hall, device))


def _in_line(hall: Hall, device: Device) -> int:
    """The customers who wait for a device's window, or for any when it serves them all."""
    window = hall.window_by_id.get(device.at) if device.place == "window" else None
    services = window.services if window is not None else tuple(hall.service_by_id)
    return sum(len(hall.queues[service]) for service in services)


def _recovered(hall: Hall, device: Device) -> list[f.Fact]:
    """A sign that its driver calls ok has been repainted and acknowledged for 30 s: that verifies the repair.

    A printer's proof is a printed slip, so its notice stays until then; a test may have been it.
    """
    repair = hall.repairs.get(device.id)
    if repair is None or repair.declared or (device.kind == "printer" and not _tested(hall, device)):
        return []
    how = "printed" if device.kind == "printer" else "recovered"
    return [f.RepairVerified(repair.id, device.id, how), *restore(hall, repair)]


def _tested(hall: Hall, device: Device) -> bool:
    """Whether a test slip was printed before the printer itself could say that it is well again."""
    test, since = hall.tests.get(device.id), hall.devices[device.id].since
    return test is not None and test.outcome == "printed" and (test.done_at or 0.0) >= (since or 0.0)


def restore(hall: Hall, repair: Repair) -> list[f.Fact]:
    """The windows that a repair kept from calling may call again."""
    return [f.WindowRestored(name, repair.id) for name, window in hall.windows.items() if repair.id in window.incidents]


def declare(hall: Hall, command: DeclareFault, now: float) -> list[f.Fact]:
    """A person's word counts as much as a probe's, also for what nobody can probe."""
    device = need_device(hall, command.device)
    standing = hall.repairs.get(device.id)
    if standing is not None and standing.stops:
        raise Refused("already_reported", f"{device.en} is reported already.")
    incident = standing.id if standing else command.repair
    found: list[f.Fact] = []
    if standing is None:
        found.append(opened(hall, device, incident, "declared", now, command.note))
    found.append(f.FaultDeclared(device.id, command.note))
    found += by_fault(hall, device, incident, "declared")
    if device.kind == "printer":
        found += slips.leave(hall, device.id, "declared")
    return found


def _need_repair(hall: Hall, device: Device) -> Repair:
    repair = hall.repairs.get(device.id)
    if repair is None:
        raise Refused("no_repair", f"{device.en} has no open repair.")
    return repair


def advance(hall: Hall, command: AdvanceRepair, now: float) -> list[f.Fact]:
    """An order takes its next step, or somebody says more about the one it is at."""
    device = need_device(hall, command.device)
    repair = _need_repair(hall, device)
    require_move(repair.state, command.state, said=bool(command.note or command.expected))
    return [f.RepairAdvanced(repair.id, device.id, command.state, command.note, command.expected)]


def verify(hall: Hall, command: VerifyRepair, now: float) -> list[f.Fact]:
    """A person has tried it; refused while the device itself still reports a fault."""
    device = need_device(hall, command.device)
    repair = _need_repair(hall, device)
    health = hall.devices[device.id]
    standing = [fault for fault in health.faults if fault not in PERSON_ENDS]
    if device.monitored and health.state == "failed" and (standing or not health.faults):
        raise Refused("still_failing", f"{device.en} still reports: {', '.join(standing) or 'no answer'}.")
    return [f.RepairVerified(repair.id, device.id, "person", command.note), *restore(hall, repair)]


def report_shown(hall: Hall, command: ReportShown, now: float) -> list[f.Fact]:
    """A sign's receipt for a call."""
    device = need_device(hall, command.device)
    if hall.shown.get(device.id, ("", 0.0))[0] == command.content:
        return []
    return [f.SignShown(device.id, command.content, None if command.ms is None else round(command.ms, 1))]


def station_seen(hall: Hall, command: StationSeen, now: float) -> list[f.Fact]:
    """A station came or fell silent; what that means for its devices is a matter of time (see clock)."""
    known = hall.stations.get(command.station)
    if known is not None and known.connected is command.connected:
        return []
    if known is None and not command.connected:
        return []
    return [f.StationConnected(command.station) if command.connected else f.StationLost(command.station)]
