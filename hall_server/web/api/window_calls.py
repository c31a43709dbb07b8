"""The calls of a window that choose or pause, and the keys of its pad: each is one command."""

import json
from collections.abc import Sequence
from typing import cast

from hall_server import contract as c
from hall_server import views
from hall_server.contract.windows import SendBackRequest
from hall_server.core import commands as cmd
from hall_server.core.facts import Fact
from hall_server.core.facts.windows import TicketTransferred
from hall_server.core.hall import Hall
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_code, new_id
from hall_server.writer import Answer


def call_ticket(ask: Ask) -> Answer:
    """Call a certain customer."""
    window, wanted = ask.args["window"], cast(c.CallRequest, ask.body)
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    command = cmd.CallTicket(window, wanted.label, wanted.previous, wanted.reason, new_id(), new_code())

    def render(hall: Hall, _: Sequence[Fact]) -> Answer:
        called = hall.active(window)
        return ok(views.ticket(hall, called, ask.desk.outside)) if called else Answer(204, "")

    return ask.do(command, render)


def transfer(ask: Ask) -> Answer:
    """The clerk sends the customer on."""
    window, wanted = ask.args["window"], cast(c.TransferRequest, ask.body)
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    return _sent(ask, cmd.Transfer(window, wanted.service, wanted.window, wanted.note, wanted.come_back))


def send_back(ask: Ask) -> Answer:
    """Whoever reviews sends the customer back to the window whose work it was."""
    window, wanted = ask.args["window"], cast(SendBackRequest, ask.body)
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    return _sent(ask, cmd.SendBack(window, wanted.note))


def _sent(ask: Ask, command: cmd.Transfer | cmd.SendBack) -> Answer:
    def render(hall: Hall, facts: Sequence[Fact]) -> Answer:
        sent = next(fact for fact in facts if isinstance(fact, TicketTransferred))
        return ok(views.ticket(hall, hall.tickets[sent.ticket], ask.desk.outside))

    return ask.do(command, render)


def press(ask: Ask, told: c.PressReport) -> c.PressAnswer:
    """A pad's key under the id of its press, so that a repeat in any later report does nothing again."""
    command = cmd.PressKey(told.device, told.action, told.digits, told.seen)

    def render(hall: Hall, facts: Sequence[Fact]) -> Answer:
        ticket = hall.active(hall.device_by_id[told.device].at)
        done = c.PressAnswer(
            press=told.press, ok=bool(facts), label=ticket.label if ticket else "", code="" if facts else "nobody"
        )
        return Answer(200, done.model_dump_json())

    answer = ask.desk.do(command, f"pad:{told.device}", render, key=f"press-{told.press}", body=told.model_dump_json())
    if answer.status == 200:
        return c.PressAnswer.model_validate_json(answer.body)
    return c.PressAnswer(press=told.press, ok=False, code=json.loads(answer.body)["code"])
