"""The messages about tickets besides their way through the queue: set aside, brought back, marked, taken back."""

from typing import Annotated, Literal

from pydantic import Field

from display.board import Name
from hall_server.contract.messages import Id, Message, Note, Why
from hall_server.contract.tickets import CareWord, TicketCard

Pool = Literal["window", "service", "hall"]


class HoldRequest(Message):
    """Set the customer at the window aside; nobody calls them for ``not_before_min`` minutes."""

    reason: Why
    pool: Pool = "window"
    not_before_min: Annotated[int, Field(ge=0, le=480)] = 0


class TakeUpRequest(Message):
    """Take up who was set aside; ``here``: they stand at the window, and need not be called."""

    ticket: Id
    here: bool = False
    previous: Literal["served", "absent"] | None = None


class ReinstateRequest(Message):
    """Who was not there, or had given up, may wait again; the reason is kept."""

    reason: Why


class UrgentRequest(Message):
    """Before everybody, for a reason that is kept; or no longer."""

    urgent: bool = True
    reason: Note = ""


class NeedRequest(Message):
    """A special need that the staff has seen, or that was noted by mistake."""

    need: bool = True


class CareRequest(Message):
    """What was done for somebody who waits long: said sorry, or offered an appointment."""

    what: CareWord


class CancelRequest(Message):
    """Give a ticket up; the staff may say why."""

    reason: Note = ""


class HeldCard(Message):
    """A customer who was set aside, as staff see it; ``mine``: this window may take them up now."""

    id: str
    label: str
    service_name: Name
    since: str
    reason: str
    pool: Pool
    window: str
    not_before: str | None = None
    overdue: bool = False
    mine: bool = True


class UndoRow(Message):
    """A move that can still be taken back, by whoever made it (``by``), until then."""

    labels: tuple[str, ...]
    move: str
    by: str
    until: str


class Undone(Message):
    """The tickets whose last move was taken back, as they stand now."""

    labels: tuple[str, ...]


class Found(Message):
    """A ticket that staff asked for by its label."""

    ticket: TicketCard
