"""Folds of replacements and paper rolls: how each of those facts changes the Hall."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from hall_server.core.facts import replacing as r
from hall_server.core.hall import DeviceNow, Hall
from hall_server.core.replacements import REPLACEMENTS_KEPT, Replacement, Trial


def _asked(hall: Hall, fact: r.DeviceTrialAsked, at: float, actor: str) -> None:
    hall.trials[fact.device] = Trial(
        fact.trial, fact.device, fact.kind, fact.url, dict(fact.options), fact.station, at, actor
    )


def _done(hall: Hall, fact: r.DeviceTrialDone, at: float, actor: str) -> None:
    trial = hall.trials.get(fact.device)
    if trial is not None and trial.id == fact.trial:
        trial.outcome, trial.faults, trial.evidence, trial.found = fact.outcome, fact.faults, fact.evidence, fact.found


def _replaced(hall: Hall, fact: r.DeviceReplaced, at: float, actor: str) -> None:
    """What the old unit said of itself, and the paper in it, is not true of the new one."""
    before = hall.devices.get(fact.device, DeviceNow())
    now = before
    if fact.old.opened_by != fact.new.opened_by:
        now = DeviceNow("unknown", since=at, rolls=before.rolls)
    done = Replacement(at, actor, fact.old, fact.new, fact.outcome, fact.reason)
    now.slips, now.replaced = None, (*before.replaced, done)[-REPLACEMENTS_KEPT:]
    hall.devices[fact.device] = now
    hall.trials.pop(fact.device, None)


def _roll_loaded(hall: Hall, fact: r.DeviceRollLoaded, at: float, actor: str) -> None:
    now = hall.devices[fact.device]
    now.slips = 0
    if now.rolls:
        now.rolls -= 1


def _rolls_counted(hall: Hall, fact: r.DeviceRollsCounted, at: float, actor: str) -> None:
    hall.devices[fact.device].rolls = fact.rolls


def carried(hall: Hall) -> tuple[Trial, ...]:
    """What the next day has to know: a unit may be tried in the evening and taken in the morning."""
    return tuple(replace(trial) for trial in hall.trials.values())


def remember(hall: Hall, known: Iterable[Trial]) -> None:
    """Take over what was carried."""
    hall.trials = {trial.device: replace(trial) for trial in known}


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    r.DeviceTrialAsked: _asked,
    r.DeviceTrialDone: _done,
    r.DeviceReplaced: _replaced,
    r.DeviceRollLoaded: _roll_loaded,
    r.DeviceRollsCounted: _rolls_counted,
}
