"""What managers ask about days: read from the journal, on a real thread that is not the writer's, in bounded time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Protocol

from display.board import Name
from hall_server.core.crowd import spare
from hall_server.core.figures.fairness import Fairness
from hall_server.core.figures.forecast import SLOT_MIN, Forecast, Staffing, basis, staffing
from hall_server.core.figures.kpi import LEVEL_S, Figures
from hall_server.core.figures.ledger import Promises
from hall_server.core.hall import Hall
from hall_server.core.routing import attended, eligible
from hall_server.journal import Journal
from hall_server.records.arrivals import forecast_of
from hall_server.records.days import fairness_of, figures_of
from hall_server.records.ledger import ledger_of

Ledger = tuple[tuple[str, Promises], ...]


class Reports(Protocol):
    """What pages ask of it."""

    def figures(self, day: str) -> Figures | None:
        """None when there was no such day; the last one when none is named."""

    def fairness(self, day: str) -> Fairness | None: ...

    def ledger(self, days: int) -> Ledger: ...

    def forecast(self, day: str) -> Forecast: ...

    def classes(self) -> Mapping[str, Name]:
        """How the classes of customers are called."""

    def staffing(self) -> Staffing | None:
        """None: unknown, or the hall is closed."""


@dataclass(frozen=True, slots=True)
class _Now:
    """The windows of an open hall: how many call, which of those have nobody, and which of the others could call."""

    zone: str
    calling: int
    idle: tuple[str, ...]
    closed: tuple[str, ...]


@dataclass(slots=True)
class DayReports:
    """The reports of one hall. All of them raise ``JournalError``."""

    journal: Journal
    read: Callable[..., Any]
    look: Callable[[Callable[[Hall], Any]], Any]
    clock: Callable[[], float]
    today: Callable[[], str]
    _expected: tuple[str, float, Forecast] | None = field(default=None)

    def figures(self, day: str, within_s: int = LEVEL_S) -> Figures | None:
        """A business day (none named: the last one); None when there was no such day."""
        found: Figures | None = self.read(figures_of, self.journal, day, within_s)
        return found

    def fairness(self, day: str) -> Fairness | None:
        """Who was overtaken on a business day."""
        found: Fairness | None = self.read(fairness_of, self.journal, day)
        return found

    def ledger(self, days: int) -> Ledger:
        """What the estimates of the last business days were worth."""
        today = self.today()
        first = (date.fromisoformat(today) - timedelta(days=days - 1)).isoformat()
        found: Ledger = self.read(ledger_of, self.journal, first, today)
        return found

    def forecast(self, day: str) -> Forecast:
        """The demand to expect on a date (YYYY-MM-DD)."""
        found: Forecast = self.read(forecast_of, self.journal, day, self.look(basis))
        return found

    def classes(self) -> Mapping[str, Name]:
        """The names of the classes that the hall has now."""
        found: Mapping[str, Name] = self.look(
            lambda hall: {one.id: Name(one.zh or one.id, one.en or one.id) for one in hall.config.policy.classes}
        )
        return found

    def staffing(self) -> Staffing | None:
        """Whether the windows that call now are as many as today's forecast asks for; None: unknown, or closed."""
        now: _Now | None = self.look(_now)
        if now is None:
            return None
        found = staffing(self._today(), self.clock(), now.zone, now.calling, len(now.idle))
        return found and replace(found, which=now.closed if found.short else now.idle)

    def _today(self) -> Forecast:
        """Made anew each half hour: every look at the floor asks for it."""
        today, now = self.today(), self.clock()
        known = self._expected
        if known is None or known[0] != today or now - known[1] > SLOT_MIN * 60:
            known = self._expected = today, now, self.forecast(today)
        return known[2]


def _now(hall: Hall) -> _Now | None:
    if not hall.day_open:
        return None
    calling = [window.id for window in hall.config.windows if eligible(hall, window.id) and attended(hall, window.id)]
    idle = tuple(window for window in calling if hall.windows[window].ticket is None)
    return _Now(hall.config.timezone, len(calling), idle, tuple(window for window, _ in spare(hall, "")))
