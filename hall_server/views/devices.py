"""Views of devices, their repairs, tests and paper, for whoever looks after them."""

from display.board import Name
from hall_server import contract as c
from hall_server.contract import replacing as m
from hall_server.core import repairs, routing
from hall_server.core.config import Device, Party
from hall_server.core.hall import DeviceTest, Hall, Repair
from hall_server.core.replacements import Replacement, Unit
from hall_server.views import Outside, iso, iso_or_none
from hall_server.views.tablets import is_tablet

PACE_TICKETS = 5  # fewer tickets make no pace to plan by


def device_row(hall: Hall, device: Device, outside: Outside) -> c.DeviceRow:
    """A device as maintenance sees it; a declared fault counts like a detected one."""
    now, repair, test = hall.devices[device.id], hall.repairs.get(device.id), hall.tests.get(device.id)
    declared = repair is not None and repair.stops
    state = "failed" if declared else now.state
    faults = now.faults or (("declared",) if declared else () if device.monitored else ("unmonitored",))
    return c.DeviceRow.model_validate(
        {
            "id": device.id, "kind": device.kind, "name": Name(device.zh, device.en), "place": device.place,
            "at": device.at, "station": None if is_tablet(device) else device.station, "state": state,
            "reason": faults[0] if faults else None,
            "faults": faults, "evidence": now.evidence,
            "since": iso_or_none(repair.since if declared and repair else now.since),
            "address": outside.addresses.get(device.id, ""), "simulated": outside.simulated.get(device.id, False),
            "monitored": device.monitored, "sent": iso_or_none(now.sent_at),
            "on_fault": routing.on_fault(hall, device).value,
            "repair": _repair_row(hall, device, repair) if repair else None,
            "test": _test_row(test) if test else None, "paper": _paper_row(hall, device),
            "rolls": now.rolls, "trial": _trial_row(hall, device.id),
            "replaced": tuple(_replaced_row(one) for one in now.replaced),
            "asset": outside.assets.get(device.id, c.RegisterRow()),
        }
    )  # fmt: skip


def _repair_row(hall: Hall, device: Device, repair: Repair) -> c.RepairRow:
    party = repairs.party_for(hall.config, device.kind)
    steps = tuple(
        c.RepairStep(state=one.state, at=iso(one.at), by=one.by, note=one.note, expected=one.expected)
        for one in repair.steps
    )
    return c.RepairRow.model_validate(
        {
            "id": repair.id, "state": repair.state, "fault": repair.fault, "declared": repair.declared,
            "since": iso(repair.since), "by": repair.by, "note": repair.note, "expected": repair.expected,
            "order": repair.order, "reopened": sum(one.state == "verified" for one in repair.steps),
            "priority": repairs.priority(device.criticality, repair.waiting), "waiting": repair.waiting,
            "due": iso_or_none(repairs.due(hall.config, repair.steps, repair.expected)),
            "escalated": iso_or_none(repair.escalated), "party": _party_row(party) if party else None, "steps": steps,
        }
    )  # fmt: skip


def _party_row(party: Party) -> c.PartyRow:
    return c.PartyRow(name=Name(party.zh, party.en), phone=party.phone, escalate=party.escalate)


def _test_row(test: DeviceTest) -> c.DeviceTestRow:
    return c.DeviceTestRow.model_validate(
        {
            "id": test.id, "at": iso(test.done_at or test.at), "by": test.by, "outcome": test.outcome,
            "evidence": test.evidence,
        }
    )  # fmt: skip


def _trial_row(hall: Hall, device: str) -> m.TrialRow | None:
    trial = hall.trials.get(device)
    if trial is None:
        return None
    found = tuple(m.FoundRow(url=url, said=said) for url, _, said in (one.partition(" ") for one in trial.found))
    return m.TrialRow.model_validate(
        {
            "id": trial.id, "url": trial.url, "at": iso(trial.at), "by": trial.by, "outcome": trial.outcome,
            "faults": trial.faults, "evidence": trial.evidence, "found": found,
        }
    )  # fmt: skip


def _replaced_row(one: Replacement) -> m.ReplacedRow:
    return m.ReplacedRow(
        at=iso(one.at), by=one.by, old=_unit_row(one.old), new=_unit_row(one.new), outcome=one.outcome,
        reason=one.reason,
    )  # fmt: skip


def _unit_row(unit: Unit) -> m.UnitRow:
    return m.UnitRow(opened_by=unit.opened_by, model=unit.model, serial=unit.serial, firmware=unit.firmware)


def _paper_row(hall: Hall, device: Device) -> c.PaperRow | None:
    """What is left of a roll whose length we know and whose beginning we saw."""
    now = hall.devices[device.id]
    slips = now.slips
    if device.kind != "printer" or slips is None or not device.roll_m or "paper_end" in now.faults:
        return None
    left = max(0, int(device.roll_m * 1000 / device.slip_mm) - slips)
    a_slip_s = _seconds_a_slip(hall, device.at)
    until = None if a_slip_s is None else iso(hall.at + left * a_slip_s)
    return c.PaperRow(left_m=round(left * device.slip_mm / 1000, 1), left_slips=left, until=until)


def _seconds_a_slip(hall: Hall, kiosk: str) -> float | None:
    """How fast tickets were taken lately at the kiosk where a printer stands."""
    recent = [hall.tickets[name].came_at for name in hall.recent.get(kiosk, ())]
    if len(recent) < PACE_TICKETS or not hall.day_open:
        return None
    return max(1.0, (hall.at - recent[0]) / len(recent))


def devices(hall: Hall, outside: Outside) -> tuple[c.DeviceRow, ...]:
    """All devices."""
    return tuple(device_row(hall, device, outside) for device in hall.config.devices)
