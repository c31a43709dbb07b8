"""Rules of replacing a device: tried at its new address first, then taken, with its orders and its history."""

from hall_server.core import checks
from hall_server.core import facts as f
from hall_server.core.commands import AskTrial, Configure, ReplaceDevice, ReportTrial
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.replacements import PROVED, Trial
from hall_server.core.rules import days, devices

LIMIT_S = 60.0  # a station gives a trial 30 s, and the report may wait for the server
PAUSE_S = 3.0  # between two trials of a hall: enough for a person who corrects a digit, useless for a scan


def ask(hall: Hall, command: AskTrial, now: float) -> list[f.Fact]:
    """One trial of a hall at a time: the station opens something that the hall does not know yet."""
    device = devices.need_device(hall, command.device)
    if device.station is None:
        raise Refused("no_address", f"{device.en} has no cable and no address.")
    last = max(hall.trials.values(), key=lambda trial: trial.at, default=None)
    if last is not None and (last.outcome is None or now - last.at < PAUSE_S):
        raise Refused("trial_running", "Another address is being tried: wait a moment.")
    return [
        f.DeviceTrialAsked(device.id, command.trial, device.kind, device.station, command.url, dict(command.options))
    ]


def report(hall: Hall, command: ReportTrial, now: float) -> list[f.Fact]:
    """What a station says came of a trial; once."""
    trial = next((one for one in hall.trials.values() if one.id == command.trial), None)
    if trial is None or trial.outcome is not None or trial.station != command.station:
        return []
    return [f.DeviceTrialDone(trial.device, trial.id, command.outcome, command.faults, command.evidence, command.found)]


def replace(hall: Hall, command: ReplaceDevice, now: float) -> list[f.Fact]:
    """Take the new unit; what is open against the old one is fixed by that, and a test has to verify it."""
    device = devices.need_device(hall, command.device)
    if device.station is None:
        raise Refused("no_address", f"{device.en} has no cable and no address.")
    trial = hall.trials.get(device.id)
    proved = trial is not None and trial.outcome in PROVED and _is_of(trial, command)
    if not proved and not command.reason:
        raise Refused("not_tried", "This address was not tried, or did not work: say why it is taken all the same.")
    outcome = (trial.outcome or "") if trial is not None and _is_of(trial, command) else ""
    reason = "" if proved else command.reason
    name = trial.id if trial is not None and outcome else ""
    found: list[f.Fact] = [_replaced(command, name, outcome, reason)]
    found += days.configure(hall, Configure(command.config), now)
    repair = hall.repairs.get(device.id)
    if repair is not None and repair.state != "fixed":
        found.append(f.RepairAdvanced(repair.id, device.id, "fixed", command.note))
    if checks.tested(device):
        found.append(f.DeviceTestAsked(device.id, command.test))
    return found


def _replaced(command: ReplaceDevice, trial: str, outcome: str, reason: str) -> f.DeviceReplaced:
    return f.DeviceReplaced(
        command.device, command.old, command.new, trial, outcome, reason, command.url, dict(command.written),
        command.columns,
    )  # fmt: skip


def _is_of(trial: Trial, command: ReplaceDevice) -> bool:
    """Whether just this was tried."""
    return (trial.url, trial.options) == (command.url, dict(command.options))


def overdue(hall: Hall, now: float) -> list[f.Fact]:
    """A trial that nobody has reported on in time has not worked."""
    running = (trial for trial in hall.trials.values() if trial.outcome is None and now - trial.at > LIMIT_S)
    return [f.DeviceTrialDone(trial.device, trial.id, "no_answer") for trial in running]
