"""The calls about checks: the opening check, inspections, help at once."""

from collections.abc import Sequence
from typing import cast

from hall_server import contract as c
from hall_server.core.check_state import Checked
from hall_server.core.commands import checks as cmd
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.views import checks as check_views
from hall_server.views.devices import device_row
from hall_server.web.api.ask import Ask, ok
from hall_server.web.desk import new_id
from hall_server.writer import Answer


def read_checks(ask: Ask) -> Answer:
    """The opening check and all inspections."""
    return ok(ask.desk.checks())


def start_check(ask: Ask) -> Answer:
    """Look at every device; what comes of it is read from the checks until none is running."""
    return ask.do(cmd.StartDayCheck(new_id()), _checks)


def _checks(hall: Hall, _: Sequence[Fact]) -> Answer:
    return ok(check_views.view(hall))


def confirm(ask: Ask) -> Answer:
    """A person has looked at a device."""
    said = cast(c.ConfirmRequest, ask.body)
    return ask.do(cmd.ConfirmDevice(ask.args["device"], said.ok, new_id(), said.note), _checks)


def inspect(ask: Ask) -> Answer:
    """A plan was carried out."""
    said = cast(c.InspectRequest, ask.body)
    items = tuple(Checked(one.zh, one.en, one.ok, one.note) for one in said.items)
    return ask.do(cmd.Inspect(ask.args["device"], said.plan, items, new_id(), said.usable), _checks)


def fixed(ask: Ask) -> Answer:
    """Whoever stands before a device has helped it."""
    name, said = ask.args["device"], cast(c.FixedRequest, ask.body)
    return ask.do(
        cmd.FixByMyself(name, said.note),
        lambda hall, _: ok(device_row(hall, hall.device_by_id[name], ask.desk.outside)),
    )
