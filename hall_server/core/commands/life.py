"""Commands about a ticket besides its way through the queue: set it aside, bring it back, mark it, take a move back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hold:
    """Set the customer at a window aside, for so long at least; ``pool`` says who may take them up again."""

    window: str
    pool: str = "window"
    reason: str = ""
    not_before_s: int = 0


@dataclass(frozen=True, slots=True)
class TakeUp:
    """A window takes up who was set aside: calls them, or serves them at once when they are ``here``."""

    window: str
    ticket: str
    here: bool = False
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class Reinstate:
    """Let somebody wait again who was not there or had given up."""

    ticket: str
    reason: str


@dataclass(frozen=True, slots=True)
class MarkUrgent:
    """Let a waiting customer go before everybody, or take that back."""

    ticket: str
    reason: str
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class NoteNeed:
    """A special need that the staff has seen, or that was noted by mistake."""

    ticket: str
    need: bool = True


@dataclass(frozen=True, slots=True)
class TakeCare:
    """Note what was done for somebody who waits long: ``what`` is apologised or offered (an appointment)."""

    ticket: str
    what: str


@dataclass(frozen=True, slots=True)
class SendBack:
    """Who reviews at a window sends the customer back to the one whose work it was, and says why."""

    window: str
    note: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take the last move of ``by`` back."""

    by: str
