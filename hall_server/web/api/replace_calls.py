"""The calls that put another unit in a device's place, and new paper into a printer."""

from typing import Any, cast

from hall_server.contract import replacing as m
from hall_server.contract.reports import Repairs
from hall_server.core import commands as cmd
from hall_server.core.refusal import Refused
from hall_server.register.replacing import NotReplaced, Plan, Wanted
from hall_server.views.devices import device_row
from hall_server.web.api.ask import Ask, ok
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_id
from hall_server.writer import Also, Answer


def _row(ask: Ask, command: cmd.Command, *, part: str = "", also: Also | None = None) -> Answer:
    name = ask.args["device"]
    return ask.do(
        command, lambda hall, _: ok(device_row(hall, hall.device_by_id[name], ask.desk.outside)), part=part, also=also
    )


def _plan(ask: Ask) -> Plan:
    asked = cast(m.TrialRequest, ask.body)
    label = {name: getattr(asked, name, "") for name in ("model", "serial", "firmware")}
    wanted = Wanted(ask.args["device"], asked.url, asked.options, asked.columns, **label)
    plan: Plan = ask.desk.run_native(ask.desk.workshop.plan, wanted)
    return plan


def _wrong(mistakes: NotReplaced) -> Answer:
    fields = [{"field": field, "message": what} for field, what in mistakes.mistakes]
    return problem("not_replaceable", str(mistakes), fields)


def try_unit(ask: Ask) -> Answer:
    """Have the station with the cable try a unit, or look for what there is; the row says what came of it."""
    if not cast(m.TrialRequest, ask.body).url:
        return _row(ask, cmd.AskTrial(ask.args["device"], new_id(), "", {}))
    try:
        plan = _plan(ask)
    except NotReplaced as mistakes:
        return _wrong(mistakes)
    return _row(ask, cmd.AskTrial(ask.args["device"], new_id(), plan.url, plan.new.all_options))


def replace(ask: Ask) -> Answer:
    """Write the unit into the settings and take them into force, both or neither."""
    asked = cast(m.ReplaceRequest, ask.body)
    try:
        plan = _plan(ask)
    except NotReplaced as mistakes:
        return _wrong(mistakes)
    command = cmd.ReplaceDevice(
        ask.args["device"], plan.settings.hall_config(), plan.unit(plan.old), plan.unit(plan.new), plan.url,
        plan.new.all_options, new_id(), asked.reason, asked.note, plan.written, plan.new.columns,
    )  # fmt: skip

    def write(_tx: Any, _now: float) -> None:
        """Before the commit, and not at all for a key that has its answer: another unit may stand there by now."""
        try:
            ask.desk.workshop.put(plan)
        except NotReplaced as why:
            raise Refused("not_written", str(why)) from why

    return _row(ask, command, also=write)


def roll(ask: Ask) -> Answer:
    """A new roll, or the stock as it was counted."""
    asked = cast(m.RollRequest, ask.body)
    name = ask.args["device"]
    if asked.rolls is not None:
        counted = _row(ask, cmd.CountRolls(name, asked.rolls), part=".rolls")
        if counted.status >= 400 or not asked.loaded:
            return counted
    return _row(ask, cmd.LoadRoll(name))


def read_repairs(ask: Ask) -> Answer:
    """The repairs and replacements of a year, of one device or all."""
    found = ask.desk.histories.repairs(ask.args.get("device"))
    return ok(Repairs(repairs=found)) if found is not None else problem("unknown_device", "There is no such device.")


def read_report(ask: Ask) -> Answer:
    """All devices over a quarter, and whether to repair or replace them."""
    return ok(ask.desk.histories.report())
