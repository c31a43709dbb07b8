"""What a hall remembers of its day: who left a window, gaps, hand-overs, and who signed the evening off."""

from dataclasses import dataclass

from hall_server.core.complaints import Complaint
from hall_server.core.content import Item, Played


@dataclass(frozen=True, slots=True)
class LeaveAsked:
    """A clerk would like to leave a window; times in Unix seconds, people as role:id."""

    by: str
    at: float
    reason: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Leave:
    """A window was left: why, who stood in, who allowed it, and when somebody was back."""

    window: str
    by: str
    at: float
    reason: str = ""
    cover: str = ""
    approved_by: str = ""
    ended_at: float | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """A window that could have called somebody did not, from ``since`` until ``until``."""

    window: str
    since: float
    until: float


@dataclass(frozen=True, slots=True)
class Crowded:
    """Too full since then: how many waited, and for how long; whether tickets are given out all the same."""

    at: float
    waiting: int
    wait_s: int = 0
    stop: bool = True


@dataclass(frozen=True, slots=True)
class Handover:
    """What one clerk leaves to the next: tickets that are still theirs, faults, how many were served and wait.

    ``signed_by`` has read it; both names stand in the journal.
    """

    window: str
    by: str
    at: float
    note: str = ""
    to: str = ""
    tickets: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    served: int = 0
    waiting: int = 0
    signed_by: str = ""
    signed_at: float | None = None


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Somebody looked at the hall after closing; ``answering`` are devices that were still on."""

    day: str
    by: str
    at: float
    answering: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Emergency:
    """The alarm that stands: fire | earthquake | illness, who (role:id) raised it, and when (Unix seconds)."""

    kind: str
    by: str
    at: float


@dataclass(frozen=True, slots=True)
class Seat:
    """Who has a window, as role:id, by which credential, and since when (Unix seconds)."""

    window: str
    clerk: str
    credential: str
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class DayCarried:
    """What the next day has to know of this one."""

    handovers: tuple[Handover, ...] = ()
    signed_off: SignedOff | None = None
    seats: tuple[Seat, ...] = ()
    emergency: Emergency | None = None
    content: tuple[Item, ...] = ()
    played: tuple[Played, ...] = ()
    complaints: tuple[Complaint, ...] = ()
