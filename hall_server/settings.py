"""hallcall.toml as values: every mistake at once, each with its line and the word that was probably meant."""

import contextlib
import os
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from drivers.ports import DeviceSpec
from hall_server.core import config as core
from hall_server.settings_checks import (
    DATABASES,
    Where,
    can_be_asked,
    charset_of,
    cross_checks,
    is_database,
    line_numbers,
    line_of,
    meant,
    rows,
    take_profiles,
)

DEFAULT_PORT = 8800
HIGHEST_PORT = 65500  # the demo's devices count up from it
FILE = "hallcall.toml"
CRITICALITY = {"low": 1, "normal": 2, "high": 3}  # what the number of waiting customers is multiplied by

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+$")
]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z]?$")]


class SettingsError(Exception):
    """The settings have mistakes; ``mistakes`` lists them all, one sentence each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes

    def told(self, path: Path) -> str:
        """All of it, for a person who starts something."""
        if all(", line " in mistake or mistake.startswith(path.name) for mistake in self.mistakes):
            return f"{path} has mistakes:\n" + "\n".join(f"  {mistake}" for mistake in self.mistakes)
        return "\n".join(self.mistakes)  # no such file, or a wrong port in the environment


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ServerSettings(_Model):
    """Where the server listens and what it trusts."""

    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=HIGHEST_PORT)
    database: str = ""
    public_url: str = ""
    hosts: tuple[str, ...] = ()
    tls: bool = False


class Limits(_Model):
    """What one caller may ask of the server."""

    body_bytes: int = Field(default=64 * 1024, ge=1024)
    frame_bytes: int = Field(default=64 * 1024, ge=1024)
    connections: int = Field(default=1000, ge=10)
    connections_per_address: int = Field(default=30, ge=2)
    issue_every_s: float = Field(default=3.0, ge=0)
    issue_burst: int = Field(default=3, ge=1)
    issue_per_s: float = Field(default=5.0, gt=0)


class ServiceSettings(_Model):
    """What customers come for."""

    id: Id
    prefix: Prefix
    zh: Text
    en: Text
    icon: Id = "ticket"
    norm_min: float = Field(default=5, gt=0, le=240)


class WindowSettings(_Model):
    """A window and what it can serve."""

    id: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,2}$")]
    services: tuple[Id, ...] = Field(min_length=1)


class KioskSettings(_Model):
    """A kiosk, its printer, and the printers that stand in for it."""

    id: Id
    zh: Text
    en: Text
    printer: Id | None = None
    backups: tuple[Id, ...] = ()
    port: int | str | None = None


class DeviceSettings(_Model):
    """An asset of the hall; without a URL nobody can probe it, but a person can declare it faulty."""

    id: Id
    kind: Literal["printer", "sign", "bus", "tv", "pad", "rating", "asset"]
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
    def opened_by(self) -> str:
        """Address and options, by which one notices that its station has to open it anew."""
        return " ".join([self.url or "", *(f"{name}={value}" for name, value in sorted(self.options.items()))]).strip()

    @property
    def all_options(self) -> dict[str, str]:
        """What its driver is told: only signs have columns."""
        return {"columns": str(self.columns), **self.options} if self.kind == "sign" else self.options

    def spec(self, port: int) -> DeviceSpec:
        """The device as drivers know it."""
        options = tuple(sorted(self.all_options.items()))
        return DeviceSpec(self.id, self.kind, place_ports(self.url or "", port), options)


class HallSettings(_Model):
    """The hall's own name and rules."""

    id: Id = "main"
    zh: Text
    en: Text
    timezone: str = "Asia/Shanghai"
    on_sign_failure: Literal["redirect", "cover"] | None = None  # the older way to say redirect.sign
    qr: bool = True
    pad_next: Literal["served", "absent"] = "served"


class RedirectSettings(_Model):
    """What a fault does to customers, by what is broken. Nobody at a kiosk could wait until a person says yes."""

    sign: Literal["redirect", "cover", "ask", "none"] | None = None
    window: Literal["redirect", "ask", "none"] = "redirect"
    printer: Literal["redirect", "none"] = "redirect"
    tv: Literal["cover", "none"] = "cover"
    apply_after_s: int = Field(default=0, ge=0, le=3600)


class PartySettings(_Model):
    """Who repairs devices of some kinds (none named: all the others), and whom to call when a step is late."""

    id: Id
    zh: Text
    en: Text
    phone: str = Field(default="", max_length=60)
    kinds: tuple[Id, ...] = ()
    escalate: str = Field(default="", max_length=60)


class RepairSettings(_Model):
    """For how many minutes an order may stay at each of its steps."""

    reported_min: int = Field(default=15, ge=1)
    accepted_min: int = Field(default=60, ge=1)
    on_site_min: int = Field(default=4 * 60, ge=1)
    waiting_parts_min: int = Field(default=2 * 24 * 60, ge=1)
    fixed_min: int = Field(default=60, ge=1)


class Settings(_Model):
    """The whole file."""

    hall: HallSettings
    redirect: RedirectSettings = RedirectSettings()
    server: ServerSettings = ServerSettings()
    limits: Limits = Limits()
    repair: RepairSettings = RepairSettings()
    party: tuple[PartySettings, ...] = ()
    service: tuple[ServiceSettings, ...] = Field(min_length=1)
    window: tuple[WindowSettings, ...] = Field(min_length=1)
    kiosk: tuple[KioskSettings, ...] = ()
    device: tuple[DeviceSettings, ...] = ()

    @property
    def port(self) -> int:
        """The port: ``HALLCALL_PORT``, the file, or 8800."""
        return port_in_force(self.server.port)

    def database_url(self, home: Path) -> str:
        """The database: ``HALLCALL_DATABASE``, the file, or SQLite beside it."""
        named = os.environ.get("HALLCALL_DATABASE") or self.server.database
        return named or f"sqlite:///{(home / 'hall.sqlite3').absolute()}"

    def url_of(self, device: DeviceSettings) -> str:
        """A device's URL with {P+n} counted from the port in force."""
        return place_ports(device.url or "", self.port)

    def hall_config(self) -> core.HallConfig:
        """The part that rules read, as it goes into the journal."""
        return core.HallConfig(
            zh=self.hall.zh, en=self.hall.en, timezone=self.hall.timezone,
            services=tuple(
                core.Service(s.id, s.zh, s.en, s.prefix, s.icon, round(s.norm_min * 60)) for s in self.service
            ),
            windows=tuple(core.Window(w.id, w.services) for w in self.window),
            kiosks=tuple(core.Kiosk(k.id, k.zh, k.en, k.printer, k.backups) for k in self.kiosk),
            devices=tuple(_device(d) for d in self.device),
            on_sign_failure=core.OnFault(self.redirect.sign or self.hall.on_sign_failure or "redirect"),
            on_window_failure=core.OnFault(self.redirect.window), on_tv_failure=core.OnFault(self.redirect.tv),
            on_printer_failure=core.OnFault(self.redirect.printer), redirect_after_s=self.redirect.apply_after_s,
            qr=self.hall.qr,
            pad_next=self.hall.pad_next,
            parties=tuple(core.Party(p.id, p.zh, p.en, p.phone, p.kinds, p.escalate) for p in self.party),
            repair=core.RepairLimits(
                self.repair.reported_min, self.repair.accepted_min, self.repair.on_site_min,
                self.repair.waiting_parts_min, self.repair.fixed_min,
            ),
        )  # fmt: skip


def _device(d: DeviceSettings) -> core.Device:
    place, at = ("window", d.window) if d.window else ("kiosk", d.kiosk) if d.kiosk else ("hall", "")
    station = d.station if d.url else None
    spec = d.spec(DEFAULT_PORT)
    monitored = d.kind == "tv" if d.url is None else can_be_asked(spec)
    on_fault = core.OnFault(d.on_fault) if d.on_fault else None
    return core.Device(
        d.id, d.kind, d.zh, d.en, place, at or "", station, monitored, d.columns,
        CRITICALITY[d.criticality], d.roll_m, d.slip_mm, on_fault=on_fault, opened_by=d.opened_by,
        lines=d.lines, charset=charset_of(spec),
    )  # fmt: skip


def port_in_force(in_file: Any) -> int:
    """The port: ``HALLCALL_PORT``, the file's, or 8800."""
    named = os.environ.get("HALLCALL_PORT")
    return int(named) if named else (in_file if isinstance(in_file, int) and in_file else DEFAULT_PORT)


def place_ports(text: str, port: int) -> str:
    """Replace {P} and {P+n} by port numbers."""
    return re.sub(r"\{P(?:\+(\d{1,3}))?\}", lambda found: str(port + int(found[1] or 0)), text)


def load(path: Path) -> Settings:
    """Read and check a settings file. Raises ``SettingsError`` with all mistakes."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as missing:
        raise SettingsError([f"{path} does not exist: write it, or start with --demo to get one."]) from missing
    except (OSError, UnicodeDecodeError) as trouble:
        raise SettingsError([f"{path} cannot be read as UTF-8 text: {trouble}."]) from trouble
    _check_named_port()
    _check_named_database()
    return parse(text, path.name, path.parent)


def parse(text: str, name: str = FILE, folder: Path = Path()) -> Settings:
    """Check the text of a settings file, and the files beside it. Raises ``SettingsError`` with all mistakes."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise SettingsError([f"{name}: {broken}."]) from broken
    lines = line_numbers(text)
    beside = take_profiles(raw, folder)
    found = cross_checks(raw, _specs(raw))
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as invalid:
        own = [error for error in invalid.errors() if error["type"] != "too_short" or not error["input"]]
        found += [(tuple(error["loc"]), _sentence(error)) for error in own]
    if found or beside:
        at = sorted((line_of(lines, where), what) for where, what in found)
        own_mistakes = [f"{name}, line {line}: {what}" for line, what in dict.fromkeys(at)]
        raise SettingsError([*own_mistakes, *dict.fromkeys(beside)])
    return settings


def _specs(raw: dict[str, Any]) -> tuple[DeviceSpec, ...]:
    """The devices that are right in themselves, for checks between them."""
    devices = []
    for _, row in rows(raw, "device"):
        with contextlib.suppress(ValidationError):
            devices.append(DeviceSettings.model_validate(row))
    port = port_in_force(raw.get("server", {}).get("port") if isinstance(raw.get("server"), dict) else None)
    return tuple(d.spec(port) for d in devices if d.url)


def _check_named_port() -> None:
    named = os.environ.get("HALLCALL_PORT") or str(DEFAULT_PORT)
    if not re.fullmatch(r"[1-9][0-9]{0,4}", named) or int(named) > HIGHEST_PORT:
        raise SettingsError([f"HALLCALL_PORT says {named!r}: it must be a number from 1 to {HIGHEST_PORT}."])


def _check_named_database() -> None:
    named = os.environ.get("HALLCALL_DATABASE")
    if named and not is_database(named):
        raise SettingsError([f"HALLCALL_DATABASE is no address of a database: write {DATABASES}."])


def _sentence(error: Any) -> str:
    where: Where = tuple(error["loc"])
    dotted = ".".join(str(part) for part in where)
    if error["type"] == "extra_forbidden":
        return f"{dotted} is not a setting.{meant(str(where[-1]), _names(where))}"
    if error["type"] == "missing":
        return f"{dotted} is missing."
    known = re.findall(r"'([^']+)'", error["ctx"]["expected"]) if error["type"] == "literal_error" else []
    return f"{dotted}: {error['msg']} (it says {error['input']!r}).{meant(str(error['input']), known)}"


def _names(where: Where) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "hall": HallSettings, "server": ServerSettings, "limits": Limits, "service": ServiceSettings,
        "window": WindowSettings, "kiosk": KioskSettings, "device": DeviceSettings,
        "redirect": RedirectSettings, "repair": RepairSettings, "party": PartySettings,
    }  # fmt: skip
    model = models.get(str(where[0])) if len(where) > 1 else Settings
    return list(model.model_fields) if model else []
