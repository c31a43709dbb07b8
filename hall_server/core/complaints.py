"""Complaints without a person in them: about what, who sees to it until when, and what came of it."""

from dataclasses import dataclass

MATTERS = ("attitude", "wait", "outcome", "fees", "place", "other")
OUTCOMES = ("settled", "justified", "unfounded", "elsewhere")
MOST_A_TICKET = 3  # whoever has more to say writes it into one of them
MOST_AN_HOUR = 20  # of those that name no ticket: a page that anybody can open must not bury the others
SHOWN_S = 30 * 24 * 3600.0  # how long one that is closed stays in the list: whoever asks again does so within a month


@dataclass(frozen=True, slots=True)
class Contacts:
    """Where else a complaint can be made: by phone, by mail, or into a box somewhere in the hall."""

    phone: str = ""
    mail: str = ""
    box_zh: str = ""
    box_en: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint, made at ``at`` (Unix seconds) by ``via`` (kiosk | page | staff), perhaps about a ticket or window.

    ``number`` is what its customer is told; ``named``: somebody can be called back. ``due`` is a day of the hall.
    """

    id: str
    number: int
    at: float
    matter: str
    via: str
    label: str = ""
    window: str = ""
    named: bool = False
    assignee: str = ""
    due: str = ""
    notes: int = 0
    outcome: str = ""
    closed_at: float | None = None

    def overdue(self, today: str) -> bool:
        """Whether somebody promised to have seen to it by now."""
        return not self.outcome and bool(self.due) and self.due < today
