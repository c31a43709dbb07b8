"""What can have happened at a window besides its calls: pauses, transfers, and how customers said they were served."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowPaused:
    """A window calls nobody until it resumes, or until the next day; ``reason`` is for the staff.

    ``cover`` stands in meanwhile; ``approved_by`` let the clerk go.
    """

    window: str
    reason: str = ""
    cover: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class WindowResumed:
    """A paused window may call again."""

    window: str


@dataclass(frozen=True, slots=True)
class TicketTransferred:
    """A clerk sent a customer on: the ticket waits for ``service``, first at ``to`` if that is named.

    Number and arrival stay. With ``come_back`` the window wants the customer again when the next one is done.
    """

    ticket: str
    window: str
    service: str
    to: str | None = None
    note: str = ""
    come_back: bool = False


@dataclass(frozen=True, slots=True)
class TicketRated:
    """A customer said how the service was: 1 (very bad) to 5 (very good), once a ticket.

    ``device`` is the unit that asked; empty: the customer used the page of the ticket.
    """

    ticket: str
    level: int
    device: str


@dataclass(frozen=True, slots=True)
class TicketNotRated:
    """A customer was asked and said nothing in time: nobody may count that as satisfied."""

    ticket: str
    device: str
