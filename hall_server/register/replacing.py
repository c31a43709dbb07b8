"""Another unit behind a device's id: what hallcall.toml says then, checked whole, and how it comes into force."""

import logging
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tomlkit.exceptions import TOMLKitError

from hall_server.core.config import HallConfig
from hall_server.core.replacements import Unit
from hall_server.register import edit
from hall_server.register.addresses import refused
from hall_server.settings import FILE, Settings, SettingsError, load, parse
from hall_server.settings.tables import DeviceSettings, ServerSettings, place_ports
from hall_server.wiring import Wiring

LOG = logging.getLogger(__name__)


class NotReplaced(Exception):
    """The settings stay as they are: all mistakes, each with the field it belongs to and a code or a sentence."""

    def __init__(self, mistakes: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(what for _, what in mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Wanted:
    """The unit that shall stand behind ``device``; ``options`` and ``columns`` None: as they are."""

    device: str
    url: str
    options: Mapping[str, str] | None = None
    columns: int | None = None
    model: str = ""
    serial: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The settings before and after, and the device in both."""

    before: str
    after: str
    settings: Settings
    old: DeviceSettings
    new: DeviceSettings

    @property
    def written(self) -> dict[str, str]:
        """The new options as the file has them, a profile by its name."""
        rows = tomllib.loads(self.after)["device"]
        return dict(next(row.get("options", {}) for row in rows if row["id"] == self.new.id))

    def unit(self, device: DeviceSettings) -> Unit:
        """What the journal keeps of a unit."""
        label = (device.model or "", device.serial or "", device.firmware or "")
        return Unit(place_ports(device.opened_by, self.settings.port), *label)

    @property
    def url(self) -> str:
        """The new address as a station opens it."""
        return self.settings.url_of(self.new)


def _files_refused(options: Mapping[str, str], old: DeviceSettings) -> list[str]:
    """What a form may not have read: a profile is no settings file, and a key table stands wherever a person put it."""
    profile, site = options.get("profile", ""), options.get("site", "")
    wrong = ["profile_name"] if profile and (not profile.endswith(".toml") or profile == FILE) else []
    return wrong + (["site_by_hand"] if site and site != old.options.get("site") else [])


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where units are exchanged in the settings of one server; ``server`` is how it listens, whatever the file says."""

    home: Path
    server: ServerSettings
    wiring: Wiring

    def read_config(self) -> HallConfig:
        """What rules read of the file as it is now; stations are told of it, too. Raises ``SettingsError``."""
        fresh = load(self.home / FILE)
        self.wiring.renew(fresh.model_copy(update={"server": self.server}))
        return fresh.hall_config()

    def plan(self, wanted: Wanted) -> Plan:
        """What the file would say, wholly checked. Raises ``NotReplaced`` with all mistakes."""
        try:
            before = edit.read(self.home)
        except (OSError, UnicodeDecodeError) as trouble:
            raise NotReplaced([("file", f"{FILE}: {trouble}")]) from trouble
        current = self._read(before)
        wired = {one.id: one for one in current.device if one.url}
        old = wired.get(wanted.device)
        if old is None:
            raise NotReplaced([("device", "no_cable")])
        if wrong := [("options", code) for code in _files_refused(wanted.options or {}, old)]:
            raise NotReplaced(wrong)
        here = current.url_of(old)
        forbidden = refused(wanted.url, (current.url_of(one) for one in wired.values()))
        if forbidden:
            raise NotReplaced([("url", f"address_{forbidden}")])
        after = self._changed(before, wanted, old, (old.url or "") if wanted.url == here else wanted.url)
        settings = self._read(after)
        return Plan(before, after, settings, old, next(one for one in settings.device if one.id == old.id))

    def as_written(self, device: str) -> Wanted | None:
        """What the file says about a device, profiles by their names; None for what has no address there."""
        try:
            text = edit.read(self.home)
            raw = tomllib.loads(text).get("device", [])
            settings = self._read(text)
        except (OSError, ValueError, NotReplaced):
            return None
        one = next((one for one in settings.device if one.id == device and one.url), None)
        if one is None:
            return None
        options = next(row.get("options", {}) for row in raw if row["id"] == device)
        return Wanted(
            device, settings.url_of(one), options, one.columns, one.model or "", one.serial or "", one.firmware or ""
        )

    def put(self, plan: Plan) -> None:
        """Write the file, keep the old one beside it, and have stations told. Raises ``NotReplaced``."""
        self.put_text(plan.before, plan.after, plan.settings)

    def put_text(self, before: str, after: str, settings: Settings) -> None:
        """The same of any change that was checked. Raises ``NotReplaced``."""
        try:
            now = edit.read(self.home)
            if now not in (before, after):
                raise NotReplaced([("file", "changed_meanwhile")])
            if now != after:
                edit.write(self.home, after)
        except (OSError, UnicodeDecodeError) as trouble:
            raise NotReplaced([("file", f"{FILE}: {trouble}")]) from trouble
        self.wiring.renew(settings)

    def follow(self, wanted: Wanted) -> bool:
        """Do here what another server of the same database has done in its own file; whether there was anything."""
        try:
            plan = self.plan(wanted)
            if plan.after == plan.before:
                return False
            self.put(plan)
        except NotReplaced as why:
            LOG.warning("%s was replaced by another server, and not in the settings here: %s", wanted.device, why)
            return False
        LOG.warning("%s was replaced by another server: the settings here say so, too", wanted.device)
        return True

    def _changed(self, before: str, wanted: Wanted, old: DeviceSettings, url: str) -> str:
        # What is printed on the old one's label, and when it was bought, is not true of the new one.
        row = {"id": wanted.device, "url": url, "model": wanted.model, "serial": wanted.serial}
        row |= {"firmware": wanted.firmware, "bought": "", "warranty_until": ""}
        row |= {} if wanted.model == (old.model or "") else {"manual": ""}
        try:
            reopened = edit.reopened(before, wanted.device, wanted.options, wanted.columns)
            return edit.changed(reopened, [row], self.home)
        except SettingsError as wrong:
            raise NotReplaced([("file", mistake) for mistake in wrong.mistakes]) from wrong
        except (edit.NotChanged, TOMLKitError) as wrong:
            raise NotReplaced([("file", str(wrong))]) from wrong

    def _read(self, text: str) -> Settings:
        """Ports count from where the server listens, not from what the file says by now."""
        try:
            return parse(text, FILE, self.home).model_copy(update={"server": self.server})
        except SettingsError as wrong:
            raise NotReplaced([("file", mistake) for mistake in wrong.mistakes]) from wrong
