"""What can have happened at a window besides its calls: it paused, and customers said how they were served."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowPaused:
    """A window calls nobody until it resumes, or until the next day; ``reason`` is for the staff."""

    window: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WindowResumed:
    """A paused window may call again."""

    window: str


@dataclass(frozen=True, slots=True)
class TicketRated:
    """A customer said how the service was: 1 (very bad) to 5 (very good), once a ticket."""

    ticket: str
    level: int
    device: str


@dataclass(frozen=True, slots=True)
class TicketNotRated:
    """A customer was asked and said nothing in time: nobody may count that as satisfied."""

    ticket: str
    device: str
