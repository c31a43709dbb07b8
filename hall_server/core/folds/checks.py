"""Folds of checks: how inspections, opening checks and late repairs change the Hall."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core.check_state import DayCheck, Inspected
from hall_server.core.facts import checks as k
from hall_server.core.hall import DeviceTest, Hall


def plans_changed(hall: Hall, at: float) -> None:
    """Know exactly the plans that there are, each since when it first applied to a device."""
    pairs = [(d.id, plan.id) for plan in hall.config.inspections for d in hall.config.devices if d.kind == plan.kind]
    hall.inspected = {pair: hall.inspected.get(pair, Inspected(*pair, at)) for pair in pairs}


def _started(hall: Hall, fact: k.DayCheckStarted, at: float, actor: str) -> None:
    hall.check = DayCheck(fact.check, at, actor)


def _confirmed(hall: Hall, fact: k.DayCheckConfirmed, at: float, actor: str) -> None:
    if hall.check is not None:
        others = tuple(device for device in hall.check.confirmed if device != fact.device)
        hall.check = replace(hall.check, confirmed=(*others, fact.device) if fact.ok else others)


def _inspected(hall: Hall, fact: k.DeviceInspected, at: float, actor: str) -> None:
    pair = (fact.device, fact.plan)
    since = hall.inspected[pair].since if pair in hall.inspected else at
    defects = sum(not item.ok for item in fact.items)
    hall.inspected[pair] = Inspected(*pair, since, at, actor, defects)


def _fixed(hall: Hall, fact: k.FaultFixed, at: float, actor: str) -> None:
    """It works and nobody has to come: only its history knows."""


def _escalated(hall: Hall, fact: k.RepairEscalated, at: float, actor: str) -> None:
    repair = hall.repairs.get(fact.device)
    if repair is not None and repair.id == fact.repair:
        repair.escalated = at


def carried(hall: Hall) -> k.ChecksCarried:
    """What the next day has to know: a check belongs to the opening that follows it, and its tests with it.

    A test that is still owed will be reported on, whoever asked for it.
    """
    check = hall.check
    tests = tuple(
        k.TestCarried(t.id, t.device, t.at, t.by, t.outcome, t.evidence, t.done_at)
        for t in hall.tests.values()
        if t.done_at is None or (check is not None and t.done_at >= check.at)
    )
    return k.ChecksCarried(check, tests, tuple(hall.inspected.values()))


def remember(hall: Hall, known: k.ChecksCarried, at: float, despite: str) -> None:
    """Take over what was carried."""
    hall.check = replace(known.check, despite=despite) if known.check is not None else None
    for t in known.tests:
        hall.tests[t.device] = DeviceTest(t.id, t.device, t.at, t.by, t.outcome, t.evidence, t.done_at)
    hall.inspected = {(one.device, one.plan): one for one in known.inspected}
    plans_changed(hall, at)


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    k.DayCheckStarted: _started,
    k.DayCheckConfirmed: _confirmed,
    k.DeviceInspected: _inspected,
    k.FaultFixed: _fixed,
    k.RepairEscalated: _escalated,
}
