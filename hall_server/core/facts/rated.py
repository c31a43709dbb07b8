"""What else can have been said with a rating: why it was a low one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TicketRatingExplained:
    """A customer who had not been content said what was wrong, with the rating itself; ``window`` is where."""

    ticket: str
    window: str
    level: int
    reason: str
