"""Folds of what is said aloud: which calls voice modules still owe, and whether a ticket's last one was said."""

from collections.abc import Callable
from typing import Any

from hall_server.core.config import VOICE
from hall_server.core.facts import speech as f
from hall_server.core.hall import CallNow, Hall
from hall_server.core.quiet import quiet


def owe(hall: Hall, call: CallNow) -> None:
    """A call is owed once by each module that speaks for its window, and by the screen that speaks for the hall.

    What was true of an earlier one is over.
    """
    hall.tickets[call.ticket].aloud = ""
    if quiet(hall.config, call.at):
        return
    for device in hall.config.devices:
        hears = device.place == "hall" or device.at == call.window
        module = device.kind == VOICE and device.station is not None and hears
        if module or device.speaks:
            hall.speech.setdefault(device.id, {})[call.name] = call


def _spoken(hall: Hall, fact: f.TicketSpoken, at: float, actor: str) -> None:
    _settle(hall, fact, "spoken")


def _not_spoken(hall: Hall, fact: f.TicketNotSpoken, at: float, actor: str) -> None:
    _settle(hall, fact, "not_spoken")


def _settle(hall: Hall, fact: f.TicketSpoken | f.TicketNotSpoken, how: str) -> None:
    call = hall.speech.get(fact.device, {}).pop(fact.call, None)
    ticket = hall.tickets.get(fact.ticket)
    # One module that has said it is enough, and an older call is no news about the last one.
    if call is not None and ticket is not None and ticket.announced_at == call.at and ticket.aloud != "spoken":
        ticket.aloud = how


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    f.TicketSpoken: _spoken,
    f.TicketNotSpoken: _not_spoken,
}
