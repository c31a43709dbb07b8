"""A day's figures whose hours have everything a chart may meet: a quiet hour, a hole, and one very long wait."""

from dataclasses import replace

from hall_server.core.figures.kpi import Figures, Group, figures, times
from hall_server.core.figures.visits import DayTold

DAY = "2026-11-22/1"
ARRIVED = {"08:00": 14, "09:00": 41, "10:00": 38, "11:00": 26, "12:00": 3, "14:00": 33, "15:00": 29, "16:00": 8}
WAITS_S = {"08:00": (60, 240), "09:00": (300, 840), "10:00": (660, 1830), "11:00": (540, 1200), "14:00": (420, 900)}


def charted() -> Figures:
    """Nobody came between one and two; who came at twelve and after three has not been called."""
    hours = tuple(Group(name, many, 0, times(WAITS_S.get(name, ()))) for name, many in ARRIVED.items())
    empty = figures(DayTold(DAY, timezone="Asia/Shanghai"))
    return replace(empty, by_hour=hours, arrived=sum(ARRIVED.values()), served=150, called=170)
