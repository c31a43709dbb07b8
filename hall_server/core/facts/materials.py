"""What can have happened when a customer lacked something: written down and sent home, taken back, come again."""

from dataclasses import dataclass

from hall_server.core.materials import Material


@dataclass(frozen=True, slots=True)
class TicketMaterialsMissing:
    """A clerk told a customer once what is missing; with ``code``, good until then, they come back sooner, once."""

    ticket: str
    window: str
    service: str
    slip: str
    items: tuple[Material, ...]
    code: str
    page: str
    until: float


@dataclass(frozen=True, slots=True)
class TicketMaterialsWithdrawn:
    """The clerk took that back: the code is good for nothing."""

    ticket: str
    slip: str


@dataclass(frozen=True, slots=True)
class TicketReturned:
    """The customer of that slip is back, and has this ticket; the code is used."""

    ticket: str
    slip: str
