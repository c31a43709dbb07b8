"""The calls about tickets besides their way through the queue; staff name a ticket by its id or its label."""

from collections.abc import Sequence
from typing import cast

from hall_server import views
from hall_server.contract import life as m
from hall_server.core.commands import life
from hall_server.core.facts import Fact
from hall_server.core.facts.life import TicketUndone
from hall_server.core.hall import Hall
from hall_server.views.staff import card
from hall_server.web.api.ask import FORBIDDEN, Ask, ok
from hall_server.web.api.permissions import own
from hall_server.web.api.problems import problem
from hall_server.writer import Answer


def hold(ask: Ask) -> Answer:
    """The customer at the window is set aside."""
    wanted, window = cast(m.HoldRequest, ask.body), ask.args["window"]
    return _at_window(ask, life.Hold(window, wanted.pool, wanted.reason, wanted.not_before_min * 60))


def take_up(ask: Ask) -> Answer:
    """Who was set aside is called, or served at once."""
    wanted, window = cast(m.TakeUpRequest, ask.body), ask.args["window"]
    return _at_window(ask, life.TakeUp(window, named(ask, wanted.ticket), wanted.here, wanted.previous))


def _at_window(ask: Ask, command: life.Hold | life.TakeUp) -> Answer:
    if not own(ask.principal, window=command.window):
        return problem("forbidden", FORBIDDEN)

    def render(hall: Hall, facts: Sequence[Fact]) -> Answer:
        name = next(name for fact in reversed(facts) if (name := getattr(fact, "ticket", None)))
        return ok(views.ticket(hall, hall.tickets[name], ask.desk.outside))

    return ask.do(command, render)


def reinstate(ask: Ask) -> Answer:
    """Who was not there may wait again."""
    return _ticket(ask, life.Reinstate(named(ask), cast(m.ReinstateRequest, ask.body).reason))


def mark_urgent(ask: Ask) -> Answer:
    """Before everybody, or no longer."""
    wanted = cast(m.UrgentRequest, ask.body)
    return _ticket(ask, life.MarkUrgent(named(ask), wanted.reason, wanted.urgent))


def note_need(ask: Ask) -> Answer:
    """A special need, or none."""
    return _ticket(ask, life.NoteNeed(named(ask), cast(m.NeedRequest, ask.body).need))


def take_care(ask: Ask) -> Answer:
    """Somebody who waits long was spoken with."""
    return _ticket(ask, life.TakeCare(named(ask), cast(m.CareRequest, ask.body).what))


def undo(ask: Ask) -> Answer:
    """One's own last move is taken back."""

    def render(hall: Hall, facts: Sequence[Fact]) -> Answer:
        names = (name for fact in facts if isinstance(fact, TicketUndone) for name in fact.tickets)
        return ok(m.Undone(labels=tuple(hall.tickets[name].label for name in names)))

    return ask.do(life.Undo(ask.actor), render)


def read_lobby(ask: Ask) -> Answer:
    """The concierge's screen as a value."""
    return ok(ask.desk.lobby(ask.actor))


def find(ask: Ask) -> Answer:
    """A ticket by the number that its holder names."""
    name = named(ask, ask.args.get("label", ""))

    def look(hall: Hall) -> Answer:
        ticket = hall.tickets.get(name)
        return ok(m.Found(ticket=card(hall, ticket))) if ticket else problem("unknown_ticket", "No such ticket today.")

    return ask.desk.look(look)


def named(ask: Ask, name: str = "") -> str:
    """The ticket of that id, else of that label; labels are unique within a day."""
    wanted = name or ask.args["ticket"]
    label = wanted.strip().upper()

    def look(hall: Hall) -> str:
        if wanted in hall.tickets:
            return wanted
        return next((t.id for t in hall.alike(label) if t.label == label), wanted)

    return ask.desk.look(look)


def _ticket(ask: Ask, command: life.Reinstate | life.MarkUrgent | life.NoteNeed | life.TakeCare) -> Answer:
    name = command.ticket
    return ask.do(command, lambda hall, _: ok(views.ticket(hall, hall.tickets[name], ask.desk.outside)))
