"""hallcall.toml as values: every mistake at once, each with its line and the word that was probably meant."""

import contextlib
import os
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from drivers.ports import DeviceSpec
from hall_server.core import config as core
from hall_server.settings.appointments import AppointmentSettings, appointment_checks, slots_of
from hall_server.settings.busy import CrowdSettings, DutySettings, busy_checks, crowds_of, roster_of
from hall_server.settings.calendar import (
    ClerkSettings,
    DaySettings,
    HolidaySettings,
    HoursSettings,
    MakeupSettings,
    calendar_checks,
    calendar_of,
    spans_of,
)
from hall_server.settings.checklists import (
    ChecklistSettings,
    PickUpSettings,
    QuickReturnSettings,
    checklist_checks,
    checklists_of,
    pickup_checks,
)
from hall_server.settings.checks import (
    DATABASES,
    Where,
    cross_checks,
    is_database,
    line_numbers,
    line_of,
    meant,
    rows,
)
from hall_server.settings.complaints import ComplaintSettings
from hall_server.settings.hooks import WebhookSettings, hook_checks
from hall_server.settings.numbers import SeriesSettings, series_checks, series_of
from hall_server.settings.policy import ClassSettings, PolicySettings, policy_checks, policy_of
from hall_server.settings.retention import RetentionSettings
from hall_server.settings.reviews import review_checks
from hall_server.settings.signs import SETTINGS, take_profiles, why_no_toml
from hall_server.settings.tables import (
    DEFAULT_PORT,
    HIGHEST_PORT,
    PATTERNS,
    AwaySettings,
    DeviceSettings,
    GroupSettings,
    HallSettings,
    HelperSettings,
    InspectionSettings,
    KioskSettings,
    Limits,
    PartySettings,
    RedirectSettings,
    RepairSettings,
    ServerSettings,
    ServiceSettings,
    Table,
    WindowSettings,
    place_ports,
)
from hall_server.settings.tv import TvSettings, tv_checks
from hall_server.settings.voice import VoiceSettings, voice_checks

FILE = SETTINGS


class SettingsError(Exception):
    """The settings have mistakes; ``mistakes`` lists them all, one sentence each, ``places`` where each one stands."""

    def __init__(self, mistakes: list[str], places: Sequence[tuple[Where, str]] = ()) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes
        self.places = tuple(places)

    def told(self, path: Path) -> str:
        """All of it, for a person who starts something."""
        if all(", line " in mistake or mistake.startswith(path.name) for mistake in self.mistakes):
            return f"{path} has mistakes:\n" + "\n".join(f"  {mistake}" for mistake in self.mistakes)
        return "\n".join(self.mistakes)  # no such file, or a wrong port in the environment


class Settings(Table):
    """The whole file."""

    hall: HallSettings
    redirect: RedirectSettings = RedirectSettings()
    server: ServerSettings = ServerSettings()
    away: AwaySettings = AwaySettings()
    limits: Limits = Limits()
    retention: RetentionSettings = RetentionSettings()
    complaints: ComplaintSettings = ComplaintSettings()
    repair: RepairSettings = RepairSettings()
    policy: PolicySettings = PolicySettings()
    classes: tuple[ClassSettings, ...] = Field(default=(), alias="class")
    day: DaySettings = DaySettings()
    hours: tuple[HoursSettings, ...] = ()
    holiday: tuple[HolidaySettings, ...] = ()
    makeup: tuple[MakeupSettings, ...] = ()
    clerk: tuple[ClerkSettings, ...] = ()
    crowd: tuple[CrowdSettings, ...] = ()
    duty: tuple[DutySettings, ...] = ()
    inspection: tuple[InspectionSettings, ...] = ()
    appointment: tuple[AppointmentSettings, ...] = ()
    series: tuple[SeriesSettings, ...] = ()
    checklist: tuple[ChecklistSettings, ...] = ()
    quick_return: QuickReturnSettings = QuickReturnSettings()
    pickup: PickUpSettings = PickUpSettings()
    voice: VoiceSettings = VoiceSettings()
    tv: TvSettings = TvSettings()
    party: tuple[PartySettings, ...] = ()
    service: tuple[ServiceSettings, ...] = Field(min_length=1)
    group: tuple[GroupSettings, ...] = ()
    window: tuple[WindowSettings, ...] = Field(min_length=1)
    kiosk: tuple[KioskSettings, ...] = ()
    device: tuple[DeviceSettings, ...] = ()
    helper: tuple[HelperSettings, ...] = ()
    webhook: tuple[WebhookSettings, ...] = ()

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
                core.Service(
                    s.id, s.zh, s.en, s.prefix, s.icon, round(s.norm_min * 60), round(s.target_min * 60),
                    s.target_share, s.pickup or "", s.review or "", s.offered, s.group or "",
                )  # fmt: skip
                for s in self.service
            ),
            windows=tuple(core.Window(w.id, w.services, w.printers) for w in self.window),
            kiosks=tuple(core.Kiosk(k.id, k.zh, k.en, k.printer, k.backups) for k in self.kiosk),
            devices=tuple(d.known() for d in self.device),
            on_sign_failure=core.OnFault(self.redirect.sign or self.hall.on_sign_failure or "redirect"),
            on_window_failure=core.OnFault(self.redirect.window), on_tv_failure=core.OnFault(self.redirect.tv),
            on_printer_failure=core.OnFault(self.redirect.printer), redirect_after_s=self.redirect.apply_after_s,
            groups=tuple(core.ServiceGroup(g.id, g.zh, g.en, g.icon) for g in self.group),
            qr=self.hall.qr, several=self.hall.several, policy=policy_of(self.policy, self.classes),
            appointments=slots_of(self.appointment), series=series_of(self.series),
            away=core.Away(self.away.block, self.away.first),
            pad_next=self.hall.pad_next, opens=self.hall.opens, quiet=spans_of(self.voice.quiet),
            calendar=calendar_of(self.hours, self.holiday, self.makeup), day=self.day.rules(),
            clerks=tuple(core.Clerk(one.id, one.skills) for one in self.clerk if one.skills),
            crowds=crowds_of(self.crowd),
            roster=roster_of(self.duty),
            checklists=checklists_of(self.checklist), quick_return=self.quick_return.known(),
            pickup=self.pickup.known(), contacts=self.complaints.known(),
            inspections=tuple(
                core.Inspection(
                    i.id, i.kind, i.every, i.zh, i.en, tuple(core.ChecklistItem(one.zh, one.en) for one in i.items)
                )
                for i in self.inspection
            ),
            parties=tuple(core.Party(p.id, p.zh, p.en, p.phone, p.kinds, p.escalate) for p in self.party),
            repair=core.RepairLimits(
                self.repair.reported_min, self.repair.accepted_min, self.repair.on_site_min,
                self.repair.waiting_parts_min, self.repair.fixed_min,
            ),
        )  # fmt: skip


def port_in_force(in_file: Any) -> int:
    """The port: ``HALLCALL_PORT``, the file's, or 8800."""
    named = os.environ.get("HALLCALL_PORT")
    return int(named) if named else (in_file if isinstance(in_file, int) and in_file else DEFAULT_PORT)


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
        raise SettingsError([f"{name}: {why_no_toml(broken)}."]) from broken
    lines = line_numbers(text)
    unread, beside = take_profiles(raw, folder)
    found = [*unread, *cross_checks(raw, _specs(raw)), *policy_checks(raw), *hook_checks(raw), *calendar_checks(raw)]
    found += [
        *appointment_checks(raw),
        *series_checks(raw),
        *busy_checks(raw),
        *checklist_checks(raw),
        *pickup_checks(raw),
        *voice_checks(raw),
        *tv_checks(raw),
        *review_checks(raw),
    ]
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as invalid:
        own = [error for error in invalid.errors() if error["type"] != "too_short" or not error["input"]]
        found += [(tuple(error["loc"]), _sentence(error, raw)) for error in own]
    if found or beside:
        at = sorted((line_of(lines, where), what) for where, what in found)
        own_mistakes = [f"{name}, line {line}: {what}" for line, what in dict.fromkeys(at)]
        raise SettingsError([*own_mistakes, *dict.fromkeys(beside)], found)
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


def _sentence(error: Any, raw: dict[str, Any]) -> str:
    where: Where = tuple(error["loc"])
    dotted = _named(where, raw)
    if error["type"] == "extra_forbidden":
        return f"{dotted} is not a setting.{meant(str(where[-1]), _names(where))}"
    if error["type"] == "missing":
        return f"{dotted} is missing."
    if error["type"] == "string_pattern_mismatch" and error["ctx"]["pattern"] in PATTERNS:
        return f"{dotted} is {PATTERNS[error['ctx']['pattern']]} (it says {error['input']!r})."
    known = re.findall(r"'([^']+)'", error["ctx"]["expected"]) if error["type"] == "literal_error" else []
    return f"{dotted}: {error['msg']} (it says {error['input']!r}).{meant(str(error['input']), known)}"


def _named(where: Where, raw: dict[str, Any]) -> str:
    """A setting as a person finds it: the row of a [[table]] by its id."""
    parts = [str(part) for part in where]
    if len(where) > 1 and isinstance(where[1], int) and isinstance(table := raw.get(str(where[0])), list):
        row = table[where[1]]
        name = row.get("id") if isinstance(row, dict) else None
        parts[1] = name if isinstance(name, str) and name else parts[1]
    return ".".join(parts)


def _names(where: Where) -> list[str]:
    models: dict[str, type[BaseModel]] = {
        "hall": HallSettings, "server": ServerSettings, "limits": Limits, "service": ServiceSettings,
        "window": WindowSettings, "group": GroupSettings, "kiosk": KioskSettings, "device": DeviceSettings,
        "redirect": RedirectSettings, "repair": RepairSettings, "party": PartySettings,
        "inspection": InspectionSettings, "policy": PolicySettings, "class": ClassSettings, "helper": HelperSettings,
        "day": DaySettings, "hours": HoursSettings, "holiday": HolidaySettings, "makeup": MakeupSettings,
        "clerk": ClerkSettings, "crowd": CrowdSettings, "duty": DutySettings,
        "webhook": WebhookSettings,
        "appointment": AppointmentSettings, "away": AwaySettings, "series": SeriesSettings,
        "checklist": ChecklistSettings, "quick_return": QuickReturnSettings, "pickup": PickUpSettings,
        "retention": RetentionSettings, "complaints": ComplaintSettings, "voice": VoiceSettings, "tv": TvSettings,
    }  # fmt: skip
    model = models.get(str(where[0])) if len(where) > 1 else Settings
    return [one.alias or name for name, one in model.model_fields.items()] if model else []
