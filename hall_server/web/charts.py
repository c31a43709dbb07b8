"""The charts of a day's figures: drawn by the server, for scripts as values, and as sheets that say the same."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hall_server.core.figures.kpi import Figures, Group

WIDTH, HEIGHT = 960, 260  # of the drawing, in its own units: it is as wide as its place
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 14, 34
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
LINES_MOST = 5
CHARTS = ("waits", "arrivals")
SECONDS_PER_MINUTE = 60
Value = float | int | None


@dataclass(frozen=True, slots=True)
class Series:
    """One line or row of bars: its name in the catalogue, and a value for each hour (None: nobody was called)."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A value where it stands in the drawing."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Figures hour by hour; ``bars`` for numbers of people, lines for minutes."""

    name: str
    hours: tuple[str, ...]
    series: tuple[Series, ...]
    bars: bool

    @property
    def empty(self) -> bool:
        return not any(value is not None for one in self.series for value in one.values)

    @property
    def ticks(self) -> list[tuple[int, float]]:
        """Round values on the axis, and how high they stand."""
        most = max((value for one in self.series for value in one.values if value is not None), default=0)
        step = next((step for step in STEPS if most <= step * LINES_MOST), STEPS[-1])
        top = max(step, -(-int(-(-most // 1)) // step) * step)
        return [(value, self._y(value, top)) for value in range(0, top + 1, step)]

    @property
    def slot(self) -> float:
        """How wide an hour is."""
        return (WIDTH - LEFT - RIGHT) / max(len(self.hours), 1)

    @property
    def places(self) -> list[tuple[str, float]]:
        """The hours, and the middle of each."""
        return [(hour, round(LEFT + self.slot * (n + 0.5), 1)) for n, hour in enumerate(self.hours)]

    def strokes(self, one: Series) -> Iterator[list[Mark]]:
        """The parts of a line, which is broken where nobody was called."""
        top = self.ticks[-1][0]
        marks = [
            None if value is None else Mark(x, self._y(value, top))
            for (_, x), value in zip(self.places, one.values, strict=True)
        ]
        for there, part in groupby(marks, key=lambda mark: mark is not None):
            if there:
                yield [mark for mark in part if mark is not None]

    def data(self) -> dict[str, Any]:
        """What a script draws."""
        values = [one.values for one in self.series]
        return {"hours": self.hours, "bars": self.bars, "series": [one.name for one in self.series], "values": values}

    def rows(self, texts: Mapping[str, str]) -> Iterator[list[str]]:
        """The sheet: an hour a line."""
        yield [texts["fig.by_hour.name"], *(texts[f"chart.series.{one.name}"] for one in self.series)]
        for n, hour in enumerate(self.hours):
            yield [hour, *("" if one.values[n] is None else str(one.values[n]) for one in self.series)]

    @staticmethod
    def _y(value: float, top: int) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top), 1)


def charts(found: Figures) -> dict[str, Chart]:
    """The charts of a day by their names; hours in which nobody came are there, too."""
    hours, groups = _whole(found.by_hour)
    waits = (
        Series("p50", tuple(_minutes(one.waits.p50_s) if one else None for one in groups)),
        Series("p90", tuple(_minutes(one.waits.p90_s) if one else None for one in groups)),
    )
    arrivals = (Series("arrived", tuple(one.arrived if one else 0 for one in groups)),)
    drawn = (Chart("waits", hours, waits, bars=False), Chart("arrivals", hours, arrivals, bars=True))
    return {one.name: one for one in drawn}


def _whole(groups: Sequence[Group]) -> tuple[tuple[str, ...], tuple[Group | None, ...]]:
    """From the first hour to the last, without a hole."""
    known = {int(one.name.partition(":")[0]): one for one in groups}
    hours = range(min(known, default=0), max(known, default=-1) + 1)
    return tuple(f"{hour:02}:00" for hour in hours), tuple(known.get(hour) for hour in hours)


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / SECONDS_PER_MINUTE, 1)
