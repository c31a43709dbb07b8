"""The messages about a hall's day: its hours, windows that drain, who left, what is handed over, the closing check."""

from typing import Annotated, Literal

from pydantic import Field

from display.board import Name
from hall_server.contract.messages import Id, Message, Note

LONGEST_MIN = 720  # half a day: whoever means more means tomorrow


class PauseRequest(Message):
    """The clerk leaves the window; the reason and who stands in are for colleagues, the public is told where to go."""

    reason: Note = ""
    cover: Note = ""


class LeaveAnswer(Message):
    """Whether a clerk may leave the window."""

    allow: bool
    note: Note = ""


class DrainRequest(Message):
    """A window closes in so many minutes and takes nobody new until then."""

    minutes: Annotated[int, Field(ge=1, le=LONGEST_MIN)]


class SubstituteRequest(Message):
    """A window also calls for a service for so many minutes; 0 ends that."""

    service: Id
    minutes: Annotated[int, Field(ge=0, le=LONGEST_MIN)]


class HandoverRequest(Message):
    """What the next clerk at the window has to know, and who that is if it is known."""

    note: Note = ""
    to: Note = ""


class TakeOverRequest(Message):
    """Why a clerk takes a window over from the one who has it."""

    reason: Note = ""


class CloseDayRequest(Message):
    """Close the day; ``despite`` is why, when customers are still to be served."""

    despite: Note = ""


class SignOffRequest(Message):
    """Somebody has looked at the hall after closing."""

    note: Note = ""


class SpanRow(Message):
    """Open from then until then (ISO times)."""

    opens: str
    closes: str


class ServiceDay(Message):
    """A service's day; a ticket taken after ``last_at`` may not be served before closing."""

    service: str
    name: Name
    hours: tuple[SpanRow, ...]
    waiting: int
    last_at: str | None = None
    stopped: bool = False


class Help(Message):
    """A service that a window calls for although it is not its own."""

    service: str
    name: Name
    until: str


class LeaveRow(Message):
    """A window was left, or (``at`` of a question) somebody asks to leave it."""

    window: str
    by: str
    at: str
    reason: str = ""
    cover: str = ""
    approved_by: str = ""
    ended_at: str | None = None
    ended_by: str = ""


class WindowDay(Message):
    """A window's day: when it closes, whether it drains (``until``), helps out, idles, or asks to pause.

    ``clerk`` has it ``since`` then; ``last_clerk`` left it without a word.
    """

    window: str
    until: str | None = None
    minutes: int = 0
    by_hand: bool = False
    duty: bool = False
    helps: tuple[Help, ...] = ()
    idle_since: str | None = None
    uncovered: bool = False
    clerk: str = ""
    since: str | None = None
    unattended_since: str | None = None
    last_clerk: str = ""
    asks: LeaveRow | None = None


class GapRow(Message):
    """A window that could have called somebody did not."""

    window: str
    since: str
    until: str


class OrphanRow(Message):
    """A ticket that no window could serve now."""

    label: str
    name: Name
    since: str


class HandoverRow(Message):
    """What one clerk leaves to the next; signed once ``signed_by`` has read it."""

    window: str
    by: str
    at: str
    note: str = ""
    to: str = ""
    tickets: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    served: int = 0
    waiting: int = 0
    signed_by: str = ""
    signed_at: str | None = None


class EveningRow(Message):
    """A device after closing: on (it answers), off, or unknown (nobody can ask it)."""

    device: str
    name: Name
    kind: str
    place: Literal["window", "kiosk", "hall"]
    at: str
    state: Literal["on", "off", "unknown"]


class SignedOffRow(Message):
    """Who signed the evening off, and what was still on."""

    day: str
    by: str
    at: str
    answering: tuple[str, ...] = ()
    note: str = ""


class SpareRow(Message):
    """A window that could help, and what has to be done: its clerk comes back, or it takes others' customers."""

    window: str
    do: Literal["resume", "attend", "reopen", "help"]


class CrowdRow(Message):
    """A service (null: the hall) that is too full; ``stop``: no tickets are given out for it."""

    service: str | None
    name: Name | None
    since: str
    waiting: int
    wait_s: int
    stop: bool
    spare: tuple[SpareRow, ...] = ()
    slots: tuple[str, ...] = ()


class OnDutyRow(Message):
    """Somebody on duty today, perhaps at a window; ``here`` (null: unknown) when they have signed in at one."""

    name: str
    window: str | None = None
    here: bool | None = None


class DutyRow(Message):
    """Who is on duty today in a role."""

    role: str
    people: tuple[OnDutyRow, ...]


class DayView(Message):
    """The day of a hall as its manager sees it; ``here`` customers are still to be served, by about ``ends_at``."""

    rev: int
    at: str
    day: str | None
    open: bool
    hours: tuple[SpanRow, ...] = ()
    special: Name | None = None
    closes: str | None = None
    here: int = 0
    ends_at: str | None = None
    overtime_s: int = 0
    crowds: tuple[CrowdRow, ...] = ()
    duty: tuple[DutyRow, ...] = ()
    services: tuple[ServiceDay, ...] = ()
    windows: tuple[WindowDay, ...] = ()
    leaves: tuple[LeaveRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    orphans: tuple[OrphanRow, ...] = ()
    handovers: tuple[HandoverRow, ...] = ()
    evening: tuple[EveningRow, ...] = ()
    signed_off: SignedOffRow | None = None
