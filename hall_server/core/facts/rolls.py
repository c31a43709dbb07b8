"""What can have happened to numbers of a paper roll: all of it was done by hand, and entered later."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TicketArrivalEntered:
    """When the customer of a number came that a clerk had called before anybody entered it (Unix seconds)."""

    ticket: str
    came_at: float


@dataclass(frozen=True, slots=True)
class TicketServedEntered:
    """A customer was called to a window and served there by hand, from then until then (Unix seconds)."""

    ticket: str
    window: str
    called_at: float
    ended_at: float


@dataclass(frozen=True, slots=True)
class TicketLeftEntered:
    """A customer with a number of a roll went away unserved, at that time (Unix seconds)."""

    ticket: str
    left_at: float
