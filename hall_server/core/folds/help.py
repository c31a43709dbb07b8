"""Folds of requests for help: they last for the day on which they were made."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hall_server.core.facts import help as f
from hall_server.core.hall import Hall
from hall_server.core.helps import Help
from hall_server.core.tickets import Ticket


def _asked(hall: Hall, fact: f.HelpAsked, at: float, actor: str) -> None:
    hall.helps[fact.help] = Help(fact.help, fact.kiosk, fact.reason, fact.language, at)


def _given(hall: Hall, fact: f.HelpGiven, at: float, actor: str) -> None:
    hall.helps[fact.help] = replace(hall.helps[fact.help], given=True)


def joined(hall: Hall, name: str, ticket: Ticket) -> None:
    """Whoever asked for help has a ticket now; those at the windows are told why they asked."""
    if name in hall.helps:
        hall.helps[name] = replace(hall.helps[name], ticket=ticket.id)
        ticket.help = hall.helps[name].reason


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {f.HelpAsked: _asked, f.HelpGiven: _given}
