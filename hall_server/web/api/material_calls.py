"""The calls about missing materials: told at a window and printed, and printed once more."""

from typing import cast

from hall_server import views
from hall_server.contract.slips import MissingRequest
from hall_server.core.commands import materials as cmd
from hall_server.core.commands.materials import ComeBack
from hall_server.core.commands.pickups import ComeForPickUp
from hall_server.core.hall import Hall
from hall_server.core.rules.codes import by_code
from hall_server.views.materials import last_at
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_code, new_digits, new_id
from hall_server.writer import Answer


def tell(ask: Ask) -> Answer:
    """The customer at a window lacks something: they are told everything at once, and go."""
    window, wanted = ask.args["window"], cast(MissingRequest, ask.body)
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    command = cmd.TellMissing(window, wanted.items, f"m-{new_id()}", new_digits(), new_code())
    return ask.do(command, lambda hall, _: ok(last_at(hall, window)))


def print_again(ask: Ask) -> Answer:
    """The paper did not come, or is lost."""
    window, slip = ask.args["window"], ask.args["slip"]
    there = ask.desk.look(lambda hall: hall.missing[slip].window if slip in hall.missing else window)
    if not own(ask.principal, window=window) or there != window:
        return problem("forbidden", FORBIDDEN)
    return ask.do(cmd.PrintMissing(slip), lambda hall, _: ok(views.paper_of(hall, slip)))


def come_back(ask: Ask, digits: str, kiosk: str | None, language: str) -> Answer | None:
    """A ticket for whoever has the code of a slip; None: no slip has it."""
    slip = ask.desk.look(lambda hall: one.slip if (one := by_code(hall.missing, digits)) else None)
    if slip is None:
        return None
    return ticket_for(ask, ComeBack(slip, new_id(), new_code(), kiosk, language))


def ticket_for(ask: Ask, command: ComeBack | ComeForPickUp) -> Answer:
    """The ticket that a code is good for."""

    def render(hall: Hall, _: object) -> Answer:
        ticket = views.ticket(hall, hall.tickets[command.ticket], ask.desk.outside)
        return Answer(201, ticket.model_dump_json())

    return ask.do(command, render)
