"""Commands about numbers that a kiosk gives out alone."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lease:
    """A kiosk wants numbers in reserve; ``holder`` is the log on its disk that remembers which it has given out."""

    kiosk: str
    holder: str


@dataclass(frozen=True, slots=True)
class IssueAway:
    """A kiosk gave a number out ``age_s`` ago, having heard the hall last at ``heard_at`` (the hall's Unix seconds).

    ``paper`` is what it knows of the slip: none | owed | claimed | printed | unconfirmed | failed, at ``printer``.
    ``instead_of`` is a ticket that the same customer never heard of, because the answer was lost.
    """

    ticket: str
    code: str
    kiosk: str
    holder: str
    day: str
    service: str
    number: int
    age_s: float
    heard_at: float = 0.0
    language: str = "zh"
    paper: str = "none"
    printer: str = ""
    reason: str = ""
    instead_of: str | None = None
