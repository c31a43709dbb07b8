"""The calls about what customers fetch later: promised at a window, ready one day, and come for."""

from typing import cast

from hall_server.contract.slips import ReadyRequest
from hall_server.core.commands import pickups as cmd
from hall_server.core.rules.codes import by_code
from hall_server.views import pickups as pickup_views
from hall_server.views.materials import last_at
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.material_calls import ticket_for
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_code, new_digits, new_id
from hall_server.writer import Answer


def promise(ask: Ask) -> Answer:
    """The customer at a window fetches something later: their service is over, and a slip says how."""
    window = ask.args["window"]
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    command = cmd.PromisePickUp(window, f"u-{new_id()}", new_digits(), new_code())
    return ask.do(command, lambda hall, _: ok(last_at(hall, window)))


def read_pickups(ask: Ask) -> Answer:
    """Everything that customers fetch."""
    return ok(ask.desk.pickups())


def mark_ready(ask: Ask) -> Answer:
    """It can be fetched, or cannot after all."""
    slip, wanted = ask.args["slip"], cast(ReadyRequest, ask.body)
    return ask.do(cmd.MarkReady(slip, wanted.ready), lambda hall, _: ok(pickup_views.row(hall, slip)))


def come(ask: Ask, digits: str, kiosk: str | None, language: str) -> Answer | None:
    """A ticket for whoever has the code of a pick-up slip; None: no slip has it."""
    slip = ask.desk.look(lambda hall: one.slip if (one := by_code(hall.pickups, digits)) else None)
    if slip is None:
        return None
    return ticket_for(ask, cmd.ComeForPickUp(slip, new_id(), new_code(), kiosk, language))
