"""What can have happened to a ticket besides its way through the queue: set aside, brought back, marked, undone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TicketHeld:
    """A customer was set aside, for whom ``pool`` says: this window, the windows of the service, or the whole hall.

    Nobody calls them before ``not_before``; from ``due`` on somebody should look after them (Unix seconds both).
    """

    ticket: str
    window: str
    pool: str
    reason: str
    due: float
    not_before: float | None = None


@dataclass(frozen=True, slots=True)
class TicketResumed:
    """A customer who was set aside stands at a window and is served again, without a call."""

    ticket: str
    window: str


@dataclass(frozen=True, slots=True)
class TicketHoldOverdue:
    """A customer has been set aside for longer than was meant."""

    ticket: str


@dataclass(frozen=True, slots=True)
class TicketReinstated:
    """Who was not there, or had given up, waits again: behind everybody who waits now."""

    ticket: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketUrgent:
    """The staff says that a waiting customer goes before everybody, or (not ``urgent``) no longer."""

    ticket: str
    reason: str
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class TicketNeedNoted:
    """The staff has seen a special need, or (not ``need``) takes that back."""

    ticket: str
    need: bool = True


@dataclass(frozen=True, slots=True)
class TicketCared:
    """The staff has spoken with somebody who waits long: ``what`` is apologised, or offered (an appointment)."""

    ticket: str
    what: str


@dataclass(frozen=True, slots=True)
class TicketKept:
    """The day is closed over a customer whose ticket goes on counting: it waits or is held when the next one opens."""

    ticket: str
    reason: str


@dataclass(frozen=True, slots=True)
class TicketStepped:
    """One service of several is over: the customer waits for the next one, with number and arrival.

    Not the next of those they came for but the ``review`` of this one: then its windows see what was done.
    """

    ticket: str
    window: str
    service: str
    review: bool = False


@dataclass(frozen=True, slots=True)
class TicketUndone:
    """Whoever made the last moves of these tickets, in this order, took them back; ``moves`` are their facts' names."""

    tickets: tuple[str, ...]
    moves: tuple[str, ...]
    by: str
