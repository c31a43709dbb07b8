"""Views of checks: whether the hall is ready to open, and what is to be inspected when."""

from display.board import Name
from hall_server import contract as c
from hall_server.core import checks
from hall_server.core.check_state import Inspected
from hall_server.core.config import Device, Inspection
from hall_server.core.hall import Hall
from hall_server.views import iso, iso_or_none


def view(hall: Hall) -> c.ChecksView:
    """Everything that is checked."""
    plans = {plan.id: plan for plan in hall.config.inspections}
    rows = [
        _inspection(hall, hall.device_by_id[one.device], plans[one.plan], one)
        for one in hall.inspected.values()
        if one.plan in plans and one.device in hall.device_by_id
    ]
    return c.ChecksView(
        day_open=hall.day_open, opens=hall.config.opens, check=_check(hall),
        inspections=tuple(sorted(rows, key=lambda row: (row.due, row.device, row.plan))),
    )  # fmt: skip


def _check(hall: Hall) -> c.DayCheckRow | None:
    check, found = hall.check, checks.items(hall)
    if check is None:
        return None
    return c.DayCheckRow.model_validate(
        {
            "id": check.id, "at": iso(check.at), "by": check.by, "state": checks.verdict(found),
            "despite": check.despite, "rows": tuple(_row(hall.device_by_id[item.device], item) for item in found),
        }
    )  # fmt: skip


def _row(device: Device, item: checks.Item) -> c.CheckRow:
    return c.CheckRow.model_validate(
        {
            "device": device.id, "kind": device.kind, "name": Name(device.zh, device.en), "place": device.place,
            "at": device.at, "state": item.state, "why": item.why,
        }
    )  # fmt: skip


def _inspection(hall: Hall, device: Device, plan: Inspection, known: Inspected) -> c.InspectionRow:
    return c.InspectionRow.model_validate(
        {
            "device": device.id, "kind": device.kind, "name": Name(device.zh, device.en), "place": device.place,
            "at": device.at, "plan": plan.id, "title": Name(plan.zh, plan.en), "every": plan.every,
            "items": tuple(Name(item.zh, item.en) for item in plan.items),
            "due": checks.due_day(hall.config, plan.every, known).isoformat(), "done_at": iso_or_none(known.done_at),
            "by": known.by, "defects": known.defects,
        }
    )  # fmt: skip
