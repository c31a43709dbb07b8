"""What can have happened to an appointment. No fact knows a name or a phone: those are records that can be purged."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AppointmentCarried:
    """An appointment as it stood when a day was opened."""

    id: str
    service: str
    at: float
    state: str
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class AppointmentBooked:
    """Somebody will come for a service at ``at`` (Unix seconds)."""

    appointment: str
    service: str
    at: float


@dataclass(frozen=True, slots=True)
class AppointmentConfirmed:
    """The customer has said once more that they come."""

    appointment: str


@dataclass(frozen=True, slots=True)
class AppointmentCancelled:
    """Nobody comes."""

    appointment: str


@dataclass(frozen=True, slots=True)
class AppointmentCheckedIn:
    """The customer is here and has this ticket."""

    appointment: str
    ticket: str


@dataclass(frozen=True, slots=True)
class AppointmentMissed:
    """Its time and the tolerance passed, and nobody had checked in."""

    appointment: str


@dataclass(frozen=True, slots=True)
class PersonsForgotten:
    """So many records of a kind had been kept for as long as they may be, and were deleted."""

    kind: str
    count: int
