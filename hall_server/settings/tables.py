"""The tables of hallcall.toml: what may be written in each, and what drivers and rules are told of it."""

import re
from datetime import date
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from drivers.ports import DeviceSpec
from hall_server.core import config as core
from hall_server.settings.checks import can_be_asked, charset_of
from hall_server.settings.signs import usual_columns, window_option

DEFAULT_PORT = 8800
HIGHEST_PORT = 65500  # the demo's devices count up from it
CRITICALITY = {"low": 1, "normal": 2, "high": 3}  # what the number of waiting customers is multiplied by

# What a pattern means to whoever wrote something else.
NAME, LETTER, WINDOW = r"^[A-Za-z0-9._-]{1,64}$", r"^[A-HJ-NPR-Z]?$", r"^[1-9][0-9]{0,2}$"
PATTERNS = {
    NAME: "letters, digits and . _ - without blanks, at most 64 of them",
    LETTER: "one capital letter, not I, O or Q, which are read as digits, or nothing",
    WINDOW: "a number from 1 to 999",
}
Id = Annotated[str, StringConstraints(pattern=NAME)]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+$")
]
Word = Annotated[str, StringConstraints(min_length=1, max_length=400, pattern=r"^[^\x00-\x1f\x7f]+$")]
Kind = Literal[
    "printer", "sign", "bus", "tv", "pad", "rating", "voice",
    "asset", "camera", "copier", "facility", "network", "pc", "phone", "scanner", "ups",
]  # fmt: skip
Prefix = Annotated[str, StringConstraints(pattern=LETTER)]
Inches = Annotated[float, Field(ge=20, le=150)]
Metres = Annotated[float, Field(ge=1, le=50)]

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)


class Table(BaseModel):
    """What it does not know is a mistake, and nothing of it changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HelperSettings(Table):
    """A program that drives devices whose maker only gives a library: its words, as they are, with no shell."""

    id: Id
    command: tuple[Word, ...] = Field(min_length=1, max_length=32)


class ServerSettings(Table):
    """Where the server listens and what it trusts."""

    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=HIGHEST_PORT)
    database: str = ""
    public_url: str = ""
    hosts: tuple[str, ...] = ()
    tls: bool = False


class AwaySettings(Table):
    """How many numbers of each service a kiosk has in reserve for when no server answers, and the lowest; 0: none."""

    block: int = Field(default=50, ge=0, le=500)  # an hour of one kiosk in a busy hall
    first: int = Field(default=701, ge=1, le=90000)


class Limits(Table):
    """What one caller may ask of the server."""

    body_bytes: int = Field(default=64 * 1024, ge=1024)
    frame_bytes: int = Field(default=64 * 1024, ge=1024)
    connections: int = Field(default=1000, ge=10)
    connections_per_address: int = Field(default=30, ge=2)
    issue_every_s: float = Field(default=3.0, ge=0)
    issue_burst: int = Field(default=3, ge=1)
    issue_per_s: float = Field(default=5.0, gt=0)


class ServiceSettings(Table):
    """What customers come for."""

    id: Id
    prefix: Prefix
    zh: Text
    en: Text
    icon: Id = "ticket"
    norm_min: float = Field(default=5, gt=0, le=240)
    target_min: float = Field(default=15, gt=0, le=600)
    target_share: int = Field(default=80, ge=1, le=99)
    pickup: Id | None = None
    review: Id | None = None
    offered: bool = True
    group: Id | None = None


class GroupSettings(Table):
    """Services that share a tile where a kiosk has more than fit on a page."""

    id: Id
    zh: Text
    en: Text
    icon: Id = "ticket"


class WindowSettings(Table):
    """A window and what it can serve."""

    id: Annotated[str, StringConstraints(pattern=WINDOW)]
    services: tuple[Id, ...] = Field(min_length=1)
    printers: tuple[Id, ...] = ()


class KioskSettings(Table):
    """A kiosk, its printer, and the printers that stand in for it."""

    id: Id
    zh: Text
    en: Text
    printer: Id | None = None
    backups: tuple[Id, ...] = ()
    port: int | str | None = None


class DeviceSettings(Table):
    """An asset of the hall; without a URL nobody can probe it, but a person can declare it faulty."""

    id: Id
    kind: Literal[Kind, "tablet"]
    zh: Text
    en: Text
    url: str | None = None
    station: Id = "hall"
    window: Id | None = None
    kiosk: Id | None = None
    columns: int = Field(default=8, ge=4, le=64)
    lines: int = Field(default=1, ge=1, le=8)
    on_fault: Literal["redirect", "cover", "ask", "none"] | None = None
    criticality: Literal["low", "normal", "high"] = "normal"
    roll_m: float = Field(default=0, ge=0, le=1000)
    slip_mm: int = Field(default=90, ge=20, le=1000)
    simulated: bool = False
    speaks: bool = False
    inches: Inches | None = None
    farthest_m: Metres | None = None
    options: dict[str, str] = Field(default_factory=dict)
    model: Text | None = None
    serial: Text | None = None
    firmware: Text | None = None
    responsible: Text | None = None
    deputy: Text | None = None
    phone: Text | None = None
    vendor: Text | None = None
    bought: date | None = None
    warranty_until: date | None = None
    manual: Annotated[str, StringConstraints(pattern=r"^https?://\S{1,200}$")] | None = None

    @property
    def is_simulated(self) -> bool:
        """Whether nobody has such a device: a program plays it, or its station does."""
        return self.simulated or (self.url or "").startswith("sim://")

    @model_validator(mode="before")
    @classmethod
    def _as_wide_as_usual(cls, row: Any) -> Any:
        """A sign is as wide as the boards of its family usually are, unless it says so itself."""
        if not isinstance(row, dict) or row.get("kind") != "sign" or "columns" in row:
            return row
        usual = usual_columns(row.get("url"), row.get("options", {}))
        return row if usual is None else {**row, "columns": usual}

    @property
    def opened_by(self) -> str:
        """Address and options, by which one notices that its station has to open it anew."""
        return " ".join([self.url or "", *(f"{name}={value}" for name, value in sorted(self.options.items()))]).strip()

    @property
    def all_options(self) -> dict[str, str]:
        """What its driver is told: only signs have columns and, where their frames name it, a window."""
        if self.kind != "sign":
            return self.options
        return {"columns": str(self.columns), **window_option(self.url, self.options, self.window), **self.options}

    def spec(self, port: int) -> DeviceSpec:
        """The device as drivers know it."""
        options = tuple(sorted(self.all_options.items()))
        return DeviceSpec(self.id, self.kind, place_ports(self.url or "", port), options)

    def known(self) -> core.Device:
        """The device as rules know it; a tablet is a rating unit that has no other station than itself."""
        place, at = ("window", self.window) if self.window else ("kiosk", self.kiosk) if self.kiosk else ("hall", "")
        tablet, spec = self.kind == "tablet", self.spec(DEFAULT_PORT)
        kind, station = ("rating", self.id) if tablet else (self.kind, self.station if self.url else None)
        monitored = self.kind in ("tv", "tablet") if self.url is None else can_be_asked(spec)
        on_fault = core.OnFault(self.on_fault) if self.on_fault else None
        return core.Device(
            self.id, kind, self.zh, self.en, place, at or "", station, monitored, self.columns,
            CRITICALITY[self.criticality], self.roll_m, self.slip_mm, on_fault=on_fault, opened_by=self.opened_by,
            lines=self.lines, charset=charset_of(spec), speaks=self.speaks,
        )  # fmt: skip


class HallSettings(Table):
    """The hall's own name and rules."""

    id: Id = "main"
    zh: Text
    en: Text
    timezone: str = "Asia/Shanghai"
    on_sign_failure: Literal["redirect", "cover"] | None = None  # the older way to say redirect.sign
    qr: bool = True
    several: bool = False
    pad_next: Literal["served", "absent"] = "served"
    opens: Annotated[str, StringConstraints(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9])?$")] = ""


class RedirectSettings(Table):
    """What a fault does to customers, by what is broken. Nobody at a kiosk could wait until a person says yes."""

    sign: Literal["redirect", "cover", "ask", "none"] | None = None
    window: Literal["redirect", "ask", "none"] = "redirect"
    printer: Literal["redirect", "none"] = "redirect"
    tv: Literal["cover", "none"] = "cover"
    apply_after_s: int = Field(default=0, ge=0, le=3600)


class ItemSettings(Table):
    """One thing to look at."""

    zh: Text
    en: Text


class InspectionSettings(Table):
    """What is looked at on every device of a kind, and how often."""

    id: Id
    kind: Kind
    every: Literal["day", "week", "month", "quarter"]
    zh: Text
    en: Text
    items: tuple[ItemSettings, ...] = Field(min_length=1, max_length=30)  # longer lists are ticked unread


class PartySettings(Table):
    """Who repairs devices of some kinds (none named: all the others), and whom to call when a step is late."""

    id: Id
    zh: Text
    en: Text
    phone: str = Field(default="", max_length=60)
    kinds: tuple[Id, ...] = ()
    escalate: str = Field(default="", max_length=60)


class RepairSettings(Table):
    """For how many minutes an order may stay at each of its steps."""

    reported_min: int = Field(default=15, ge=1)
    accepted_min: int = Field(default=60, ge=1)
    on_site_min: int = Field(default=4 * 60, ge=1)
    waiting_parts_min: int = Field(default=2 * 24 * 60, ge=1)
    fixed_min: int = Field(default=60, ge=1)


def place_ports(text: str, port: int) -> str:
    """Replace {P} and {P+n} by port numbers."""
    return re.sub(r"\{P(?:\+(\d{1,3}))?\}", lambda found: str(port + int(found[1] or 0)), text)
