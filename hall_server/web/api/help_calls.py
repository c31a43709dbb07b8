"""The calls about help at a kiosk: somebody asks, somebody of the staff has come."""

from typing import cast

from hall_server.contract import help as m
from hall_server.core.commands import help as cmd
from hall_server.core.hall import Hall
from hall_server.core.rules.help import standing
from hall_server.views.help import helps
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_id
from hall_server.writer import Answer


def ask_help(ask: Ask) -> Answer:
    """A kiosk asks for whoever stands before it."""
    wanted = cast(m.HelpRequest, ask.body)
    kiosk = wanted.kiosk or ask.principal.subject or ""
    if not own(ask.principal, kiosk=kiosk):
        return problem("forbidden", FORBIDDEN)

    def told(hall: Hall, _: object) -> Answer:
        known = standing(hall, kiosk, wanted.reason)
        return ok(m.HelpAsked(help=known.id if known else ""), 201)

    return ask.do(cmd.AskHelp(new_id(), kiosk, wanted.reason, wanted.language), told)


def give_help(ask: Ask) -> Answer:
    """Somebody of the staff was there."""
    return ask.do(cmd.GiveHelp(ask.args["help"]), lambda hall, _: ok(m.HelpDone(helps=helps(hall))))
