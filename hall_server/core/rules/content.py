"""Rules of what the hall tells its customers: nothing is put up that is over, nothing unknown counts as shown."""

from hall_server.core import facts as f
from hall_server.core.commands.content import AddContent, NotePlayed, RemoveContent
from hall_server.core.content import MOST, span
from hall_server.core.facts import content as fc
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused


def add(hall: Hall, command: AddContent, now: float) -> list[f.Fact]:
    """Put something up for its days."""
    if len(hall.content) >= MOST:
        raise Refused("content_full", f"There are {MOST} items: take away what is over first.")
    if span(command.item, hall.config.timezone)[1] <= now:
        raise Refused("content_over", f"Its last day, {command.item.last}, is over: it would never be shown.")
    return [fc.ContentAdded(command.item)]


def remove(hall: Hall, command: RemoveContent, now: float) -> list[f.Fact]:
    """Take it away, expired or not."""
    if command.content not in hall.content:
        raise Refused("unknown_content", "There is no such item: somebody has taken it away.")
    return [fc.ContentRemoved(command.content)]


def note_played(hall: Hall, command: NotePlayed, now: float) -> list[f.Fact]:
    """What a TV says of an item that is not there any more proves nothing."""
    known = tuple(one for one in command.shown if one.content in hall.content and one.seconds > 0)
    return [fc.ContentPlayed(command.since, known)] if known else []
