"""The messages about appointments; ``contract`` names them with all others."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from display.board import Name
from hall_server.contract.messages import Id, Message
from hall_server.contract.tickets import Language

SHEET_CHARS = 60_000  # a body has 64 KiB at most: some thousand lines

Person = Annotated[
    str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Contact = Annotated[str, StringConstraints(pattern=r"^\+?[0-9][0-9 -]{3,30}[0-9]$")]
When = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$")]
AppointmentState = Literal["booked", "confirmed", "cancelled", "checked_in", "no_show"]


class BookRequest(Message):
    """An appointment: ``at`` is a time by the hall's clock, 2026-11-24T10:30."""

    service: Id
    at: When
    name: Person
    contact: Contact


class SheetRequest(Message):
    """Many at once, as CSV with the columns date, time, service, name, contact."""

    csv: str = Field(max_length=SHEET_CHARS)


class CheckInRequest(Message):
    """A customer is here: the ten digits of the code, or the last four of the phone; ``appointment`` if several fit.

    ``walk_in``: who is too late takes an ordinary ticket.
    """

    digits: Annotated[str, StringConstraints(pattern=r"^([0-9]{4}|[0-9]{10})$")]
    appointment: Id | None = None
    kiosk: Id | None = None
    language: Language | None = None
    walk_in: bool = False


class Booked(Message):
    """An appointment that was made; ``code`` is shown this once, and not again to a repeated request."""

    id: str
    service: str
    at: str
    state: AppointmentState
    code: str | None = None


class BookedMany(Message):
    """All of a sheet, line by line."""

    booked: tuple[Booked, ...]


class AppointmentRow(Message):
    """An appointment as the staff see it: no whole name stands on a screen; empty when it has been forgotten."""

    id: str
    service: str
    service_name: Name
    at: str
    state: AppointmentState
    name: str = ""
    contact: str = ""
    label: str | None = None


class SlotRow(Message):
    """A time at which a service takes appointments, and how many of its places are taken."""

    service: str
    service_name: Name
    at: str
    taken: int
    capacity: int


class AppointmentsView(Message):
    """A day's appointments and slots; names and phones are deleted ``kept_days`` after it."""

    rev: int
    day: str
    slots: tuple[SlotRow, ...] = ()
    rows: tuple[AppointmentRow, ...] = ()
    kept_days: int = 1


class Forgotten(Message):
    """How many records of people were deleted."""

    forgotten: int
