"""The messages on the wire, as kiosk, station and every other program see them."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from display.board import Name, Wait

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
Note = Annotated[str, StringConstraints(max_length=500)]
Language = Literal["zh", "en"]
TicketState = Literal["waiting", "called", "serving", "held", "no_show", "done", "cancelled", "expired"]
DeviceState = Literal["unknown", "ok", "degraded", "failed", "disabled"]
SlipStateWord = Literal["owed", "printing", "printed", "unconfirmed", "failed"]


class Message(BaseModel):
    """What the server is sent is strict: unknown fields are refused. Whoever reads what it says uses ``heard``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def heard(cls, said: Any) -> Self:
        """What a server said, which may be newer than we are. Raises ``pydantic.ValidationError``."""
        return cls.model_validate(said, extra="ignore")


class TicketRequest(Message):
    """A customer wants a ticket; the kiosk defaults to the one that the token belongs to."""

    service: Id
    kiosk: Id | None = None
    language: Language | None = None


class SlipState(Message):
    """What we know about the paper: state, where it is, and whether it carries the COPY mark."""

    state: SlipStateWord
    printer: str | None = None
    kiosk: str | None = None
    copied: bool = False
    reason: str | None = None


class Ticket(Message):
    """A ticket as its holder and the staff see it; ``ahead`` and ``estimate`` only while waiting."""

    id: str
    label: str
    service: str
    state: TicketState
    ahead: int | None = None
    estimate: Wait | None = None
    issued_at: str
    window: str | None = None
    calls: int = 0
    language: Language = "zh"
    slip: SlipState | None = None
    url: str


class NextRequest(Message):
    """Call the next customer; ``previous`` says what became of the one merely called."""

    previous: Literal["served", "absent"] | None = None


class CallRequest(Message):
    """Call a certain customer by label or number; ``previous`` as for the next one."""

    label: Annotated[str, StringConstraints(min_length=1, max_length=8)]
    previous: Literal["served", "absent"] | None = None
    reason: Note = ""


class PauseRequest(Message):
    """The clerk leaves the window; the reason is for colleagues, the public is told where to go."""

    reason: Note = ""


class AbsentRequest(Message):
    """The customer did not come; ``force`` is the held-down key: no second recall is waited for."""

    force: bool = False


class Empty(Message):
    """A command that needs no words."""


class FaultRequest(Message):
    """A person says that a device does not work."""

    note: Note = ""


class RepairRequest(Message):
    """Progress of a repair: who looks at it, when it should be done, or that it is fixed."""

    state: Literal["accepted", "fixed"] = "fixed"
    note: Note = ""
    expected: Annotated[str, StringConstraints(max_length=40)] | None = None


class VerifyRequest(Message):
    """A person has tried the device and it works."""

    note: Note = ""


class RedirectRequest(Message):
    """Send a window's customers elsewhere, or (``undo``) let it serve again."""

    undo: bool = False
    reason: Note = ""


class SlipAnswer(Message):
    """The customer's answer to "did you get your paper?"."""

    got: bool


class TokenRequest(Message):
    """A new bearer token (or sign-in link) for a role, bound to whom or what it is for."""

    role: Literal["kiosk", "station", "tv", "clerk", "manager", "maintenance", "admin"]
    subject: Id | None = None
    window: Id | None = None


class Secret(Message):
    """A secret that is shown once: a token, or the path of a sign-in link."""

    secret: str


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


class SlipOrder(Message):
    """A slip owed to a printer; ``attempt`` counts the printers tried, ``copied`` asks for the COPY mark."""

    slip: str
    ticket: str
    printer: str
    attempt: int
    copied: bool
    hall: Name
    label: str
    service: Name
    language: Language
    issued_at: str
    timezone: str
    ahead: int
    estimate: Wait | None
    url: str | None


class PadOrder(Message):
    """What a pad shows: how many wait for its window, and the label there (empty: nobody)."""

    waiting: int
    ticket: str = ""


class Owed(Message):
    """Everything that one station owes at this moment; the newest (epoch, rev) wins.

    ``papers`` tells a kiosk what became of the slips of the tickets that it issued lately, by ticket id.
    ``ratings`` names, by rating unit, the ticket whose customer is asked now.
    ``released`` names, by printer, the last repair that a person verified: a new one frees a quarantined printer.
    """

    epoch: int
    rev: int
    station: str
    devices: tuple[DeviceOrder, ...] = ()
    signs: dict[str, SignOrder] = Field(default_factory=dict)
    pads: dict[str, PadOrder] = Field(default_factory=dict)
    ratings: dict[str, str] = Field(default_factory=dict)
    slips: tuple[SlipOrder, ...] = ()
    papers: dict[str, SlipState] = Field(default_factory=dict)
    released: dict[str, str] = Field(default_factory=dict)


class HealthReport(Message):
    """A device's health changed, as its station sees it."""

    device: Id
    state: DeviceState
    faults: tuple[Annotated[str, StringConstraints(max_length=40)], ...] = ()
    evidence: Annotated[str, StringConstraints(max_length=500)] = ""


class SlipReport(Message):
    """A slip's step: *claim* before the first byte (answered: granted or not), then exactly one outcome."""

    slip: Id
    printer: Id
    attempt: int
    outcome: Literal["claim", "printed", "unconfirmed", "failed"]
    verdict: Annotated[str, StringConstraints(max_length=40)] = ""
    faults: tuple[Annotated[str, StringConstraints(max_length=40)], ...] = ()
    evidence: Annotated[str, StringConstraints(max_length=500)] = ""


class ShownReport(Message):
    """A sign acknowledged a call ``ms`` milliseconds after the station was asked to show it."""

    device: Id
    content_id: Annotated[str, StringConstraints(max_length=80)]
    ms: Annotated[float, Field(ge=0, allow_inf_nan=False)]


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


class RepairRow(Message):
    """An open repair: reported, accepted, fixed; verified ones leave the list."""

    id: str
    state: str
    fault: str
    declared: bool
    since: str
    by: str
    note: str = ""
    expected: str | None = None


class DeviceRow(Message):
    """A device as maintenance sees it. ``reason`` is the first fault code; ``since`` when the state began."""

    id: str
    kind: str
    name: Name
    place: Literal["window", "kiosk", "hall"]
    at: str
    station: str | None
    state: DeviceState
    reason: str | None
    faults: tuple[str, ...]
    evidence: str
    since: str | None
    address: str
    simulated: bool
    monitored: bool
    repair: RepairRow | None = None


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


class TicketCard(Message):
    """The ticket at a window, or one of the next: what the clerk may know of it."""

    id: str
    label: str
    service: str
    service_name: Name
    state: TicketState
    issued_at: str
    called_at: str | None = None
    started_at: str | None = None
    calls: int = 0
    language: Language = "zh"


class ClerkView(Message):
    """Everything that a clerk's screen shows; state is idle | called | serving | paused | redirected.

    ``paused_since`` also while the last customer before a pause is still there.
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
    paused_since: str | None = None
    paused_why: str = ""


class FloorWindow(Message):
    """A window on the floor view.

    ``idle``: it calls nobody although customers it could serve are waiting; ``by_hand``: a person redirected it.
    """

    window: str
    state: str
    label: str | None = None
    since: str | None = None
    idle: bool = False
    to: tuple[str, ...] = ()
    by_hand: bool = False


class FloorView(Message):
    """What a hall manager watches: queues with their longest wait, windows, broken devices, redirects."""

    rev: int
    at: str
    day_open: bool
    waiting: int
    served: int
    queues: tuple[QueueRow, ...] = ()
    windows: tuple[FloorWindow, ...] = ()
    devices: tuple[DeviceRow, ...] = ()
