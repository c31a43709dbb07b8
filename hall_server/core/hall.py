"""The Hall: what is true now, as the fold of all facts. It never decides and never refuses."""

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from hall_server.core.appointments import Appointment
from hall_server.core.blocks import Block, Torn
from hall_server.core.check_state import DayCheck, Inspected
from hall_server.core.complaints import Complaint
from hall_server.core.config import Device, HallConfig, Kiosk, Service, Window
from hall_server.core.content import Item, Played
from hall_server.core.day_state import Crowded, Emergency, Gap, Handover, Leave, LeaveAsked, Seat, SignedOff
from hall_server.core.helps import Help
from hall_server.core.materials import Missing
from hall_server.core.pickups import PickUp
from hall_server.core.policy.queue import Queue
from hall_server.core.repairs import DEFECT, Step
from hall_server.core.replacements import Replacement, Trial
from hall_server.core.series import Series
from hall_server.core.tickets import Ticket, number_in

RECENT_CALLS = 12  # enough for every screen to show all calls of a few busy seconds after a short gap
RECENT_TICKETS = 20  # a kiosk asks about the paper of its last customers only
RECENT_SERVICES = 60  # finished service times that the wait estimate looks at (measured best)
SAMPLES = 1000  # waits by which a hall judges its own estimates: some days, so that one odd day decides nothing
ARRIVALS = 100  # of a class at a service: enough for its rate, and no more to go through


@dataclass(slots=True)
class WindowNow:
    """A window: the one active ticket, the incidents that keep it from calling, and since when its clerk pauses."""

    ticket: str | None = None
    since: float | None = None
    last_active: float | None = None
    incidents: dict[str, str] = field(default_factory=dict)
    proposed: dict[str, tuple[str, float]] = field(default_factory=dict)  # by incident: its reason, and when asked
    kept: set[str] = field(default_factory=set)  # incidents that a person overruled
    paused_at: float | None = None
    paused_why: str = ""
    cover: str = ""  # who stands in while its clerk is away
    back_at: float | None = None  # when it last resumed
    asks: LeaveAsked | None = None
    until: float | None = None  # when it closes: until then it takes nobody new
    left_min: int = 0  # until then, as its sign says
    by_hand: bool = False  # whether a person said that it closes
    kept_until: float | None = None  # a closing time past which a person keeps it open
    idle_since: float | None = None
    also: dict[str, float] = field(default_factory=dict)  # services of others that it calls for, and until when
    unattended: float | None = None  # since when nobody is there, although ``last_clerk`` did not pause
    last_clerk: str = ""


@dataclass(slots=True)
class DeviceNow:
    """A device's health as last reported; *unknown* until somebody has reported.

    ``slips`` were printed since its paper ended and a new roll came; None as long as that was never seen. ``rolls`` lie
    in stock; None when nobody counted them. ``replaced`` are the units that stood here before.
    """

    state: str = "unknown"
    faults: tuple[str, ...] = ()
    evidence: str = ""
    since: float | None = None
    slips: int | None = None
    sent_at: float | None = None
    rolls: int | None = None
    replaced: tuple[Replacement, ...] = ()


@dataclass(slots=True)
class Repair:
    """A repair order of a device; ``order`` is the id of its first opening, ``id`` of this one."""

    id: str
    device: str
    fault: str
    declared: bool
    since: float
    by: str
    state: str = "reported"
    note: str = ""
    expected: str | None = None
    order: str = ""
    waiting: int = 0
    steps: tuple[Step, ...] = ()
    escalated: float | None = None  # since when it is late; None again as soon as somebody has done or said something

    @property
    def stops(self) -> bool:
        """Whether a person has put the device out of use; a defect that an inspection found does not."""
        return self.declared and self.fault != DEFECT


@dataclass(slots=True)
class DeviceTest:
    """The last test of a device; ``outcome`` is None while its station owes it."""

    id: str
    device: str
    at: float
    by: str
    outcome: str | None = None
    evidence: str = ""
    done_at: float | None = None

    @property
    def name(self) -> str:
        """How its slip, or the content of a sign, is called on the wire."""
        return f"test-{self.id}"


@dataclass(slots=True)
class SlipNow:
    """The paper of a ticket: its current attempt; ``tried`` are printers that failed it.

    ``void``: the clerk who wrote it has taken it back while it was being printed.
    """

    id: str
    ticket: str
    state: str
    printer: str | None
    attempt: int
    since: float
    copied: bool = False
    reason: str | None = None
    tried: tuple[str, ...] = ()
    void: bool = False


@dataclass(slots=True)
class StationNow:
    """A station's program: there, or silent since."""

    connected: bool
    since: float


@dataclass(frozen=True, slots=True)
class CallNow:
    """One announcement; ``seq`` is its journal number."""

    seq: int
    ticket: str
    label: str
    window: str
    at: float
    recall: int

    @property
    def name(self) -> str:
        """How it is called on the wire by who shows it or says it."""
        return f"call-{self.seq}"


@dataclass(frozen=True, slots=True)
class Done:
    """What somebody did last, at ``at``, fact ``seq``: how the tickets were before, and the kinds of facts."""

    at: float
    seq: int
    before: tuple[Ticket, ...]
    moves: tuple[str, ...]
    pattern: tuple[int, int]  # of a quota, before: the next slot, and the call that had used the one before it
    passed: tuple[tuple[str, int], ...] = ()  # who was passed over before a call, and for how many more


@dataclass(frozen=True, slots=True)
class Routes:
    """By window the services that it gives now, and those that it may call anybody for; by service the windows that
    give it, and those of them that may call it, in the order of the hall.
    """

    serves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calls: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    able: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calling: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class Hall:
    """Everything that rules may read and views may show."""

    seq: int = 0
    at: float = 0.0
    config: HallConfig = field(default_factory=lambda: HallConfig(zh="", en=""))
    configured: bool = False
    day: str | None = None
    day_open: bool = False
    opened_at: float | None = None
    tickets: dict[str, Ticket] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    numbered: dict[int, tuple[str, ...]] = field(default_factory=dict)  # by number, whatever the letter
    gone: dict[str, None] = field(default_factory=dict)  # who did not come or gave up, in that order
    appointments: dict[str, Appointment] = field(default_factory=dict)
    booked: Counter[tuple[str, float]] = field(default_factory=Counter)  # places taken, by service and time
    series: dict[str, int] = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)  # numbers that kiosks may give out alone
    torn: dict[str, dict[int, Torn]] = field(default_factory=dict)  # by prefix: numbers of paper rolls
    kept: dict[str, str] = field(default_factory=dict)  # by label: tickets that stayed from earlier days
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    passed: dict[str, set[str]] = field(default_factory=dict)
    policy_seq: int = 0  # the journal number of the fact that brought the policy in force
    pattern_at: int = 0  # the next slot of a quota's pattern
    pattern_seq: int = 0  # the journal number of the call that used the slot before it
    sent: dict[str, set[str]] = field(default_factory=dict)  # by window: tickets sent there, which it calls first
    held: set[str] = field(default_factory=set)
    urgent: set[str] = field(default_factory=set)  # who waits and goes before everybody
    done: dict[str, Done] = field(default_factory=dict)  # by whoever did it: the last move, as long as it was one
    windows: dict[str, WindowNow] = field(default_factory=dict)
    devices: dict[str, DeviceNow] = field(default_factory=dict)
    repairs: dict[str, Repair] = field(default_factory=dict)
    verified: dict[str, Repair] = field(default_factory=dict)  # by device: the last one that ended
    tests: dict[str, DeviceTest] = field(default_factory=dict)
    released: dict[str, str] = field(default_factory=dict)
    check: DayCheck | None = None
    inspected: dict[tuple[str, str], Inspected] = field(default_factory=dict)  # by device and plan
    trials: dict[str, Trial] = field(default_factory=dict)  # by device: what may take its place, as last tried
    slips: dict[str, SlipNow] = field(default_factory=dict)
    missing: dict[str, Missing] = field(default_factory=dict)  # by slip
    pickups: dict[str, PickUp] = field(default_factory=dict)  # by slip
    helps: dict[str, Help] = field(default_factory=dict)  # what was asked for at kiosks today
    owed: dict[str, dict[str, SlipNow]] = field(default_factory=dict)
    stations: dict[str, StationNow] = field(default_factory=dict)
    calls: deque[CallNow] = field(default_factory=lambda: deque(maxlen=RECENT_CALLS))
    service_times: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT_SERVICES))
    priors: dict[str, float] = field(default_factory=dict)  # by service: the service time that days before have shown
    finished: int = 0  # services, before today
    today: dict[str, tuple[int, float]] = field(default_factory=dict)  # by service: how many are over, seconds in all
    ratios: deque[float] = field(default_factory=lambda: deque(maxlen=SAMPLES))  # actual wait over estimate
    ratios_sorted: list[float] = field(default_factory=list)
    arrivals: dict[tuple[str, str], deque[float]] = field(default_factory=dict)  # by service and class
    shown: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    asking: dict[str, str] = field(default_factory=dict)  # by rating unit: the ticket whose customer may answer now
    ratings: dict[str, dict[str, int]] = field(default_factory=dict)  # by window: served, asked, each level
    speech: dict[str, dict[str, CallNow]] = field(default_factory=dict)  # by voice module: calls without an outcome
    recent: dict[str, deque[str]] = field(default_factory=dict)
    leaves: list[Leave] = field(default_factory=list)  # of today, in their order
    gaps: list[Gap] = field(default_factory=list)  # of today
    handovers: dict[str, Handover] = field(default_factory=dict)  # by window, the last one
    signed_off: SignedOff | None = None
    seats: dict[str, Seat] = field(default_factory=dict)  # by window
    signed_out: deque[str] = field(default_factory=lambda: deque(maxlen=RECENT_TICKETS))  # sessions that ended lately
    skills: dict[str, frozenset[str]] = field(default_factory=dict)  # by clerk, as role:id; others can do everything
    stopped: set[str] = field(default_factory=set)  # services whose tickets might not be served before closing
    crowds: dict[str, Crowded] = field(default_factory=dict)  # by service, "": the hall
    content: dict[str, Item] = field(default_factory=dict)
    played: dict[str, Played] = field(default_factory=dict)  # by item
    complaints: dict[str, Complaint] = field(default_factory=dict)  # open ones, and those closed lately
    routes: Routes = Routes()  # made anew when a window changes, for every ticket and every board asks for it
    emergency: Emergency | None = None

    # lookups made from config, so that rules find things by id
    service_by_id: dict[str, Service] = field(default_factory=dict)
    window_by_id: dict[str, Window] = field(default_factory=dict)
    kiosk_by_id: dict[str, Kiosk] = field(default_factory=dict)
    device_by_id: dict[str, Device] = field(default_factory=dict)
    series_by_prefix: dict[str, Series] = field(default_factory=dict)

    def configure(self, config: HallConfig) -> None:
        """Take a configuration into force; what is running keeps running."""
        if config.policy != self.config.policy or not self.configured:
            self.policy_seq, self.pattern_at, self.pattern_seq = self.seq, 0, 0
        self.config = config
        self.configured = True
        self.service_by_id = {one.id: one for one in config.services}
        self.window_by_id = {one.id: one for one in config.windows}
        self.kiosk_by_id = {one.id: one for one in config.kiosks}
        self.device_by_id = {one.id: one for one in config.devices}
        plain = {one.prefix: Series(one.prefix) for one in config.services}
        self.series_by_prefix = plain | {one.prefix: one for one in config.series}
        self.skills = {f"clerk:{one.id}": frozenset(one.skills) for one in config.clerks}
        for service in config.services:
            self.queues.setdefault(service.id, Queue())
            self.counts.setdefault(service.id, {})
        for window in config.windows:
            self.windows.setdefault(window.id, WindowNow())
        for device in config.devices:
            self.devices.setdefault(device.id, DeviceNow())

    @property
    def crowded_at(self) -> float | None:
        """Since when the whole hall is too full."""
        return self.crowds[""].at if "" in self.crowds else None

    def add(self, ticket: Ticket) -> None:
        """Know a ticket from now on, by its id, its page and its number."""
        self.tickets[ticket.id] = ticket
        self.codes[ticket.code] = ticket.id
        number = number_in(ticket.label)
        self.numbered[number] = (*self.numbered.get(number, ()), ticket.id)

    def alike(self, label: str) -> list[Ticket]:
        """The tickets whose label has the same number as this one."""
        return [self.tickets[name] for name in self.numbered.get(number_in(label), ())]

    def active(self, window: str) -> Ticket | None:
        """The ticket called to or served at a window."""
        ticket = self.windows[window].ticket
        return self.tickets[ticket] if ticket else None

    def devices_at(self, place: str, at: str) -> tuple[Device, ...]:
        """The devices that stand at a window or kiosk."""
        return tuple(d for d in self.config.devices if d.place == place and d.at == at)

    def owed_slips(self) -> tuple[SlipNow, ...]:
        """All slips without an outcome, printer by printer, oldest first."""
        return tuple(slip for slips in self.owed.values() for slip in slips.values())

    def written(self, slip: str) -> Missing | PickUp | None:
        """What a clerk has written on a slip; None: it is the paper of a ticket."""
        return self.missing.get(slip) or self.pickups.get(slip)

    def withdraw(self, slip: str) -> None:
        """Paper that a clerk took back is owed by nobody, and never becomes the paper of its ticket."""
        if slip in self.slips:
            self.slips[slip].void = True
            self.owed.get(self.slips[slip].printer or "", {}).pop(slip, None)

    def numbers(self, prefix: str) -> Series:
        """The series behind a prefix; one that the settings no longer name is as if nobody had said more of it."""
        return self.series_by_prefix.get(prefix, Series(prefix))

    def count(self, service: str, state: str, by: int) -> None:
        """Keep the number of tickets per service and state, so that no view has to count."""
        counts = self.counts.setdefault(service, {})
        counts[state] = counts.get(state, 0) + by
