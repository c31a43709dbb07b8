"""Commands about a hall's day: windows that drain or help out, leaving a window, hand-overs, the closing check."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drain:
    """A window takes nobody new from now on and closes in so many minutes."""

    window: str
    minutes: int


@dataclass(frozen=True, slots=True)
class KeepOpen:
    """A draining window goes on calling."""

    window: str


@dataclass(frozen=True, slots=True)
class AnswerLeave:
    """The supervisor (``by``) lets a clerk leave the window, or does not."""

    window: str
    allow: bool
    by: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Substitute:
    """A window also calls for another service for so many minutes; 0 ends that."""

    window: str
    service: str
    minutes: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """A clerk writes down what the next one at the window has to know."""

    window: str
    by: str
    note: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class SignHandover:
    """The next clerk has read it."""

    window: str
    by: str
    credential: str = ""


@dataclass(frozen=True, slots=True)
class SignOffDay:
    """Somebody has looked at the hall after closing."""

    note: str = ""


DayCommand = Drain | KeepOpen | AnswerLeave | Substitute | HandOver | SignHandover | SignOffDay
