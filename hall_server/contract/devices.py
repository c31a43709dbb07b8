"""The messages about devices, their faults, repairs, tests and figures; ``contract`` names them with all others."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from display.board import Name
from hall_server.contract.messages import DeviceState, Evidence, Id, Message, Note
from hall_server.contract.replacing import ReplacedRow, TrialRow


def _moment(text: str) -> str:
    """A promise is compared with the clock, so it has to be a moment."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("write it with its time zone, like 2026-11-22T11:30:00+08:00")
    return text


class FaultRequest(Message):
    """A person says that a device does not work."""

    note: Note = ""


class RepairRequest(Message):
    """An order's next step, or with the step it is at more about it: a note, a new expected time."""

    state: Literal["accepted", "on_site", "waiting_parts", "fixed"] = "fixed"
    note: Note = ""
    expected: Annotated[str, StringConstraints(max_length=40), AfterValidator(_moment)] | None = None


class VerifyRequest(Message):
    """A person has tried the device and it works."""

    note: Note = ""


class RepairStep(Message):
    """One entry in the history of an order."""

    state: str
    at: str
    by: str
    note: str = ""
    expected: str | None = None


class PartyRow(Message):
    """Who repairs a device, how to reach them, and whom to call when they are late."""

    name: Name
    phone: str = ""
    escalate: str = ""


class RepairRow(Message):
    """An open repair; verified ones leave the list.

    ``order`` is the same for each time that one fault came back; ``due`` is when the step it is at becomes late,
    ``escalated`` since when it is;
    ``waiting`` customers stood in line when it was opened.
    """

    id: str
    state: str
    fault: str
    declared: bool
    since: str
    by: str
    note: str = ""
    expected: str | None = None
    order: str = ""
    reopened: int = 0
    priority: Literal["urgent", "high", "normal", "low"] = "normal"
    waiting: int = 0
    due: str | None = None
    escalated: str | None = None
    party: PartyRow | None = None
    steps: tuple[RepairStep, ...] = ()


class DeviceTestRow(Message):
    """The last test of a device; ``outcome`` is null while it runs."""

    id: str
    at: str
    by: str
    outcome: Literal["printed", "shown", "sent", "spoken", "unconfirmed", "failed", "no_answer"] | None = None
    evidence: str = ""


class PaperRow(Message):
    """What is left on the roll of a printer, by our own count, and until when that lasts at the pace of now."""

    left_m: float
    left_slips: int
    until: str | None = None


class RegisterRow(Message):
    """What stands about a device in the asset register; empty is what nobody has written."""

    model: str = ""
    serial: str = ""
    firmware: str = ""
    responsible: str = ""
    deputy: str = ""
    phone: str = ""
    vendor: str = ""
    bought: str = ""
    warranty_until: str = ""
    criticality: str = ""
    manual: str = ""


class DeviceRow(Message):
    """A device as maintenance sees it. ``reason`` is the first fault code; ``since`` when the state began.

    ``sent`` is when a call was last sent to a sign that cannot say whether it shows it. ``rolls`` of paper lie in
    stock; ``replaced`` are the units that stood here before, the newest last.
    """

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
    sent: str | None = None
    on_fault: Literal["redirect", "cover", "ask", "none"] = "none"
    repair: RepairRow | None = None
    test: DeviceTestRow | None = None
    paper: PaperRow | None = None
    rolls: int | None = None
    trial: TrialRow | None = None
    replaced: tuple[ReplacedRow, ...] = ()
    asset: RegisterRow = RegisterRow()


class DayFigures(Message):
    """One business day of a device: how long the hall was open and the device down (seconds), and what happened."""

    day: str
    open_s: int
    down_s: int
    failures: int
    repairs: int
    repair_s: int
    customers: int
    slips: int


class DeviceFigures(Message):
    """A device over some business days, recomputed from the journal.

    ``mtbf_s`` is working time over failures, ``mttr_s`` the mean time from report to verification; null without any.
    ``customers`` had to be sent elsewhere or got their paper from another printer.
    """

    device: str
    days: tuple[DayFigures, ...]
    open_s: int
    down_s: int
    failures: int
    mtbf_s: int | None
    mttr_s: int | None
    customers: int
    slips: int
    paper_m: float


class SpeechOrder(Message):
    """What a voice module has to say: a call of ``label`` to ``window``, or ``test`` with the name of the module.

    ``at`` is when it was called; 20 s later it is too old to be begun.
    """

    id: str
    device: str
    ticket: str
    label: str
    window: str
    at: str
    test: Name | None = None


class SpokenReport(Message):
    """Whether a voice module said that it has said an announcement; ``evidence`` tells why not."""

    device: Id
    announcement: Annotated[str, StringConstraints(max_length=80)]
    spoken: bool
    evidence: Evidence = ""


class SpokenWord(Message):
    """What a hall screen tells of a call, by its journal number: whether it was said, and why not."""

    call: Annotated[int, Field(ge=0)]
    spoken: bool
    why: Annotated[str, StringConstraints(max_length=80)] = ""
