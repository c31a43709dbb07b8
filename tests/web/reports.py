"""Reports of one small day, counted by the real folds, for pages that show them."""

from dataclasses import dataclass, field

from display.board import Name
from hall_server.core.figures.fairness import Fairness
from hall_server.core.figures.forecast import Forecast, Staffing
from hall_server.core.figures.kpi import LEVEL_S, Figures
from hall_server.core.figures.ledger import Promises


@dataclass
class FakeReports:
    """What a test puts there; a hall without a day has none of it."""

    days: dict[str, Figures] = field(default_factory=dict)
    fair: Fairness | None = None
    told: tuple[tuple[str, Promises], ...] = ()
    expected: Forecast = Forecast("2026-11-22", (), 0, (), (), ())
    staff: Staffing | None = None

    def figures(self, day: str, within_s: int = LEVEL_S) -> Figures | None:
        return self.days.get(day)

    def fairness(self, day: str) -> Fairness | None:
        return self.fair

    def ledger(self, days: int) -> tuple[tuple[str, Promises], ...]:
        return self.told[-days:]

    def forecast(self, day: str) -> Forecast:
        return self.expected

    def classes(self) -> dict[str, Name]:
        return {}

    def staffing(self) -> Staffing | None:
        return self.staff
