"""Rules of checks: inspections and what a defect does, the opening check, help at once, repairs that are late."""

from hall_server.core import checks, repairs
from hall_server.core import facts as f
from hall_server.core.commands import DeclareFault
from hall_server.core.commands.checks import ConfirmDevice, FixByMyself, Inspect, StartDayCheck
from hall_server.core.facts import checks as k
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import devices, proofs


def start(hall: Hall, command: StartDayCheck, now: float) -> list[f.Fact]:
    """Whatever can show that it works is asked to; one check at a time."""
    if not hall.configured:
        raise Refused("not_configured", "The hall has no configuration yet.")
    if checks.verdict(checks.items(hall)) == "running":
        raise Refused("test_running", "The devices are being tested already.")
    return _begun(hall, command.check)


def _begun(hall: Hall, check: str) -> list[f.Fact]:
    """What is known not to work is not tested: its paper might come much later."""
    asked = [
        f.DeviceTestAsked(device.id, f"{check}-{number}")
        for number, device in enumerate(hall.config.devices)
        if checks.tested(device) and hall.devices[device.id].state != "failed" and not proofs.running(hall, device.id)
    ]
    return [k.DayCheckStarted(check), *asked]


def due(hall: Hall, now: float) -> list[f.Fact]:
    """Ten minutes before the hall opens it is checked by itself, once."""
    opening = checks.opening(hall.config, now)
    if opening is None or hall.day_open or not opening - checks.AHEAD_S <= now < opening:
        return []
    done = hall.check is not None and hall.check.at >= opening - checks.AHEAD_S
    return [] if done else _begun(hall, f"day-{hall.seq}")


def confirm(hall: Hall, command: ConfirmDevice, now: float) -> list[f.Fact]:
    """A person's word counts for what cannot say itself how it is."""
    device = devices.need_device(hall, command.device)
    if hall.check is None:
        raise Refused("no_check", "No opening check is being made.")
    if device.monitored:
        raise Refused("not_by_hand", f"{device.en} says itself how it is.")
    said = k.DayCheckConfirmed(hall.check.id, device.id, command.ok, command.note)
    return [said] if command.ok else [said, *_declared(hall, device.id, command.repair, command.note, now)]


def inspect(hall: Hall, command: Inspect, now: float) -> list[f.Fact]:
    """The whole list at once; a defect opens an order, which stops the device only when it cannot be used."""
    device = devices.need_device(hall, command.device)
    plan = next((one for one in hall.config.inspections if one.id == command.plan and one.kind == device.kind), None)
    if plan is None:
        raise Refused("unknown_plan", f"There is no plan {command.plan!r} for {device.en}.")
    if [(item.zh, item.en) for item in plan.items] != [(item.zh, item.en) for item in command.items]:
        raise Refused("other_checklist", "The list has changed meanwhile: reload the page.")
    wrong = [item for item in command.items if not item.ok]
    note = "; ".join(f"{item.zh} {item.en}: {item.note}".rstrip(": ") for item in wrong)[: repairs.NOTE_CHARS]
    done = k.DeviceInspected(device.id, plan.id, "defect" if wrong else "ok", command.items, note)
    if not wrong:
        return [done]
    if not command.usable:
        return [done, *_declared(hall, device.id, command.repair, note, now)]
    if device.id in hall.repairs:
        return [done]  # whoever comes for the order that stands reads of it in the device's history
    return [done, devices.opened(hall, device, command.repair, repairs.DEFECT, now, note)]


def _declared(hall: Hall, device: str, repair: str, note: str, now: float) -> list[f.Fact]:
    standing = hall.repairs.get(device)
    known = standing is not None and standing.stops
    return [] if known else devices.declare(hall, DeclareFault(device, repair, note), now)


def fix(hall: Hall, command: FixByMyself, now: float) -> list[f.Fact]:
    """Noted for the device's history; an order that a person asked for is ended by looking, not by this."""
    device = devices.need_device(hall, command.device)
    standing = hall.repairs.get(device.id)
    if standing is not None and standing.declared:
        raise Refused("already_reported", f"{device.en} is reported already.")
    fault = next(iter(hall.devices[device.id].faults), "")
    return [k.FaultFixed(device.id, fault, command.note)]


def late(hall: Hall, now: float) -> list[f.Fact]:
    """Each step or promise that has passed without a word is said once, with whom to call."""
    found: list[f.Fact] = []
    for repair in hall.repairs.values():
        due_at = repairs.due(hall.config, repair.steps, repair.expected)
        if repair.escalated is not None or due_at is None or now <= due_at:
            continue
        device = hall.device_by_id.get(repair.device)
        party = repairs.party_for(hall.config, device.kind) if device is not None else None
        to = party.escalate if party is not None else ""
        found.append(k.RepairEscalated(repair.id, repair.device, repair.state, due_at, to))
    return found
