"""Everything that can have happened in a hall, in the past tense; the journal holds nothing else."""

from dataclasses import dataclass
from typing import Any

from hall_server.core import codec
from hall_server.core.config import HallConfig
from hall_server.core.day_state import DayCarried
from hall_server.core.facts.appointments import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentCarried,
    AppointmentCheckedIn,
    AppointmentConfirmed,
    AppointmentMissed,
    PersonsForgotten,
)
from hall_server.core.facts.away import BlockLeased, NumberLapsed, NumbersVoided, TicketMerged
from hall_server.core.facts.checks import ChecksCarried, DayCheckConfirmed, DayCheckStarted, DeviceInspected, FaultFixed
from hall_server.core.facts.checks import RepairEscalated as RepairEscalated
from hall_server.core.facts.complaints import ComplaintFact
from hall_server.core.facts.content import ContentFact
from hall_server.core.facts.day import (
    DaySignedOff,
    DayTicketsResumed,
    DayTicketsStopped,
    HallCrowded,
    HallEased,
    WindowDraining,
    WindowHandedOver,
    WindowHandoverSigned,
    WindowIdle,
    WindowIdleEnded,
    WindowMinutesLeft,
    WindowPauseAsked,
    WindowPauseRefused,
    WindowReopened,
    WindowSubstitutes,
    WindowSubstitutionEnded,
)
from hall_server.core.facts.devices import DeviceCarried as DeviceCarried
from hall_server.core.facts.devices import DeviceChanged as DeviceChanged
from hall_server.core.facts.devices import DeviceTestAsked as DeviceTestAsked
from hall_server.core.facts.devices import DeviceTestDone as DeviceTestDone
from hall_server.core.facts.devices import FaultDeclared as FaultDeclared
from hall_server.core.facts.devices import RepairAdvanced as RepairAdvanced
from hall_server.core.facts.devices import RepairCarried as RepairCarried
from hall_server.core.facts.devices import RepairOpened as RepairOpened
from hall_server.core.facts.devices import RepairVerified as RepairVerified
from hall_server.core.facts.devices import SignShown as SignShown
from hall_server.core.facts.emergency import EmergencyFact
from hall_server.core.facts.help import HelpFact
from hall_server.core.facts.life import (
    TicketCared,
    TicketHeld,
    TicketHoldOverdue,
    TicketKept,
    TicketNeedNoted,
    TicketReinstated,
    TicketResumed,
    TicketStepped,
    TicketUndone,
    TicketUrgent,
)
from hall_server.core.facts.materials import TicketMaterialsMissing, TicketMaterialsWithdrawn, TicketReturned
from hall_server.core.facts.pickups import PickUpFact
from hall_server.core.facts.rated import TicketRatingExplained
from hall_server.core.facts.redirects import RedirectCarried as RedirectCarried
from hall_server.core.facts.redirects import WindowKept, WindowRedirectProposed
from hall_server.core.facts.replacing import DeviceReplaced as DeviceReplaced
from hall_server.core.facts.replacing import DeviceRollLoaded as DeviceRollLoaded
from hall_server.core.facts.replacing import DeviceRollsCounted as DeviceRollsCounted
from hall_server.core.facts.replacing import DeviceTrialAsked as DeviceTrialAsked
from hall_server.core.facts.replacing import DeviceTrialDone as DeviceTrialDone
from hall_server.core.facts.rolls import TicketArrivalEntered, TicketLeftEntered, TicketServedEntered
from hall_server.core.facts.seats import WindowAttended as WindowAttended
from hall_server.core.facts.seats import WindowReleased as WindowReleased
from hall_server.core.facts.speech import TicketNotSpoken, TicketSpoken
from hall_server.core.facts.windows import (
    TicketNotRated,
    TicketRated,
    TicketTransferred,
    WindowPaused,
    WindowResumed,
)
from hall_server.core.materials import Missing
from hall_server.core.pickups import PickUp
from hall_server.core.policy.because import Because
from hall_server.core.policy.learning import Learnt
from hall_server.core.replacements import Trial
from hall_server.core.tickets import Ticket


@dataclass(frozen=True, slots=True)
class HallConfigured:
    """The whole configuration that rules read, each time it changes."""

    config: HallConfig


@dataclass(frozen=True, slots=True)
class Carried:
    """What outlives the night: a start needs nothing that is older than this."""

    config: HallConfig | None
    devices: tuple[DeviceCarried, ...] = ()
    repairs: tuple[RepairCarried, ...] = ()
    verified: tuple[RepairCarried, ...] = ()
    redirects: tuple[RedirectCarried, ...] = ()
    stations_lost: tuple[str, ...] = ()
    stations: tuple[str, ...] = ()
    checks: ChecksCarried = ChecksCarried()
    learnt: Learnt = Learnt()
    day: DayCarried = DayCarried()
    appointments: tuple[AppointmentCarried, ...] = ()
    missing: tuple[Missing, ...] = ()
    pickups: tuple[PickUp, ...] = ()
    tickets: tuple[Ticket, ...] = ()
    trials: tuple[Trial, ...] = ()


@dataclass(frozen=True, slots=True)
class DayOpened:
    """A business day began. ``day`` is DATE/SERIAL, so that a date opened twice never repeats a label.

    ``unready`` is what the opening check had against it, ``despite`` why the hall was opened all the same.
    """

    day: str
    carried: Carried
    despite: str = ""
    unready: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DayClosed:
    """A business day ended; ``despite`` is why, when customers were left; the last one was served in overtime."""

    day: str
    despite: str = ""
    overtime_s: int = 0


@dataclass(frozen=True, slots=True)
class TicketIssued:
    """A customer took a number; ``ahead`` and ``wait`` are what was promised (seconds: point, upper 90 %).

    ``away`` says how, when the hall was not asked (kiosk | typed | roll); the customer then came at ``came_at``.
    By ``head_start_s`` earlier it stands in line.
    """

    ticket: str
    code: str
    label: str
    series: str
    number: int
    service: str
    kiosk: str | None = None
    language: str = "zh"
    ahead: int = 0
    point_s: int | None = None
    upper90_s: int | None = None
    klass: str = ""
    need: bool = False
    then: tuple[str, ...] = ()
    due: float | None = None  # the time of the appointment as of which it waits
    came_at: float | None = None
    away: str = ""
    head_start_s: int = 0
    help: str = ""  # the request for help that its customer had made at the kiosk


@dataclass(frozen=True, slots=True)
class TicketCalled:
    """A ticket was called to a window; ``why`` names what chose it, ``redirected_from`` a detour.

    ``because`` explains the choice; None: first come, first called, and nobody who waited longer.
    """

    ticket: str
    window: str
    why: str = ""
    overtaken: int = 0
    redirected_from: str | None = None
    reason: str = ""
    because: Because | None = None


@dataclass(frozen=True, slots=True)
class TicketRecalled:
    """The same call was announced again."""

    ticket: str
    window: str


@dataclass(frozen=True, slots=True)
class TicketStarted:
    """The customer is at the window."""

    ticket: str
    window: str


@dataclass(frozen=True, slots=True)
class TicketFinished:
    """The service ended; ``rating`` is the unit that asks the customer how it was."""

    ticket: str
    window: str
    rating: str | None = None


@dataclass(frozen=True, slots=True)
class TicketRequeued:
    """Nobody came: the ticket keeps its place but is passed over for some calls of its service."""

    ticket: str
    window: str
    pass_over: int


@dataclass(frozen=True, slots=True)
class TicketNoShow:
    """Nobody came a second time."""

    ticket: str
    window: str


@dataclass(frozen=True, slots=True)
class TicketCancelled:
    """The customer or the staff gave the ticket up."""

    ticket: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TicketExpired:
    """The day closed over an outstanding ticket."""

    ticket: str
    reason: str = "day_closed"


@dataclass(frozen=True, slots=True)
class TicketRedirected:
    """A called ticket left a failed window; it waits, first at ``to``, until it is called there."""

    ticket: str
    window: str
    to: str
    incident: str


@dataclass(frozen=True, slots=True)
class SlipOwed:
    """Paper is owed to a ticket, by this printer; a later attempt replaces the earlier."""

    slip: str
    ticket: str
    printer: str
    attempt: int
    copied: bool = False


@dataclass(frozen=True, slots=True)
class SlipClaimed:
    """The station is about to send the first byte: from here on paper may exist."""

    slip: str
    printer: str
    attempt: int


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The paper exists: the printer or the customer said so."""

    slip: str
    printer: str
    attempt: int
    verdict: str


@dataclass(frozen=True, slots=True)
class SlipUnconfirmed:
    """The paper may exist."""

    slip: str
    printer: str
    attempt: int
    verdict: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class SlipFailed:
    """This attempt made no valid paper; ``printer`` is empty when no printer could be asked."""

    slip: str
    ticket: str
    printer: str
    attempt: int
    reason: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class StationConnected:
    """A station's program is there."""

    station: str


@dataclass(frozen=True, slots=True)
class StationLost:
    """A station's program has gone silent."""

    station: str


@dataclass(frozen=True, slots=True)
class WindowRedirected:
    """A window sends its customers elsewhere because of an incident (a repair id, or 'manual')."""

    window: str
    incident: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WindowRestored:
    """An incident no longer keeps a window from calling."""

    window: str
    incident: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AccessGranted:
    """A token, sign-in link or session was given out (its secret is nowhere in the journal)."""

    credential: str
    what: str
    role: str
    subject: str | None = None
    window: str | None = None


@dataclass(frozen=True, slots=True)
class AccessRevoked:
    """A token or session ended."""

    credential: str


Fact = (
    HallConfigured | DayOpened | DayClosed
    | TicketIssued | TicketCalled | TicketRecalled | TicketStarted | TicketFinished | TicketRequeued
    | TicketNoShow | TicketCancelled | TicketExpired | TicketRedirected | TicketTransferred
    | TicketHeld | TicketResumed | TicketHoldOverdue | TicketReinstated | TicketUrgent | TicketNeedNoted
    | TicketStepped | TicketUndone | TicketMaterialsMissing | TicketMaterialsWithdrawn | TicketReturned | TicketCared
    | SlipOwed | SlipClaimed | SlipPrinted | SlipUnconfirmed | SlipFailed
    | StationConnected | StationLost | DeviceChanged | SignShown | DeviceTestAsked | DeviceTestDone
    | WindowRedirectProposed | WindowKept | WindowAttended | WindowReleased
    | WindowPaused | WindowResumed | TicketRated | TicketNotRated
    | TicketSpoken | TicketNotSpoken | TicketRatingExplained
    | FaultDeclared | RepairOpened | RepairAdvanced | RepairVerified | WindowRedirected | WindowRestored
    | DeviceTrialAsked | DeviceTrialDone | DeviceReplaced | DeviceRollLoaded | DeviceRollsCounted
    | BlockLeased | NumbersVoided | NumberLapsed | TicketMerged | TicketKept
    | TicketArrivalEntered | TicketServedEntered | TicketLeftEntered
    | DayCheckStarted | DayCheckConfirmed | DeviceInspected | FaultFixed | RepairEscalated
    | AppointmentBooked | AppointmentConfirmed | AppointmentCancelled | AppointmentCheckedIn | AppointmentMissed
    | PersonsForgotten | PickUpFact | HelpFact
    | WindowDraining | WindowMinutesLeft | WindowReopened | WindowPauseAsked | WindowPauseRefused
    | WindowIdle | WindowIdleEnded | WindowSubstitutes | WindowSubstitutionEnded
    | WindowHandedOver | WindowHandoverSigned | DayTicketsStopped | DayTicketsResumed
    | HallCrowded | HallEased | DaySignedOff
    | AccessGranted | AccessRevoked | EmergencyFact | ContentFact | ComplaintFact
)  # fmt: skip

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in Fact.__args__}


def dump(fact: Fact) -> dict[str, Any]:
    """The body of a journal row."""
    body: dict[str, Any] = codec.dump(fact)
    return body


def load(kind: str, body: dict[str, Any]) -> Fact:
    """The fact of a journal row. Raises KeyError for a kind that this program does not know."""
    fact: Fact = codec.load(KINDS[kind], body)
    return fact
