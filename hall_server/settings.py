"""hallcall.toml as values: every mistake at once, each with its line and the word that was probably meant."""

import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from drivers import catalog
from drivers.ports import DeviceSpec
from hall_server.core import config as core

DEFAULT_PORT = 8800
HIGHEST_PORT = 65500  # the demo's devices count up from it
FILE = "hallcall.toml"

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
        if all(mistake.startswith(f"{path.name}") for mistake in self.mistakes):
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
    kind: Literal["printer", "sign", "bus", "tv", "asset"]
    zh: Text
    en: Text
    url: str | None = None
    station: Id = "hall"
    window: Id | None = None
    kiosk: Id | None = None
    columns: int = Field(default=8, ge=4, le=64)
    simulated: bool = False
    options: dict[str, str] = Field(default_factory=dict)

    @property
    def all_options(self) -> dict[str, str]:
        """What its driver is told: only signs have columns."""
        return {"columns": str(self.columns), **self.options} if self.kind == "sign" else self.options


class HallSettings(_Model):
    """The hall's own name and rules."""

    id: Id = "main"
    zh: Text
    en: Text
    timezone: str = "Asia/Shanghai"
    on_sign_failure: Literal["redirect", "cover"] = "redirect"
    qr: bool = True


class Settings(_Model):
    """The whole file."""

    hall: HallSettings
    server: ServerSettings = ServerSettings()
    limits: Limits = Limits()
    service: tuple[ServiceSettings, ...] = Field(min_length=1)
    window: tuple[WindowSettings, ...] = Field(min_length=1)
    kiosk: tuple[KioskSettings, ...] = ()
    device: tuple[DeviceSettings, ...] = ()

    @property
    def port(self) -> int:
        """The port: ``HALLCALL_PORT``, the file, or 8800."""
        named = os.environ.get("HALLCALL_PORT")
        return int(named) if named else (self.server.port or DEFAULT_PORT)

    def database_url(self, home: Path) -> str:
        """The database: ``HALLCALL_DATABASE``, the file, or SQLite beside it."""
        named = os.environ.get("HALLCALL_DATABASE") or self.server.database
        return named or f"sqlite:///{(home / 'hall.sqlite3').absolute()}"

    def url_of(self, device: DeviceSettings) -> str:
        """A device's URL with {P+n} counted from the port in force."""
        return place_ports(device.url or "", self.port)

    def specs(self) -> tuple[DeviceSpec, ...]:
        """The devices that drivers can run."""
        return tuple(
            DeviceSpec(d.id, d.kind, self.url_of(d), tuple(sorted(d.all_options.items()))) for d in self.device if d.url
        )

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
            on_sign_failure=core.OnSignFailure(self.hall.on_sign_failure), qr=self.hall.qr,
        )  # fmt: skip


def _device(d: DeviceSettings) -> core.Device:
    place, at = ("window", d.window) if d.window else ("kiosk", d.kiosk) if d.kiosk else ("hall", "")
    station = d.station if d.url else None
    monitored = d.url is not None or d.kind == "tv"
    return core.Device(d.id, d.kind, d.zh, d.en, place, at or "", station, monitored, d.columns)


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
    return parse(text, path.name)


def parse(text: str, name: str = FILE) -> Settings:
    """Check the text of a settings file. Raises ``SettingsError`` with all mistakes."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise SettingsError([f"{name}: {broken}."]) from broken
    lines = line_numbers(text)
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as invalid:
        own = [error for error in invalid.errors() if error["type"] != "too_short" or not error["input"]]
        raise SettingsError([_sentence(name, lines, error) for error in own]) from invalid
    mistakes = [f"{name}, line {_line(lines, where)}: {what}" for where, what in _cross_checks(settings)]
    if mistakes:
        raise SettingsError(mistakes)
    return settings


def _check_named_port() -> None:
    named = os.environ.get("HALLCALL_PORT") or str(DEFAULT_PORT)
    if not re.fullmatch(r"[1-9][0-9]{0,4}", named) or int(named) > HIGHEST_PORT:
        raise SettingsError([f"HALLCALL_PORT says {named!r}: it must be a number from 1 to {HIGHEST_PORT}."])


Where = tuple[str | int, ...]


def line_numbers(text: str) -> dict[Where, int]:
    """Where each table and key of a TOML file stands, so that a mistake can name its line."""
    found: dict[Where, int] = {}
    counts: Counter[str] = Counter()
    table: Where = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*(\[\[?)\s*([\w.-]+)\s*\]", line):
            key = header[2]
            table = (key, counts[key]) if header[1] == "[[" else (key,)
            counts[key] += 1
            found[table] = number
        elif key_line := re.match(r"\s*([\w-]+)\s*=", line):
            found[(*table, key_line[1])] = number
    return found


def _line(lines: dict[Where, int], where: Where) -> int:
    while where and where not in lines:
        where = where[:-1]
    return lines.get(where, 1)


def _sentence(name: str, lines: dict[Where, int], error: Any) -> str:
    where: Where = tuple(error["loc"])
    dotted = ".".join(str(part) for part in where)
    at = f"{name}, line {_line(lines, where)}: {dotted}"
    if error["type"] == "extra_forbidden":
        return f"{at} is not a setting.{_meant(str(where[-1]), _names(where))}"
    if error["type"] == "missing":
        return f"{at} is missing."
    known = re.findall(r"'([^']+)'", error["ctx"]["expected"]) if error["type"] == "literal_error" else []
    return f"{at}: {error['msg']} (it says {error['input']!r}).{_meant(str(error['input']), known)}"


def _names(where: Where) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "hall": HallSettings, "server": ServerSettings, "limits": Limits, "service": ServiceSettings,
        "window": WindowSettings, "kiosk": KioskSettings, "device": DeviceSettings,
    }  # fmt: skip
    model = models.get(str(where[0])) if len(where) > 1 else Settings
    return list(model.model_fields) if model else []


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def _cross_checks(settings: Settings) -> list[tuple[Where, str]]:
    services = {s.id for s in settings.service}
    windows = {w.id for w in settings.window}
    kiosks = {k.id for k in settings.kiosk}
    printers = {d.id for d in settings.device if d.kind == "printer"}
    wrong: list[tuple[Where, str]] = []

    def need(where: Where, what: str, word: str | None, known: set[str]) -> None:
        if word is not None and word not in known:
            wrong.append((where, f"there is no {what} {word!r}.{_meant(word, known)}"))

    for n, window in enumerate(settings.window):
        for service in window.services:
            need(("window", n, "services"), "service", service, services)
    for n, kiosk in enumerate(settings.kiosk):
        for printer in (kiosk.printer, *kiosk.backups):
            need(("kiosk", n), "printer", printer, printers)
    for n, device in enumerate(settings.device):
        need(("device", n, "window"), "window", device.window, windows)
        need(("device", n, "kiosk"), "kiosk", device.kiosk, kiosks)
    if not _is_time_zone(settings.hall.timezone):
        need(("hall", "timezone"), "time zone", settings.hall.timezone, available_timezones())
    wrong += _doubles(settings)
    lines = {d.id: n for n, d in enumerate(settings.device)}
    for mistake in catalog.check_all(settings.specs()):
        first = mistake.partition(":")[0].partition(",")[0]
        wrong.append((("device", lines.get(first, 0), "url"), mistake))
    return wrong


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return False
    return True


def _doubles(settings: Settings) -> list[tuple[Where, str]]:
    wrong: list[tuple[Where, str]] = []
    tables: tuple[tuple[str, tuple[Any, ...]], ...] = (
        ("service", settings.service), ("window", settings.window),
        ("kiosk", settings.kiosk), ("device", settings.device),
    )  # fmt: skip
    for table, rows in tables:
        seen: set[str] = set()
        for n, row in enumerate(rows):
            if row.id in seen:
                wrong.append(((table, n, "id"), f"the {table} {row.id!r} stands here a second time."))
            seen.add(row.id)
    prefixes = Counter(s.prefix for s in settings.service)
    for n, service in enumerate(settings.service):
        if prefixes[service.prefix] > 1:
            wrong.append((("service", n, "prefix"), f"the prefix {service.prefix!r} is used by two services."))
    return wrong
