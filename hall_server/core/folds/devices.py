"""Folds of devices, their tests and repairs: how each of those facts changes the Hall."""

from collections.abc import Callable
from typing import Any

from hall_server.core.facts import devices as d
from hall_server.core.folds.redirects import forget
from hall_server.core.hall import DeviceNow, DeviceTest, Hall, Repair
from hall_server.core.repairs import DEFECT, SAME_FAULT_S, STEPS_KEPT, Step

PAPER = frozenset({"paper_end", "paper_low"})


def _changed(hall: Hall, fact: d.DeviceChanged, at: float, actor: str) -> None:
    before = hall.devices.get(fact.device, DeviceNow())
    since = before.since if before.state == fact.state else at
    slips = before.slips
    if "paper_end" in fact.faults or (fact.state == "ok" and PAPER & set(before.faults)):
        slips = 0  # nothing prints until there is a new roll, so whatever is printed next comes from it
    hall.devices[fact.device] = DeviceNow(
        fact.state, fact.faults, fact.evidence, since, slips, before.sent_at, before.rolls, before.replaced
    )


def printed(hall: Hall, printer: str) -> None:
    """One more slip came from the roll in a printer, if we saw that roll being put in."""
    now = hall.devices.get(printer)
    if now is not None and now.slips is not None:
        now.slips += 1


def _asked(hall: Hall, fact: d.DeviceTestAsked, at: float, actor: str) -> None:
    hall.tests[fact.device] = DeviceTest(fact.test, fact.device, at, actor)


def _done(hall: Hall, fact: d.DeviceTestDone, at: float, actor: str) -> None:
    test = hall.tests.get(fact.device)
    if test is not None and test.id == fact.test:
        test.outcome, test.evidence, test.done_at = fact.outcome, fact.evidence, at
    if fact.outcome == "printed":
        printed(hall, fact.device)


def _sign_shown(hall: Hall, fact: d.SignShown, at: float, actor: str) -> None:
    hall.shown[fact.device] = (fact.content, fact.ms)
    if fact.ms is None and fact.device in hall.devices:
        hall.devices[fact.device].sent_at = at


def _declared(hall: Hall, fact: d.FaultDeclared, at: float, actor: str) -> None:
    repair = hall.repairs.get(fact.device)
    if repair is not None:
        repair.declared, repair.by, repair.note = True, actor, fact.note or repair.note
        repair.fault = "declared" if repair.fault == DEFECT else repair.fault


def _opened(hall: Hall, fact: d.RepairOpened, at: float, actor: str) -> None:
    earlier = hall.verified.pop(fact.device, None) if fact.order else None
    before = earlier.steps if earlier is not None and earlier.order == fact.order else ()
    hall.repairs[fact.device] = Repair(
        fact.repair, fact.device, fact.fault, fact.declared, at, actor, note=fact.note,
        order=fact.order or fact.repair, waiting=fact.waiting,
        steps=_kept((*before, Step("reported", at, actor, fact.note))),
    )  # fmt: skip


def _advanced(hall: Hall, fact: d.RepairAdvanced, at: float, actor: str) -> None:
    repair = hall.repairs[fact.device]
    repair.state, repair.escalated = fact.state, None
    repair.note, repair.expected = fact.note or repair.note, fact.expected or repair.expected
    repair.steps = _kept((*repair.steps, Step(fact.state, at, actor, fact.note, fact.expected)))


def _verified(hall: Hall, fact: d.RepairVerified, at: float, actor: str) -> None:
    repair = hall.repairs.pop(fact.device, None)
    if repair is not None:
        repair.state = "verified"
        repair.steps = _kept((*repair.steps, Step("verified", at, actor, fact.note)))
        hall.verified[fact.device] = repair
    forget(hall, fact.repair)
    if fact.how == "person":
        hall.released[fact.device] = fact.repair


def _kept(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return steps[-STEPS_KEPT:]


def carried(repair: Repair) -> d.RepairCarried:
    """A repair as the next day has to know it."""
    return d.RepairCarried(
        repair.id, repair.device, repair.fault, repair.declared, repair.since, repair.by, repair.state, repair.note,
        repair.expected, repair.order, repair.waiting, repair.steps, repair.escalated,
    )  # fmt: skip


def taken_over(carried: d.RepairCarried) -> Repair:
    """A repair as it was carried over the night."""
    c = carried
    return Repair(
        c.repair, c.device, c.fault, c.declared, c.since, c.by, c.state, c.note, c.expected, c.order or c.repair,
        c.waiting, c.steps, c.escalated,
    )  # fmt: skip


def lately_verified(hall: Hall) -> tuple[Repair, ...]:
    """The repairs that the same fault would still reopen."""
    return tuple(r for r in hall.verified.values() if hall.at - r.steps[-1].at < SAME_FAULT_S)


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    d.DeviceChanged: _changed,
    d.DeviceTestAsked: _asked,
    d.DeviceTestDone: _done,
    d.SignShown: _sign_shown,
    d.FaultDeclared: _declared,
    d.RepairOpened: _opened,
    d.RepairAdvanced: _advanced,
    d.RepairVerified: _verified,
}
