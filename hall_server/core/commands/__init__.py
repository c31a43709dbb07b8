"""Commands: what a person, a station or the clock asks of the hall. Ids come in; rules make none up."""

from dataclasses import dataclass

from hall_server.core.commands.adopting import Adopt as Adopt
from hall_server.core.commands.appointments import Book as Book
from hall_server.core.commands.appointments import BookMany as BookMany
from hall_server.core.commands.appointments import CancelAppointment as CancelAppointment
from hall_server.core.commands.appointments import CheckIn as CheckIn
from hall_server.core.commands.appointments import ConfirmAppointment as ConfirmAppointment
from hall_server.core.commands.appointments import ForgetPersons as ForgetPersons
from hall_server.core.commands.away import IssueAway as IssueAway
from hall_server.core.commands.away import Lease as Lease
from hall_server.core.commands.checks import ConfirmDevice, FixByMyself, Inspect, StartDayCheck
from hall_server.core.commands.complaints import ComplaintCommand
from hall_server.core.commands.content import ContentCommand
from hall_server.core.commands.day import AnswerLeave as AnswerLeave
from hall_server.core.commands.day import DayCommand
from hall_server.core.commands.day import Drain as Drain
from hall_server.core.commands.day import HandOver as HandOver
from hall_server.core.commands.day import KeepOpen as KeepOpen
from hall_server.core.commands.day import SignHandover as SignHandover
from hall_server.core.commands.day import SignOffDay as SignOffDay
from hall_server.core.commands.day import Substitute as Substitute
from hall_server.core.commands.emergency import EmergencyCommand
from hall_server.core.commands.help import HelpCommand
from hall_server.core.commands.life import Hold as Hold
from hall_server.core.commands.life import MarkUrgent as MarkUrgent
from hall_server.core.commands.life import NoteNeed as NoteNeed
from hall_server.core.commands.life import Reinstate as Reinstate
from hall_server.core.commands.life import SendBack as SendBack
from hall_server.core.commands.life import TakeCare as TakeCare
from hall_server.core.commands.life import TakeUp as TakeUp
from hall_server.core.commands.life import Undo as Undo
from hall_server.core.commands.materials import ComeBack as ComeBack
from hall_server.core.commands.materials import PrintMissing as PrintMissing
from hall_server.core.commands.materials import TellMissing as TellMissing
from hall_server.core.commands.pickups import PickUpCommand
from hall_server.core.commands.rated import RateBecause as RateBecause
from hall_server.core.commands.replacing import AskTrial as AskTrial
from hall_server.core.commands.replacing import CountRolls as CountRolls
from hall_server.core.commands.replacing import LoadRoll as LoadRoll
from hall_server.core.commands.replacing import ReplaceDevice as ReplaceDevice
from hall_server.core.commands.replacing import ReportTrial as ReportTrial
from hall_server.core.commands.rolls import RollCommand
from hall_server.core.commands.seats import AtDesk as AtDesk
from hall_server.core.commands.seats import Attend as Attend
from hall_server.core.commands.seats import FallSilent as FallSilent
from hall_server.core.config import HallConfig


@dataclass(frozen=True, slots=True)
class Configure:
    """Take a configuration into force."""

    config: HallConfig


@dataclass(frozen=True, slots=True)
class OpenDay:
    """Open the business day of a calendar date (YYYY-MM-DD); ``despite`` is why, when it is not ready."""

    date: str
    despite: str = ""


@dataclass(frozen=True, slots=True)
class CloseDay:
    """Close the business day; ``despite`` is why, when customers are still to be served: their tickets expire."""

    despite: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """A customer wants a ticket; of a class, or with a special need, when the staff says so.

    ``then`` are further services, for which the same ticket waits one after another; ``help`` is what its customer
    asked for at the same kiosk.
    """

    ticket: str
    code: str
    service: str
    kiosk: str | None = None
    language: str = "zh"
    klass: str = ""
    need: bool = False
    then: tuple[str, ...] = ()
    help: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Give a ticket up."""

    ticket: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSlip:
    """The customer says whether the paper came."""

    ticket: str
    got: bool


@dataclass(frozen=True, slots=True)
class CallNext:
    """A window wants its next customer; ``previous`` (served | absent) settles the one merely called."""

    window: str
    previous: str | None = None


@dataclass(frozen=True, slots=True)
class CallTicket:
    """A window wants a certain customer: a label, or its number alone; ``previous`` as in ``CallNext``.

    ``ticket`` and ``code`` are for a number that a kiosk gave out alone and could not tell of yet.
    """

    window: str
    label: str
    previous: str | None = None
    reason: str = ""
    ticket: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A clerk leaves the window for a while; ``cover`` stands in, a supervisor (``approved_by``) needs no leave."""

    window: str
    reason: str = ""
    cover: str = ""
    approved_by: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """A clerk is back."""

    window: str


@dataclass(frozen=True, slots=True)
class PressKey:
    """A key of a pad that was showing the label ``seen`` (empty: nobody); ``digits`` were typed before it."""

    device: str
    action: str
    digits: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """A clerk sends the customer at the window on: to a service, to a window (``to``), or to both."""

    window: str
    service: str | None = None
    to: str | None = None
    note: str = ""
    come_back: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """A customer answered a rating unit, or (no ``device``) on the ticket's page: 1 (very bad) to 5 (very good)."""

    device: str
    ticket: str
    level: int


@dataclass(frozen=True, slots=True)
class Recall:
    """Announce the same call again."""

    window: str


@dataclass(frozen=True, slots=True)
class Start:
    """The customer is at the window."""

    window: str


@dataclass(frozen=True, slots=True)
class Finish:
    """The service is over."""

    window: str


@dataclass(frozen=True, slots=True)
class Absent:
    """The called customer did not come; ``force`` skips the wait for two recalls."""

    window: str
    force: bool = False


@dataclass(frozen=True, slots=True)
class DeclareFault:
    """A person says that a device does not work."""

    device: str
    repair: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class AdvanceRepair:
    """A repair makes progress."""

    device: str
    state: str
    note: str = ""
    expected: str | None = None


@dataclass(frozen=True, slots=True)
class AskTest:
    """Somebody wants to see a device work."""

    device: str
    test: str


@dataclass(frozen=True, slots=True)
class VerifyRepair:
    """A person tried the device: it works."""

    device: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send a window's customers elsewhere by hand, or take that back."""

    window: str
    undo: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AnswerProposal:
    """A person says whether a proposed redirect is done (``apply``) or the window goes on calling."""

    window: str
    apply: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReportHealth:
    """A station saw a device's health change; ``repair`` is the id of a repair that this may open."""

    device: str
    state: str
    repair: str
    faults: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ReportSlip:
    """A station's step with a slip: claim, printed, unconfirmed or failed."""

    slip: str
    printer: str
    attempt: int
    outcome: str
    verdict: str = ""
    faults: tuple[str, ...] = ()
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ReportShown:
    """A sign acknowledged a call; ``ms`` None: the call was sent, and the sign cannot say more."""

    device: str
    content: str
    ms: float | None


@dataclass(frozen=True, slots=True)
class ReportSpoken:
    """A voice module said an announcement (a call, or a test's sentence), or did not."""

    device: str
    announcement: str
    spoken: bool
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class StationSeen:
    """A station's program came (True) or fell silent (False)."""

    station: str
    connected: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passes."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Somebody gets a token, a sign-in link or a session."""

    credential: str
    what: str
    role: str
    subject: str | None = None
    window: str | None = None


@dataclass(frozen=True, slots=True)
class Revoke:
    """A token or session ends."""

    credential: str


Command = (
    Configure | Adopt | OpenDay | CloseDay | Issue | Cancel | AnswerSlip | CallNext | Recall | Start | Finish | Absent
    | TellMissing | PrintMissing | ComeBack | PickUpCommand | HelpCommand
    | Hold | TakeUp | Reinstate | MarkUrgent | NoteNeed | TakeCare | SendBack | Undo
    | CallTicket | Pause | Resume | PressKey | Rate | RateBecause | Transfer
    | DeclareFault | AdvanceRepair | AskTest | VerifyRepair | Redirect | AnswerProposal
    | AskTrial | ReportTrial | ReplaceDevice | LoadRoll | CountRolls
    | ReportHealth | ReportSlip | ReportShown | ReportSpoken | StationSeen | Tick | Grant | Revoke
    | Book | BookMany | ConfirmAppointment | CancelAppointment | CheckIn | ForgetPersons
    | Lease | IssueAway | RollCommand | Attend | FallSilent | AtDesk
    | StartDayCheck | ConfirmDevice | Inspect | FixByMyself | DayCommand | EmergencyCommand | ContentCommand
    | ComplaintCommand
)  # fmt: skip
