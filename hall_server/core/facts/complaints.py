"""What can have happened to a complaint; who made it, and in which words, no fact knows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ComplaintMade:
    """A customer complained, by ``via`` (kiosk | page | staff); ``named``: they left a way to reach them."""

    complaint: str
    number: int
    matter: str
    via: str
    ticket: str = ""
    label: str = ""
    window: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class ComplaintTaken:
    """Somebody sees to it until the end of a day of the hall."""

    complaint: str
    assignee: str
    due: str


@dataclass(frozen=True, slots=True)
class ComplaintNoted:
    """Something was done about it, and written down."""

    complaint: str


@dataclass(frozen=True, slots=True)
class ComplaintClosed:
    """What came of it: settled | justified | unfounded | elsewhere."""

    complaint: str
    outcome: str


ComplaintFact = ComplaintMade | ComplaintTaken | ComplaintNoted | ComplaintClosed
