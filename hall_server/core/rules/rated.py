"""Rules of ratings with a reason: they count as any other, and the reason is kept only beside a low one."""

from hall_server.core import facts as f
from hall_server.core.commands import Rate
from hall_server.core.commands.rated import RateBecause
from hall_server.core.facts.rated import TicketRatingExplained
from hall_server.core.hall import Hall
from hall_server.core.rules import ratings

LOW = 2  # of five: whoever chose that, or less, was not content


def rate_because(hall: Hall, command: RateBecause, now: float) -> list[f.Fact]:
    """Nothing at all where the rating itself counts for nothing: a reason is said once, with it."""
    rated = ratings.rate(hall, Rate(command.device, command.ticket, command.level), now)
    if not rated or command.level > LOW:
        return rated
    window = hall.tickets[command.ticket].window or ""
    return [*rated, TicketRatingExplained(command.ticket, window, command.level, command.reason)]
