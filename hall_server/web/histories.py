"""What pages ask about the past of devices and of ratings: read from the journal, not on the writer's thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from hall_server import contract as c
from hall_server.contract.reports import DeviceReport, RepairRecord
from hall_server.core.config import Device
from hall_server.core.hall import Hall
from hall_server.journal import Journal
from hall_server.web.device_history import DeviceHistory, Span, last_days, read_figures, read_history
from hall_server.web.device_reports import Asked, read_repairs, read_report
from hall_server.web.rating_history import read_ratings


class Kept(Protocol):
    """What pages ask of it."""

    def device(self, name: str, before: int) -> DeviceHistory | None:
        """Its past, with the log before that row of the journal; None when there is no such device."""

    def report(self) -> DeviceReport:
        """All devices over a quarter, and whether to repair or replace them."""

    def repairs(self, name: str | None) -> tuple[RepairRecord, ...] | None:
        """The repairs of a year, of one device or all; None when there is no such device."""

    def ratings_of(self, days: int) -> c.RatingFigures:
        """What customers said in the last business days, today's among them."""


@dataclass(frozen=True, slots=True)
class Histories:
    """Those of one hall. All of them raise ``JournalError``."""

    journal: Journal
    read: Callable[..., Any]
    look: Callable[[Callable[[Hall], Any]], Any]
    clock: Callable[[], float]
    today: Callable[[], str]
    assets: Mapping[str, c.RegisterRow]

    def device(self, name: str, before: int) -> DeviceHistory | None:
        """A device's past."""
        known, span = self._device(name), last_days(self.today(), self.clock())
        if known is None:
            return None
        found: DeviceHistory = self.read(read_history, self.journal, known, span, before)
        return found

    def figures(self, name: str, span: Span) -> c.DeviceFigures | None:
        """A device's figures over some business days; None when there is no such device."""
        known = self._device(name)
        if known is None:
            return None
        found: c.DeviceFigures = self.read(read_figures, self.journal, known, span)
        return found

    def report(self) -> DeviceReport:
        """All devices over a quarter."""
        found: DeviceReport = self.read(read_report, self.journal, self._asked(None))
        return found

    def repairs(self, name: str | None) -> tuple[RepairRecord, ...] | None:
        """The repairs of a year."""
        asked = self._asked(name)
        if not asked.devices:
            return None
        found: tuple[RepairRecord, ...] = self.read(read_repairs, self.journal, asked)
        return found

    def ratings(self, span: Span) -> c.RatingFigures:
        """What customers said over some business days."""
        found: c.RatingFigures = self.read(read_ratings, self.journal, span)
        return found

    def ratings_of(self, days: int) -> c.RatingFigures:
        """What they said in the last days."""
        return self.ratings(last_days(self.today(), self.clock(), days))

    def _device(self, name: str) -> Device | None:
        found: Device | None = self.look(lambda hall: hall.device_by_id.get(name))
        return found

    def _asked(self, name: str | None) -> Asked:
        today, now_s, assets = self.today(), self.clock(), dict(self.assets)

        def of(hall: Hall) -> Asked:
            devices = tuple(one for one in hall.config.devices if name in (None, one.id))
            came = {one: now.replaced[-1].at for one, now in hall.devices.items() if now.replaced}
            return Asked(devices, assets, came, hall.config.timezone, today, now_s)

        found: Asked = self.look(of)
        return found
