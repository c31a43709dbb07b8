"""Rules of help at a kiosk: whoever asks is believed and gets somebody, and nothing else, for no proof is asked."""

from hall_server.core import facts as f
from hall_server.core.commands.help import AskHelp, GiveHelp
from hall_server.core.facts import help as hf
from hall_server.core.hall import Hall
from hall_server.core.helps import Help
from hall_server.core.refusal import Refused


def ask(hall: Hall, command: AskHelp, now: float) -> list[f.Fact]:
    """Tell the staff; who asks again at the same kiosk for the same reason, and has no ticket yet, is told once."""
    if not hall.day_open:
        raise Refused("day_closed", "The hall is closed: nobody is here to help.")
    if command.kiosk not in hall.kiosk_by_id:
        raise Refused("unknown_kiosk", f"There is no kiosk {command.kiosk!r}.")
    if standing(hall, command.kiosk, command.reason) is not None:
        return []
    return [hf.HelpAsked(command.help, command.kiosk, command.reason, command.language)]


def standing(hall: Hall, kiosk: str, reason: str) -> Help | None:
    """The request of somebody who stands at that kiosk for that reason, and whom nobody has been with."""
    asked = (one for one in hall.helps.values() if (one.kiosk, one.reason) == (kiosk, reason))
    return next((one for one in asked if not one.given and one.ticket is None), None)


def give(hall: Hall, command: GiveHelp, now: float) -> list[f.Fact]:
    """Somebody was there; said once, whoever says it."""
    known = hall.helps.get(command.help)
    if known is None:
        raise Refused("unknown_help", "Nobody has asked for this help today.")
    return [] if known.given else [hf.HelpGiven(known.id)]


def of(hall: Hall, name: str, kiosk: str | None) -> str:
    """A request that a ticket may name: one of the same kiosk that no ticket has yet; else none."""
    known = hall.helps.get(name)
    return name if known is not None and known.kiosk == kiosk and known.ticket is None else ""
