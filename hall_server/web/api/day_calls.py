"""The calls about a hall's day: windows that drain, help out or are left, hand-overs, the closing check."""

from collections.abc import Sequence
from typing import cast

from hall_server import contract as c
from hall_server import views
from hall_server.contract.day import TakeOverRequest
from hall_server.core import commands as cmd
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.views import day as day_views
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.writer import Answer

SUPERVISORS = frozenset({"manager", "admin"})


def read_day(ask: Ask) -> Answer:
    """The hall's day as its manager sees it."""
    return ok(ask.desk.hall_day())


def _seen(hall: Hall, _: Sequence[Fact]) -> Answer:
    return ok(day_views.view(hall))


def _row(ask: Ask, command: cmd.Command) -> Answer:
    """A command at a window; a clerk's is their own."""
    window = ask.args["window"]
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    return ask.do(command, lambda hall, _: ok(views.window_row(hall, window)))


def pause(ask: Ask) -> Answer:
    """The clerk leaves the window, or asks to; a supervisor's word needs no other."""
    said = cast(c.PauseRequest, ask.body)
    approved = ask.actor if ask.principal.role in SUPERVISORS else ""
    return _row(ask, cmd.Pause(ask.args["window"], said.reason, said.cover, approved))


def resume(ask: Ask) -> Answer:
    """The clerk is back."""
    return _row(ask, cmd.Resume(ask.args["window"]))


def answer_leave(ask: Ask) -> Answer:
    """The supervisor's yes or no."""
    said = cast(c.LeaveAnswer, ask.body)
    return ask.do(cmd.AnswerLeave(ask.args["window"], said.allow, ask.actor, said.note), _seen)


def drain(ask: Ask) -> Answer:
    """A window closes earlier than the calendar says."""
    return ask.do(cmd.Drain(ask.args["window"], cast(c.DrainRequest, ask.body).minutes), _seen)


def keep_open(ask: Ask) -> Answer:
    """A draining window goes on calling."""
    return ask.do(cmd.KeepOpen(ask.args["window"]), _seen)


def substitute(ask: Ask) -> Answer:
    """A window helps another service's queue."""
    said = cast(c.SubstituteRequest, ask.body)
    return ask.do(cmd.Substitute(ask.args["window"], said.service, said.minutes), _seen)


def hand_over(ask: Ask) -> Answer:
    """A clerk writes down what the next one has to know."""
    said = cast(c.HandoverRequest, ask.body)
    return _handover(ask, cmd.HandOver(ask.args["window"], ask.actor, said.note, said.to))


def sign_handover(ask: Ask) -> Answer:
    """The next clerk has read it."""
    return _handover(ask, cmd.SignHandover(ask.args["window"], ask.actor, ask.principal.session))


def _handover(ask: Ask, command: cmd.Command) -> Answer:
    window = ask.args["window"]
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    return ask.do(command, lambda hall, _: ok(day_views.handover_row(hall.handovers[window])))


def take_over(ask: Ask) -> Answer:
    """A clerk has the window from now on, although another one had it."""
    window, why = ask.args["window"], cast(TakeOverRequest, ask.body).reason
    if not own(ask.principal, window=window):
        return problem("forbidden", FORBIDDEN)
    command = cmd.Attend(window, ask.actor, ask.principal.session, why)
    return ask.do(command, lambda hall, _: ok(day_views.window_day(hall, hall.window_by_id[window])))


def close_day(ask: Ask) -> Answer:
    """Close the business day."""
    return ask.do(
        cmd.CloseDay(cast(c.CloseDayRequest, ask.body).despite),
        lambda hall, _: ok({"day": hall.day, "open": hall.day_open}),
    )


def sign_off(ask: Ask) -> Answer:
    """Somebody has looked at the hall after closing."""
    return ask.do(cmd.SignOffDay(cast(c.SignOffRequest, ask.body).note), _seen)
