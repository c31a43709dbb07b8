"""Rules of what the hall tells its customers: nothing is put up that is over, nothing unknown counts as shown."""

from hall_server.core import facts as f
from hall_server.core.commands.content import AddContent, NotePlayed, PostNotice, RemoveContent, ReviseContent
from hall_server.core.content import MOST, Item, span
from hall_server.core.facts import content as fc
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused


def add(hall: Hall, command: AddContent, now: float) -> list[f.Fact]:
    """Put something up for its days."""
    if len(hall.content) >= MOST:
        raise Refused("content_full", f"There are {MOST} items: take away what is over first.")
    _still_to_come(hall, command.item, now)
    return [fc.ContentAdded(command.item)]


def revise(hall: Hall, command: ReviseContent, now: float) -> list[f.Fact]:
    """Let something say something else; its proof of play goes on."""
    if command.item.id not in hall.content:
        raise Refused("unknown_content", "There is no such item: somebody has taken it away.")
    _still_to_come(hall, command.item, now)
    return [fc.ContentChanged(command.item)]


def post(hall: Hall, command: PostNotice, now: float) -> list[f.Fact]:
    """Put up a line from a template; two people who tap at the same moment put it up once."""
    if standing(hall, command.item.notice, now) is not None:
        raise Refused("notice_stands", "This notice is shown already.")
    return add(hall, AddContent(command.item), now)


def standing(hall: Hall, notice: str, now: float) -> Item | None:
    """What is shown now of a template."""
    made = (one for one in hall.content.values() if one.notice == notice)
    return next((one for one in made if span(one, hall.config.timezone)[1] > now), None)


def _still_to_come(hall: Hall, item: Item, now: float) -> None:
    if span(item, hall.config.timezone)[1] <= now:
        raise Refused("content_over", f"Its last day, {item.last}, is over: it would never be shown.")


def remove(hall: Hall, command: RemoveContent, now: float) -> list[f.Fact]:
    """Take it away, expired or not."""
    if command.content not in hall.content:
        raise Refused("unknown_content", "There is no such item: somebody has taken it away.")
    return [fc.ContentRemoved(command.content)]


def note_played(hall: Hall, command: NotePlayed, now: float) -> list[f.Fact]:
    """What a TV says of an item that is not there any more proves nothing."""
    known = tuple(one for one in command.shown if one.content in hall.content and one.seconds > 0)
    return [fc.ContentPlayed(command.since, known)] if known else []
