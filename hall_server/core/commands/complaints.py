"""Commands about complaints: made by a customer, taken up, worked on and closed by staff."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complain:
    """A customer complains; ``ticket`` names theirs, ``window`` is where staff wrote it down."""

    complaint: str
    matter: str
    via: str
    ticket: str = ""
    window: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class TakeComplaint:
    """Somebody sees to it until the end of that day (YYYY-MM-DD)."""

    complaint: str
    assignee: str
    due: str


@dataclass(frozen=True, slots=True)
class NoteComplaint:
    """Something was done about it."""

    complaint: str


@dataclass(frozen=True, slots=True)
class CloseComplaint:
    """Nothing more is to be done."""

    complaint: str
    outcome: str


ComplaintCommand = Complain | TakeComplaint | NoteComplaint | CloseComplaint
