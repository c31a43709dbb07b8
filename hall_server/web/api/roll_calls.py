"""The calls about paper rolls: each entry is one command under its own key."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from hall_server.contract import rolls as m
from hall_server.core.appointments import moment
from hall_server.core.commands import rolls as cmd
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.core.rules.rolls import MOST
from hall_server.views import rolls as roll_views
from hall_server.web.api.ask import Ask, ok
from hall_server.web.api.problems import problem
from hall_server.web.desk import new_code, new_id
from hall_server.writer import Answer

NO_TIME = "Times are those that the hall's clock shows, like 2026-11-24T10:30."


def read_rolls(ask: Ask) -> Answer:
    """What was entered of each roll."""
    return ok(ask.desk.rolls())


def hand_out(ask: Ask) -> Answer:
    """Numbers were handed out."""
    said = cast(m.HandedOutRequest, ask.body)
    since, until = _time(ask, said.since), _time(ask, said.until or said.since)
    if since is None or until is None:
        return _no_time("until" if since is not None else "since")
    numbers = _numbers(ask, said.first, said.last)
    names = tuple((new_id(), new_code()) for _ in range(min(MOST, numbers.last - numbers.first + 1)))
    return ask.do(cmd.EnterHandedOut(numbers, said.service, since, until, names), _seen)


def serve(ask: Ask) -> Answer:
    """Numbers were served."""
    said = cast(m.ServedRequest, ask.body)
    since, until = _time(ask, said.since), _time(ask, said.until)
    if since is None or until is None:
        return _no_time("until" if since is not None else "since")
    return ask.do(cmd.EnterServed(_numbers(ask, said.first, said.last), said.window, since, until), _seen)


def leave(ask: Ask) -> Answer:
    """People went away."""
    said = cast(m.LeftRequest, ask.body)
    at = _time(ask, said.at)
    if at is None:
        return _no_time("at")
    return ask.do(cmd.EnterLeft(_numbers(ask, said.first, said.last), at), _seen)


def spoil(ask: Ask) -> Answer:
    """Nobody has these numbers."""
    said = cast(m.SpoiledRequest, ask.body)
    return ask.do(cmd.SpoilNumbers(_numbers(ask, said.first, said.last)), _seen)


def _seen(hall: Hall, _: Sequence[Fact]) -> Answer:
    return ok(roll_views.view(hall))


def _numbers(ask: Ask, first: int, last: int | None) -> cmd.Stretch:
    return cmd.Stretch(ask.args["roll"].upper(), first, first if last is None else last)


def _time(ask: Ask, said: str) -> float | None:
    """A time by the hall's clock in Unix seconds; None if there is no such time."""
    try:
        then = datetime.fromisoformat(said)
    except ValueError:
        return None
    return None if then.tzinfo else moment(then.date(), then.time(), ask.desk.timezone)


def _no_time(field: str) -> Answer:
    return problem("invalid", NO_TIME, [{"field": field, "message": "no time"}])
