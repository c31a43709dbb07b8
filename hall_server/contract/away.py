"""The messages about numbers that a kiosk gives out while nobody answers it."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hall_server.contract.messages import Id, Message
from hall_server.contract.tickets import Language

MOST_TOLD = 50  # tickets in one message: each is a commit, and the kiosk waits for the answer

Code = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{24}$")]


class LeaseRequest(Message):
    """A kiosk wants numbers in reserve; ``holder`` names the log on its disk that remembers which it has given out."""

    holder: Id


class BlockOrder(Message):
    """Leased numbers of a service, written with at least so many ``digits``; ``used`` have become tickets already."""

    holder: str
    service: str
    series: str
    first: int
    last: int
    digits: int = 3
    used: tuple[int, ...] = ()


class AwayOrder(Message):
    """What a kiosk needs in order to go on alone: its numbers of this day, until when they count, and its printer.

    ``page`` is the address of a ticket's page without its code; null: the hall wants no code on slips. It gives out
    ``burst`` numbers at once, and then one each ``every_s`` seconds, as it may while the hall answers.
    """

    day: str
    until: str
    size: int
    blocks: tuple[BlockOrder, ...] = ()
    page: str | None = None
    printer: str | None = None
    every_s: float = 3.0
    burst: int = 3


class WaitingList(Message):
    """Who waits, by service, in the order in which they would be called at ``at``."""

    at: str
    labels: dict[str, tuple[str, ...]] = {}


class AwayTicket(Message):
    """A number given out ``age_s`` ago by the kiosk's monotonic clock, after the hall was last heard at ``heard_at``.

    ``request`` is the key with which a ticket had been asked for in vain before: should it exist, it is given up.
    """

    ticket: Id
    code: Code
    day: Annotated[str, StringConstraints(max_length=20)]
    service: Id
    number: Annotated[int, Field(ge=1, le=10**7)]
    age_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    heard_at: Annotated[str, StringConstraints(max_length=40)] = ""
    language: Language = "zh"
    paper: Literal["none", "owed", "claimed", "printed", "unconfirmed", "failed"] = "none"
    printer: Id | None = None
    reason: Annotated[str, StringConstraints(max_length=40)] = ""
    request: Annotated[str, StringConstraints(max_length=64)] | None = None


class AwayReport(Message):
    """The tickets that a kiosk gave out alone, oldest first."""

    holder: Id
    tickets: tuple[AwayTicket, ...] = Field(max_length=MOST_TOLD)


class AwayAnswer(Message):
    """The tickets that the hall knows now, and those that it does not take: their numbers were never leased."""

    known: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
