"""The messages about a window besides its calls: customers who are sent on, and what they said of it."""

from pydantic import Field

from display.board import Name
from hall_server.contract.messages import Id, Message, Note, Why


class TransferRequest(Message):
    """Send the customer on: to a service, to a window, or to both; ``come_back`` when the next one is done."""

    service: Id | None = None
    window: Id | None = None
    note: Note = ""
    come_back: bool = False


class SendBackRequest(Message):
    """The review has not passed: back to the window whose work it was, and what it has to do again."""

    note: Why


class TransferTarget(Message):
    """Where a clerk may send the customer now: to a service, or to a ``window`` for this service."""

    service: str
    name: Name
    windows: tuple[str, ...]
    window: str | None = None
    waiting: int = 0


class Levels(Message):
    """How often customers chose each level, from 1 (very bad) to 5 (very good), and the mean."""

    counts: tuple[int, int, int, int, int]
    mean: float


class RatingRow(Message):
    """What customers said of one window, of nobody's clerk; without ``window`` of all of them.

    ``asked`` by a rating unit, ``rated`` there or on the page of the ticket. ``levels`` is null where so few answered
    that one could guess who; ``reasons``, given beside low levels, are left out with them.
    """

    window: str | None = None
    served: int
    asked: int
    rated: int
    levels: Levels | None = None
    reasons: dict[str, int] = Field(default_factory=dict)


class RatingFigures(Message):
    """What customers said over some business days, recomputed from the journal; silence is no rating."""

    first: str
    last: str
    total: RatingRow
    windows: tuple[RatingRow, ...]
