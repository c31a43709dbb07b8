"""The messages on the wire, as kiosk, station and every other program see them."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from display.board import Name
from hall_server.contract.appointments import AppointmentRow as AppointmentRow
from hall_server.contract.appointments import AppointmentsView as AppointmentsView
from hall_server.contract.appointments import Booked as Booked
from hall_server.contract.appointments import BookedMany as BookedMany
from hall_server.contract.appointments import BookRequest as BookRequest
from hall_server.contract.appointments import CheckInRequest as CheckInRequest
from hall_server.contract.appointments import Forgotten as Forgotten
from hall_server.contract.appointments import SheetRequest as SheetRequest
from hall_server.contract.appointments import SlotRow as SlotRow
from hall_server.contract.away import AwayAnswer as AwayAnswer
from hall_server.contract.away import AwayOrder as AwayOrder
from hall_server.contract.away import AwayReport as AwayReport
from hall_server.contract.away import AwayTicket as AwayTicket
from hall_server.contract.away import BlockOrder as BlockOrder
from hall_server.contract.away import LeaseRequest as LeaseRequest
from hall_server.contract.away import WaitingList as WaitingList
from hall_server.contract.checks import CheckedItem as CheckedItem
from hall_server.contract.checks import CheckRow as CheckRow
from hall_server.contract.checks import ChecksView as ChecksView
from hall_server.contract.checks import ConfirmRequest as ConfirmRequest
from hall_server.contract.checks import DayCheckRow as DayCheckRow
from hall_server.contract.checks import FixedRequest as FixedRequest
from hall_server.contract.checks import InspectionRow as InspectionRow
from hall_server.contract.checks import InspectRequest as InspectRequest
from hall_server.contract.checks import OpenDayRequest as OpenDayRequest
from hall_server.contract.complaints import ComplaintMade as ComplaintMade
from hall_server.contract.complaints import ComplaintRequest as ComplaintRequest
from hall_server.contract.content import GuideEntry as GuideEntry
from hall_server.contract.content import GuideView as GuideView
from hall_server.contract.day import CloseDayRequest as CloseDayRequest
from hall_server.contract.day import DayView as DayView
from hall_server.contract.day import DrainRequest as DrainRequest
from hall_server.contract.day import EveningRow as EveningRow
from hall_server.contract.day import GapRow as GapRow
from hall_server.contract.day import HandoverRequest as HandoverRequest
from hall_server.contract.day import HandoverRow as HandoverRow
from hall_server.contract.day import Help as Help
from hall_server.contract.day import LeaveAnswer as LeaveAnswer
from hall_server.contract.day import LeaveRow as LeaveRow
from hall_server.contract.day import OrphanRow as OrphanRow
from hall_server.contract.day import PauseRequest as PauseRequest
from hall_server.contract.day import ServiceDay as ServiceDay
from hall_server.contract.day import SignedOffRow as SignedOffRow
from hall_server.contract.day import SignOffRequest as SignOffRequest
from hall_server.contract.day import SpanRow as SpanRow
from hall_server.contract.day import SubstituteRequest as SubstituteRequest
from hall_server.contract.day import WindowDay as WindowDay
from hall_server.contract.devices import DayFigures as DayFigures
from hall_server.contract.devices import DeviceFigures as DeviceFigures
from hall_server.contract.devices import DeviceRow as DeviceRow
from hall_server.contract.devices import DeviceTestRow as DeviceTestRow
from hall_server.contract.devices import FaultRequest as FaultRequest
from hall_server.contract.devices import PaperRow as PaperRow
from hall_server.contract.devices import PartyRow as PartyRow
from hall_server.contract.devices import RegisterRow as RegisterRow
from hall_server.contract.devices import RepairRequest as RepairRequest
from hall_server.contract.devices import RepairRow as RepairRow
from hall_server.contract.devices import RepairStep as RepairStep
from hall_server.contract.devices import SpeechOrder as SpeechOrder
from hall_server.contract.devices import SpokenReport as SpokenReport
from hall_server.contract.devices import VerifyRequest as VerifyRequest
from hall_server.contract.help import HelpRequest as HelpRequest
from hall_server.contract.life import CancelRequest as CancelRequest
from hall_server.contract.life import HeldCard as HeldCard
from hall_server.contract.life import UndoRow as UndoRow
from hall_server.contract.messages import DeviceState as DeviceState
from hall_server.contract.messages import Evidence as Evidence
from hall_server.contract.messages import Fault as Fault
from hall_server.contract.messages import Id as Id
from hall_server.contract.messages import Message as Message
from hall_server.contract.messages import Note as Note
from hall_server.contract.messages import Role as Role
from hall_server.contract.replacing import TrialOrder as TrialOrder
from hall_server.contract.replacing import TrialReport as TrialReport
from hall_server.contract.rolls import SeriesRow as SeriesRow
from hall_server.contract.slips import MaterialRow as MaterialRow
from hall_server.contract.slips import MissingOrder as MissingOrder
from hall_server.contract.slips import MissingRow as MissingRow
from hall_server.contract.slips import SlipOrder as SlipOrder
from hall_server.contract.tickets import HelpWord as HelpWord
from hall_server.contract.tickets import Language as Language
from hall_server.contract.tickets import Reason as Reason
from hall_server.contract.tickets import RisenWait as RisenWait
from hall_server.contract.tickets import SlipState as SlipState
from hall_server.contract.tickets import SlipStateWord as SlipStateWord
from hall_server.contract.tickets import Ticket as Ticket
from hall_server.contract.tickets import TicketCard as TicketCard
from hall_server.contract.tickets import TicketRequest as TicketRequest
from hall_server.contract.tickets import TicketState as TicketState
from hall_server.contract.windows import Levels as Levels
from hall_server.contract.windows import RatingFigures as RatingFigures
from hall_server.contract.windows import RatingRow as RatingRow
from hall_server.contract.windows import TransferRequest as TransferRequest
from hall_server.contract.windows import TransferTarget as TransferTarget
from hall_server.detour import Detour


class NextRequest(Message):
    """Call the next customer; ``previous`` says what became of the one merely called."""

    previous: Literal["served", "absent"] | None = None


class CallRequest(Message):
    """Call a certain customer by label or number; ``previous`` as for the next one."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=8)]
    previous: Literal["served", "absent"] | None = None
    reason: Note = ""


class AbsentRequest(Message):
    """The customer did not come; ``force`` is the held-down key: no second recall is waited for."""

    force: bool = False


class Empty(Message):
    """A command that needs no words."""


class RedirectRequest(Message):
    """Send a window's customers elsewhere, or (``undo``) let it serve; also the answer to a proposal."""

    undo: bool = False
    reason: Note = ""


class SlipAnswer(Message):
    """The customer's answer to "did you get your paper?"."""

    got: bool


class TokenRequest(Message):
    """A new bearer token (or sign-in link) for a role, bound to whom or what it is for."""

    role: Role
    subject: Id | None = None
    window: Id | None = None


class Secret(Message):
    """A secret that is shown once: a token, or the path of a sign-in link.

    ``qr`` is the link's whole address as the path of an SVG picture, ``side`` how large that is.
    """

    secret: str
    qr: str = ""
    side: int = 0


class DeviceOrder(Message):
    """A device that a station has to run."""

    id: str
    kind: str
    url: str
    options: dict[str, str] = Field(default_factory=dict)


class SignOrder(Message):
    """What a sign should show now; ``content_id`` names it in acknowledgements, ``urgent`` marks a call."""

    content_id: str
    pages: tuple[str, ...]
    colour: Literal["red", "green", "yellow"] = "red"
    urgent: bool = False


class PadOrder(Message):
    """What a pad shows: how many wait for its window, and the label there (empty: nobody)."""

    waiting: int
    ticket: str = ""


class Owed(Message):
    """Everything that one station owes at this moment; the newest (epoch, rev) wins.

    ``papers`` tells a kiosk what became of the slips of the tickets that it issued lately, by ticket id.
    ``ratings`` names, by rating unit, the ticket whose customer is asked now.
    ``patterns`` are shown once, by their content id, for a few seconds instead of what the sign says.
    ``away`` is what a kiosk goes on with when it hears nothing any more.
    ``trials`` are done once each: units that may take the place of a device.
    ``at`` is the hall's clock when this was sent: by it an announcement has its age, whatever clock the station has.
    ``windows`` has, by sign, the number of its window (empty: none that fits): all it says when the hall stays silent.
    ``released`` names, by printer, the last repair that a person verified: a new one frees a quarantined printer.
    """

    epoch: int
    rev: int
    station: str
    at: str = ""
    devices: tuple[DeviceOrder, ...] = ()
    signs: dict[str, SignOrder] = Field(default_factory=dict)
    patterns: dict[str, SignOrder] = Field(default_factory=dict)
    pads: dict[str, PadOrder] = Field(default_factory=dict)
    ratings: dict[str, str] = Field(default_factory=dict)
    slips: tuple[SlipOrder, ...] = ()
    speech: tuple[SpeechOrder, ...] = ()
    papers: dict[str, SlipState] = Field(default_factory=dict)
    windows: dict[str, str] = Field(default_factory=dict)
    released: dict[str, str] = Field(default_factory=dict)
    trials: tuple[TrialOrder, ...] = ()
    away: AwayOrder | None = None


class HealthReport(Message):
    """A device's health changed, as its station sees it."""

    device: Id
    state: DeviceState
    faults: tuple[Fault, ...] = ()
    evidence: Evidence = ""


class SlipReport(Message):
    """A slip's step: *claim* before the first byte (answered: granted or not), then exactly one outcome."""

    slip: Id
    printer: Id
    attempt: int
    outcome: Literal["claim", "printed", "unconfirmed", "failed"]
    verdict: Annotated[str, StringConstraints(max_length=40)] = ""
    faults: tuple[Fault, ...] = ()
    evidence: Evidence = ""


class ShownReport(Message):
    """A sign acknowledged a call ``ms`` milliseconds after the station was asked to show it; null: it cannot."""

    device: Id
    content_id: Annotated[str, StringConstraints(max_length=80)]
    ms: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None


class PressReport(Message):
    """A key of a pad that showed the label ``seen``; the id of the press is the key of its command."""

    device: Id
    press: Id
    action: Annotated[str, StringConstraints(max_length=20)]
    digits: Annotated[str, StringConstraints(max_length=8, pattern=r"^[0-9]*$")] = ""
    seen: str = ""


class RatingReport(Message):
    """What a customer answered: 1 (very bad) to 5 (very good)."""

    device: Id
    ticket: Id
    level: Annotated[int, Field(ge=1, le=5)]


class Report(Message):
    """What a station tells the server; all lists may be empty."""

    health: tuple[HealthReport, ...] = ()
    slips: tuple[SlipReport, ...] = ()
    shown: tuple[ShownReport, ...] = ()
    presses: tuple[PressReport, ...] = ()
    ratings: tuple[RatingReport, ...] = ()
    spoken: tuple[SpokenReport, ...] = ()
    trials: tuple[TrialReport, ...] = ()


class PressAnswer(Message):
    """Whether the key did something; ``label`` is who is at the window then, ``code`` why nothing happened."""

    press: str
    ok: bool
    label: str = ""
    code: str = ""


class ReportAnswer(Message):
    """The slips whose claim was granted and what keys did; all else in the report is accepted or was known before."""

    granted: tuple[str, ...] = ()
    presses: tuple[PressAnswer, ...] = ()


class Problem(BaseModel):
    """RFC 9457 problem details with a stable ``code``; ``fields`` lists what was wrong with the input."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: list[dict[str, str]] | None = None


class QueueRow(Message):
    """A queue as staff see it: how many wait and since when the first of them (ISO time)."""

    service: str
    name: Name
    icon: str
    waiting: int
    oldest: str | None = None


class ClerkView(Message):
    """Everything that a clerk's screen shows; state is idle | called | serving | paused | redirected.

    ``paused_since`` also while the last customer before a pause is still there; ``targets`` is where the customer can
    be sent. ``pad_fault``: the window's pad does not work, so that only this screen calls. ``asks_since``: it waits for
    the yes to leave. From ``until`` on the window is closed, before it takes nobody new. ``handover`` is not read yet.
    ``held`` are those whom this window may take up, ``undo`` is the last move here while it can be taken back.
    ``materials`` is what the service of this customer needs, ``missing`` what the last one lacked who was sent home.
    ``pick_up``: this one can be given a slip by which to fetch something later.
    ``clerk`` (role:id) has the window; ``unattended_since``: nobody is known to be there.
    """

    rev: int
    at: str
    day_open: bool
    window: str
    state: str
    ticket: TicketCard | None = None
    queues: tuple[QueueRow, ...] = ()
    next: tuple[TicketCard, ...] = ()
    redirected_to: tuple[str, ...] = ()
    reason: str | None = None
    devices: tuple[DeviceRow, ...] = ()
    sign: SignOrder | None = None
    sign_state: DeviceState | None = None
    shown_ms: float | None = None
    detour: Detour | None = None
    paused_since: str | None = None
    paused_why: str = ""
    targets: tuple[TransferTarget, ...] = ()
    pad_fault: str | None = None
    asks_since: str | None = None
    until: str | None = None
    handover: HandoverRow | None = None
    held: tuple[HeldCard, ...] = ()
    undo: UndoRow | None = None
    materials: tuple[MaterialRow, ...] = ()
    remind: tuple[Name, ...] = ()
    missing: MissingRow | None = None
    pick_up: bool = False
    clerk: str = ""
    unattended_since: str | None = None


class FloorWindow(Message):
    """A window on the floor view.

    ``idle``: it calls nobody although customers it could serve are waiting; ``by_hand``: a person redirected it;
    ``pad_fault``: its pad does not work, and who has no screen there calls nobody; ``stuck``: nobody can take over.
    ``clerk`` has it, or (with ``unattended_since``) was there last and left without a word.
    """

    window: str
    state: str
    label: str | None = None
    since: str | None = None
    idle: bool = False
    to: tuple[str, ...] = ()
    by_hand: bool = False
    detour: Detour | None = None
    pad_fault: str | None = None
    stuck: bool = False
    clerk: str = ""
    unattended_since: str | None = None


class FloorView(Message):
    """What a hall manager watches; ``no_paper`` names kiosks whose tickets no printer can print now.

    ``ratings`` is what customers have said today.
    """

    rev: int
    at: str
    day_open: bool
    waiting: int
    served: int
    queues: tuple[QueueRow, ...] = ()
    windows: tuple[FloorWindow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
    no_paper: tuple[str, ...] = ()
    ratings: RatingRow = RatingRow(served=0, asked=0, rated=0)
    series: tuple[SeriesRow, ...] = ()
