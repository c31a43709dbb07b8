"""What can have happened to something that a customer fetches later: promised, taken back, ready, come for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TicketPickUpPromised:
    """A customer went with a slip, by whose code they fetch something later in the queue of ``service``."""

    ticket: str
    window: str
    service: str
    slip: str
    code: str
    page: str
    until: float


@dataclass(frozen=True, slots=True)
class TicketPickUpWithdrawn:
    """The clerk took that back: the code is good for nothing."""

    ticket: str
    slip: str


@dataclass(frozen=True, slots=True)
class PickUpReady:
    """It can be fetched until then, or (not ``ready``) it cannot after all."""

    slip: str
    ready: bool
    until: float


@dataclass(frozen=True, slots=True)
class TicketForPickUp:
    """The customer of that slip is here to fetch it, and has this ticket; the code is used."""

    ticket: str
    slip: str


PickUpFact = TicketPickUpPromised | TicketPickUpWithdrawn | PickUpReady | TicketForPickUp
