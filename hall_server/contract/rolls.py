"""The messages about series of numbers: paper rolls whose use is entered later, and ranges that run out."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from display.board import Name
from hall_server.contract.messages import Id, Message

HIGHEST = 99_999  # five digits
Number = Annotated[int, Field(ge=1, le=HIGHEST)]
Moment = Annotated[str, StringConstraints(max_length=40)]  # by the hall's clock, like 2026-11-24T10:30


class HandedOutRequest(Message):
    """The numbers ``first`` to ``last`` were handed out for a service; of a single one only ``first`` and ``since``."""

    first: Number
    last: Number | None = None
    service: Id
    since: Moment
    until: Moment | None = None


class ServedRequest(Message):
    """These numbers were served at a window one after another, the last one until then."""

    first: Number
    last: Number | None = None
    window: Id
    since: Moment
    until: Moment


class LeftRequest(Message):
    """Whoever had these numbers went away unserved."""

    first: Number
    last: Number | None = None
    at: Moment


class SpoiledRequest(Message):
    """Nobody has these numbers."""

    first: Number
    last: Number | None = None


class RollTicket(Message):
    """A number that somebody entered; ``state`` is that of its ticket, or *void*. Times are ISO times."""

    number: int
    label: str
    state: Literal["waiting", "called", "serving", "held", "no_show", "done", "cancelled", "expired", "void"]
    service_name: Name | None = None
    came_at: str | None = None
    window: str | None = None
    called_at: str | None = None
    ended_at: str | None = None


class RollRow(Message):
    """A paper roll; ``next`` is the number after the highest that was entered, ``tickets`` has the highest first."""

    roll: str
    first: int
    last: int
    next: int
    first_label: str
    last_label: str
    entered: int
    waiting: int
    tickets: tuple[RollTicket, ...] = ()


class RollsView(Message):
    """All paper rolls of a hall, and the earliest time that may be entered."""

    rev: int
    at: str
    day_open: bool
    begins: str | None = None
    rolls: tuple[RollRow, ...] = ()
    services: dict[str, Name] = {}
    windows: tuple[str, ...] = ()


class SeriesRow(Message):
    """A series of which nine in ten numbers are used up; ``left`` of its range are not (0: it has grown a digit)."""

    label: str
    last_label: str
    left: int
    printed: bool = False
