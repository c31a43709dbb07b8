"""The configuration that rules read: one value, carried whole by the fact ``HallConfigured``."""

from dataclasses import dataclass
from enum import StrEnum

from hall_server.core.appointments import Slots
from hall_server.core.busy import CrowdRule, Duty
from hall_server.core.calendar import Calendar, DayRules, Span
from hall_server.core.complaints import Contacts
from hall_server.core.materials import Checklist, QuickReturn
from hall_server.core.pickups import PickUpRules
from hall_server.core.policy.classes import Policy
from hall_server.core.series import Series

# What customers do not use: without it a window still serves, and nobody need be told.
INWARD = frozenset({"pad", "rating", "camera", "facility", "network", "phone", "ups"})
VOICE = "voice"


class OnFault(StrEnum):
    """What a fault does: customers are sent elsewhere, others stand in (TV for sign), a person is asked, or nothing."""

    REDIRECT = "redirect"
    COVER = "cover"
    ASK = "ask"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Service:
    """What customers come for. ``norm_s`` is the usual service time, the prior of every estimate.

    ``target_share`` per cent of those who are served should wait no longer than ``target_s``.
    """

    id: str
    zh: str
    en: str
    prefix: str
    icon: str = "ticket"
    norm_s: int = 300
    target_s: int = 900
    target_share: int = 80
    pickup: str = ""  # the service in whose queue customers fetch what this one promises
    review: str = ""  # the service in whose queue others look at what was done, before the customer is done
    offered: bool = True  # whether kiosks give out tickets for it
    group: str = ""  # behind whose tile kiosks with many services show it


@dataclass(frozen=True, slots=True)
class ServiceGroup:
    """Services that share a tile where a kiosk has more than fit on a page."""

    id: str
    zh: str
    en: str
    icon: str = "ticket"


@dataclass(frozen=True, slots=True)
class Window:
    """A window and the services it can serve, in the order of the hall."""

    id: str
    services: tuple[str, ...]
    printers: tuple[str, ...] = ()  # where its slips come out, best first; none named: any kiosk's


@dataclass(frozen=True, slots=True)
class Kiosk:
    """A kiosk, its own printer and the printers that stand in for it, best first."""

    id: str
    zh: str
    en: str
    printer: str | None = None
    backups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """An asset: what it is, where it stands (window, kiosk or hall) and which station holds its cable.

    ``monitored`` is False for what nobody can probe: it stays *unknown* until a person declares it faulty.
    ``criticality`` is 1 (may wait) to 3 (the hall stands still); a new roll of a printer has ``roll_m`` metres of
    paper (0: nobody knows), a slip takes ``slip_mm`` of it. A sign has ``lines`` of ``columns`` half-width characters
    and shows what its ``charset`` has.
    """

    id: str
    kind: str
    zh: str
    en: str
    place: str = "hall"
    at: str = ""
    station: str | None = None
    monitored: bool = True
    columns: int = 8
    criticality: int = 2
    roll_m: float = 0.0
    slip_mm: int = 90
    on_fault: OnFault | None = None  # instead of what the hall says for all of its kind
    opened_by: str = ""  # address and options as written: another one is a change, and the journal remembers it
    lines: int = 1
    charset: str = "gb2312"
    speaks: bool = False  # the one screen that says calls aloud


@dataclass(frozen=True, slots=True)
class Party:
    """Who repairs devices of some kinds (none named: all the others), and whom to call when a step is late."""

    id: str
    zh: str
    en: str
    phone: str = ""
    kinds: tuple[str, ...] = ()
    escalate: str = ""


@dataclass(frozen=True, slots=True)
class RepairLimits:
    """For how many minutes an order may stay at each of its steps before that is late."""

    reported: int = 15
    accepted: int = 60
    on_site: int = 240
    waiting_parts: int = 2880
    fixed: int = 60

    def minutes(self, step: str) -> int:
        """The limit of a step."""
        return {
            "reported": self.reported, "accepted": self.accepted, "on_site": self.on_site,
            "waiting_parts": self.waiting_parts, "fixed": self.fixed,
        }[step]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing to look at."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What is looked at on every device of a kind, each day, week, month or quarter (``every``)."""

    id: str
    kind: str
    every: str
    zh: str
    en: str
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class Away:
    """How many numbers of each service a kiosk has in reserve, and the lowest of them; 0: none."""

    block: int = 0
    first: int = 701


@dataclass(frozen=True, slots=True)
class Clerk:
    """Somebody who serves at windows, and the services that they can do."""

    id: str
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HallConfig:
    """Services, windows, kiosks and devices of one hall, and the rules it chose."""

    zh: str
    en: str
    timezone: str = "Asia/Shanghai"
    services: tuple[Service, ...] = ()
    windows: tuple[Window, ...] = ()
    kiosks: tuple[Kiosk, ...] = ()
    devices: tuple[Device, ...] = ()
    on_sign_failure: OnFault = OnFault.REDIRECT
    qr: bool = True
    parties: tuple[Party, ...] = ()
    repair: RepairLimits = RepairLimits()
    pad_next: str = "served"  # what a pad's *next* means for a customer who was only called: served | absent
    on_window_failure: OnFault = OnFault.REDIRECT
    on_printer_failure: OnFault = OnFault.REDIRECT
    on_tv_failure: OnFault = OnFault.COVER
    redirect_after_s: int = 0  # so long after it was proposed a redirect is done by itself; 0: never
    policy: Policy = Policy()
    opens: str = ""  # HH:MM where the hall stands; ten minutes before that it is checked
    inspections: tuple[Inspection, ...] = ()
    calendar: Calendar = Calendar()
    day: DayRules = DayRules()
    clerks: tuple[Clerk, ...] = ()
    crowds: tuple[CrowdRule, ...] = ()
    roster: tuple[Duty, ...] = ()
    away: Away = Away()
    appointments: tuple[Slots, ...] = ()
    series: tuple[Series, ...] = ()  # where one differs from a letter with three digits, or several services share it
    checklists: tuple[Checklist, ...] = ()
    quick_return: QuickReturn = QuickReturn()
    pickup: PickUpRules = PickUpRules()
    several: bool = False  # kiosks offer one ticket for several services
    groups: tuple[ServiceGroup, ...] = ()
    contacts: Contacts = Contacts()  # where else customers can complain
    quiet: tuple[Span, ...] = ()  # hours of every day in which calls are shown and not heard
