"""The messages with which an administrator reads and changes the settings: services, windows, the calendar.

What is asked for is checked with the whole file, by its own readers: here only that it is of the right kind and no
longer than any setting may be.
"""

from typing import Annotated

from pydantic import Field, NaiveDatetime, StringConstraints

from display.board import Name
from hall_server.contract import Problem
from hall_server.contract.messages import Message

MOST_ROWS = 400  # of a calendar: years of holidays, written down one by one
Said = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
Ids = Annotated[tuple[Said, ...], Field(max_length=100)]


class VersionRequest(Message):
    """The settings as the caller knows them; whoever knows older ones is told so, and nothing is written."""

    version: Annotated[str, StringConstraints(max_length=64)]


class MaterialForm(Message):
    """Something that a service needs from its customer; without an id it gets one."""

    id: Said = ""
    zh: Said
    en: Said


class ReminderForm(Message):
    """What clerks verify and say before they finish."""

    zh: Said
    en: Said


class ServiceForm(Message):
    """A service; a number that is not said is the usual one."""

    zh: Said
    en: Said
    prefix: Said
    icon: Said = ""
    norm_min: float | None = None
    target_min: float | None = None
    target_share: int | None = None
    group: Said = ""
    offered: bool = True
    materials: Annotated[tuple[MaterialForm, ...], Field(max_length=100)] = ()
    remind: Annotated[tuple[ReminderForm, ...], Field(max_length=100)] = ()


class ServiceRequest(VersionRequest):
    """A service as it shall be."""

    service: ServiceForm


class NewServiceRequest(ServiceRequest):
    """A service more; its id stands in the journal for ever."""

    id: Said


class WindowForm(Message):
    """A window: what it serves, where its slips come out (best first), its signs, whether it calls to the end."""

    services: Ids
    printers: Ids = ()
    signs: Ids = ()
    duty: bool = False


class WindowRequest(VersionRequest):
    """A window as it shall be."""

    window: WindowForm


class NewWindowRequest(WindowRequest):
    """A window more, by its number."""

    id: Said


class KioskForm(Message):
    """A kiosk: its names, its printer, and those that stand in for it, best first."""

    zh: Said
    en: Said
    printer: Said = ""
    backups: Ids = ()


class KioskRequest(VersionRequest):
    """A kiosk as it shall be."""

    kiosk: KioskForm


class HoursForm(Message):
    """Opening hours on some weekdays, of the hall or of one service; ``row``: where it stands in the settings."""

    row: int | None = None
    service: Said = ""
    days: Ids = ()
    spans: Ids = ()
    first: Said = ""
    last: Said = ""


class HolidayForm(Message):
    """Days off, or with ``spans`` shorter days."""

    row: int | None = None
    zh: Said
    en: Said
    first: Said
    last: Said = ""
    spans: Ids = ()


class MakeupForm(Message):
    """A day on which the hall works as on another weekday."""

    row: int | None = None
    zh: Said
    en: Said
    day: Said
    like: Said


class CalendarForm(Message):
    """The whole calendar: a row that is not in it goes."""

    hours: Annotated[tuple[HoursForm, ...], Field(max_length=MOST_ROWS)] = ()
    holidays: Annotated[tuple[HolidayForm, ...], Field(max_length=MOST_ROWS)] = ()
    makeups: Annotated[tuple[MakeupForm, ...], Field(max_length=MOST_ROWS)] = ()


class CalendarRequest(VersionRequest):
    """The calendar as it shall be."""

    calendar: CalendarForm


class ClassForm(Message):
    """A class of customers; a number that is not said is the usual one."""

    row: int | None = None
    id: Said
    zh: Said
    en: Said
    head_start_s: int | None = None
    rate: int | None = None
    rank: int | None = None


class PolicyForm(Message):
    """Who is called next, and the rules of the day; a number that is not said is the usual one."""

    kind: Said = "fifo"
    guarantee_min: float | None = None
    ordinary: Said = ""
    pattern: Ids = ()
    classes: Annotated[tuple[ClassForm, ...], Field(max_length=100)] = ()
    leave: Said = "inform"
    drain_min: int | None = None
    idle_min: int | None = None
    release_min: int | None = None
    crowd: int | None = None
    stop_early: bool = False
    overnight: Said = "expire"


class PolicyRequest(VersionRequest):
    """The rules as they shall be."""

    policy: PolicyForm


class ServiceSheet(ServiceForm):
    """A service as the settings have it."""

    id: str


class WindowSheet(WindowForm):
    """A window as the settings have it."""

    id: str


class KioskSheet(KioskForm):
    """A kiosk as the settings have it."""

    id: str


class Choice(Message):
    """Something that a form may name."""

    id: str
    zh: str
    en: str


class AdminView(Message):
    """The settings as they stand in the file; ``in_force``: the hall works by them."""

    version: str
    in_force: bool
    shared: bool = False
    mistakes: tuple[str, ...] = ()
    services: tuple[ServiceSheet, ...] = ()
    windows: tuple[WindowSheet, ...] = ()
    kiosks: tuple[KioskSheet, ...] = ()
    calendar: CalendarForm = CalendarForm()
    policy: PolicyForm = PolicyForm()
    groups: tuple[Choice, ...] = ()
    printers: tuple[Choice, ...] = ()
    signs: tuple[Choice, ...] = ()


class Adopted(Message):
    """What was written is in force; ``changed``: the hall works otherwise now; ``warnings``: what to think of."""

    version: str
    changed: bool
    warnings: tuple[str, ...] = ()


class Stale(Problem):
    """The caller knew older settings; ``fresh`` are those that stand in the file now."""

    fresh: AdminView


class PreviewRequest(CalendarRequest):
    """A calendar that is not written yet, and the moment by the hall's clock at which screens are looked at."""

    at: NaiveDatetime


class ServiceSaid(Message):
    """What the TV says of a service."""

    name: Name
    said: Name


class Preview(Message):
    """What screens would say then: whether kiosks give out tickets, their lines, and those of the TV."""

    open: bool
    kiosk: tuple[Name, ...]
    tv: tuple[Name, ...]
    services: tuple[ServiceSaid, ...]
