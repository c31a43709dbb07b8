"""The call of a window's display: its customer says how the service was."""

from typing import cast

from hall_server.contract.ratings import RatingRequest
from hall_server.core.commands import Rate, RateBecause
from hall_server.views.tablets import asked_at
from hall_server.web.api.ask import FORBIDDEN, Ask
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.writer import Answer


def rate(ask: Ask) -> Answer:
    """Only what the display was told to ask, so that nobody rates for a customer of another window or day."""
    window = ask.args["window"]
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    said, unit = cast(RatingRequest, ask.body), ask.principal.subject or ""
    ticket = ask.desk.look(lambda hall: asked_at(hall, window, unit, said.label))
    if ticket is None:
        return problem("not_asked", f"The display {unit!r} does not ask {said.label}.")
    command = RateBecause(unit, ticket, said.level, said.reason) if said.reason else Rate(unit, ticket, said.level)
    return ask.do(command, lambda _hall, _facts: Answer(204, ""))
