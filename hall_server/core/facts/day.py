"""What can have happened to the day of a hall: windows drain, crowds come, shifts change, somebody signs off."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowDraining:
    """A window takes nobody new, as it closes at ``until`` (Unix seconds); ``by_hand``: a person said so."""

    window: str
    until: float
    minutes: int
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class WindowMinutesLeft:
    """These draining windows close in so many minutes, as their signs say."""

    windows: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class WindowReopened:
    """A drained window calls again; ``kept``: a person keeps it open past this closing time."""

    window: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class WindowPauseAsked:
    """A clerk asks to leave the window, where that needs a yes."""

    window: str
    reason: str = ""
    cover: str = ""


@dataclass(frozen=True, slots=True)
class WindowPauseRefused:
    """The supervisor said no, and why."""

    window: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class WindowIdle:
    """A window calls nobody although it could, since then (Unix seconds)."""

    window: str
    since: float


@dataclass(frozen=True, slots=True)
class WindowIdleEnded:
    """It called somebody, or there is nobody left whom it could call."""

    window: str


@dataclass(frozen=True, slots=True)
class WindowSubstitutes:
    """A window also calls for a service that is not its own, until then (Unix seconds)."""

    window: str
    service: str
    until: float


@dataclass(frozen=True, slots=True)
class WindowSubstitutionEnded:
    """It calls for its own services only."""

    window: str
    service: str


@dataclass(frozen=True, slots=True)
class WindowHandedOver:
    """A clerk (``by``) wrote down what the next one at the window has to know; ``to`` if it is known who comes."""

    window: str
    by: str
    note: str = ""
    to: str = ""
    tickets: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    served: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class WindowHandoverSigned:
    """The next clerk has read it."""

    window: str
    by: str


@dataclass(frozen=True, slots=True)
class DayTicketsStopped:
    """A ticket of this service taken now might not be served before closing: none is given out."""

    service: str


@dataclass(frozen=True, slots=True)
class DayTicketsResumed:
    """There is room for more before closing."""

    service: str


@dataclass(frozen=True, slots=True)
class HallCrowded:
    """So many wait for a service (none named: in the hall), or for so long, that it is too full.

    With ``stop`` no more tickets are given out for it.
    """

    waiting: int
    service: str = ""
    wait_s: int = 0
    stop: bool = True


@dataclass(frozen=True, slots=True)
class HallEased:
    """A service, or the hall, is no longer too full."""

    waiting: int
    service: str = ""
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class DaySignedOff:
    """The closing check is done; ``answering`` are devices that were still on."""

    day: str
    answering: tuple[str, ...] = ()
    note: str = ""
