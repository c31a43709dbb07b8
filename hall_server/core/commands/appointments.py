"""Commands about appointments; who has one is a record that is written beside them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Book:
    """Somebody wants to come for a service at ``at`` (Unix seconds)."""

    appointment: str
    service: str
    at: float


@dataclass(frozen=True, slots=True)
class BookMany:
    """Several at once, all or none; ``lines`` is where each stands in the sheet that it comes from."""

    bookings: tuple[Book, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ConfirmAppointment:
    """The customer has said that they come."""

    appointment: str


@dataclass(frozen=True, slots=True)
class CancelAppointment:
    """Nobody will come."""

    appointment: str


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The customer is here; ``walk_in`` says that they take an ordinary ticket if they are too late."""

    appointment: str
    ticket: str
    code: str
    kiosk: str | None = None
    language: str = "zh"
    walk_in: bool = False


@dataclass(frozen=True, slots=True)
class ForgetPersons:
    """Records of so many people have been kept for as long as they may be."""

    kind: str
    count: int
