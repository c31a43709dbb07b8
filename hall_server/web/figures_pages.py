"""The manager's figures: a day, its promises, who was overtaken, and what the next days will ask for."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from display.board import Name
from display.phrases import Phrases
from hall_server.core.figures.fairness import NAMED, Fairness
from hall_server.core.figures.kpi import Figures
from hall_server.register.sheets import MEDIA, sheet
from hall_server.web.charts import CHARTS, charts
from hall_server.web.dates import day_in
from hall_server.web.gate import gate
from hall_server.web.ports import Pages
from hall_server.web.screens import Screens, chosen_language, clock_text

# Each line of the page: its name in the catalogue, and where its figures stand in ``GET /figures``.
DAY_LINES = {
    "people": "arrived served called waiting", "wait": "waits.mean_s", "parts": "waits.p50_s waits.p80_s waits.p90_s "
    "waits.p95_s", "longest": "waits.max_s", "at_once": "at_once", "level_served": "level.of_served",
    "level_arrived": "level.of_arrived", "level_left": "level.with_left", "left": "left.share",
    "left_how": "left.cancelled left.no_show left.expired", "left_wait": "left.waits.mean_s",
    "no_show": "left.no_show_share", "service": "service.mean_s service.p50_s service.p90_s",
    "without_start": "without_start", "walking": "walking.mean_s", "most": "most_waiting",
    "steps": "steps", "besides": "holds reinstated undone", "returns": "returned reviews sent_back",
    "by_hand": "by_hand waits_by_hand", "kept": "kept",
    "overtakes": "overtakes overtakes_same_service", "rating": "rating rated",
}  # fmt: skip
PROMISES = "count mae_s bias_s rmse_s too_low near covered90 kept".split()
SHARES = frozenset("of_served of_arrived with_left share no_show_share too_low near covered90 kept occupancy".split())
LEDGER_DAYS = 14  # two weeks show a habit and are read in a second or two
ROWS_SHOWN = 60  # tickets that a page names; the sheet has all
SHEET = "label service klass came wait times beyond by_label by_class by_at by_window by_later cause said".split()
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure on the page: where it stands in the figures of the day, its exact value, and how it is written."""

    path: str
    value: Any

    @property
    def text(self) -> str:
        """For people."""
        name = self.path.rpartition(".")[2]
        if self.value is None:
            return NOTHING
        if name.endswith("_s"):
            return ("-" if self.value < 0 else "") + clock_text(abs(self.value))
        return f"{self.value} %" if name in SHARES else str(self.value)


def figures_blueprint(pages: Pages, phrases: Phrases) -> Blueprint:
    blueprint = Blueprint("figures", __name__, template_folder="templates")
    screens = Screens(pages, phrases)
    blueprint.before_request(gate("/floor", screens))
    _sheets(blueprint, pages, phrases)

    @blueprint.get("/floor/figures")
    def day() -> Response:
        found = pages.reports.figures(request.args.get("day", ""))
        return _none(screens) if found is None else _day_page(pages, screens, found)

    @blueprint.get("/floor/promises")
    def promises() -> Response:
        days = reversed(pages.reports.ledger(LEDGER_DAYS))
        rows = [(name, {key: Cell(key, value) for key, value in asdict(told).items()}) for name, told in days]
        return screens.page("web/promises.html", rows=rows, columns=PROMISES)

    @blueprint.get("/floor/fairness")
    def fairness() -> Response:
        found = pages.reports.fairness(request.args.get("day", ""))
        if found is None:
            return _none(screens)
        values = {"fair": found, "shown": ROWS_SHOWN, "overtakers": NAMED, "names": _names(pages)}
        return screens.page("web/fairness.html", clock=_clock(pages), **values)

    @blueprint.get("/floor/forecast")
    def forecast() -> Response:
        wanted = day_in(request.args.get("day") or pages.today())
        return _none(screens) if wanted is None else _forecast_page(pages, screens, wanted)

    return blueprint


def _sheets(blueprint: Blueprint, pages: Pages, phrases: Phrases) -> None:
    """What a page shows, to compute with elsewhere."""

    @blueprint.get("/floor/figures.csv")
    def day_sheet() -> Response:
        found = pages.reports.figures(request.args.get("day", ""))
        if found is None:
            return Response(status=404)
        return _attached(f"figures-{found.day}", _lines(found, phrases.texts[chosen_language()]))

    @blueprint.get("/floor/figures/<name>.csv")
    def chart_sheet(name: str) -> Response:
        found = pages.reports.figures(request.args.get("day", ""))
        if found is None or name not in CHARTS:
            return Response(status=404)
        return _attached(f"{name}-{found.day}", charts(found)[name].rows(phrases.texts[chosen_language()]))

    @blueprint.get("/floor/fairness<ending>")
    def fairness_sheet(ending: str) -> Response:
        found = pages.reports.fairness(request.args.get("day", "")) if ending in MEDIA else None
        if found is None:
            return Response(status=404)
        texts = phrases.texts[chosen_language()]
        return _sheet(ending, found, texts, _clock(pages))


def _none(screens: Screens) -> Response:
    return screens.page("web/no_day.html", 404)


def _day_page(pages: Pages, screens: Screens, found: Figures) -> Response:
    cell = _cell(found)
    lines = [(name, [cell(path) for path in paths.split()]) for name, paths in DAY_LINES.items()]
    values = {"figures": found, "lines": lines, "cell": cell, "promises": PROMISES, "names": _names(pages)}
    return screens.page("web/figures.html", charts=charts(found), **values)


def _lines(found: Figures, texts: Mapping[str, str]) -> Iterator[list[str]]:
    """Each figure of the page with its exact value and its definition."""
    cell, within_s = _cell(found), found.level.within_s
    yield [texts["fig.figure"], texts["chart.path"], texts["fig.value"], texts["fig.definition"]]
    for name, paths in DAY_LINES.items():
        said, means = (texts[f"fig.{part}.{name}"].format(s=within_s) for part in ("line", "means"))
        for path in paths.split():
            value = cell(path).value
            yield [said, path, "" if value is None else str(value), means]


def _attached(name: str, rows: Iterator[list[str]], ending: str = ".csv") -> Response:
    answer = Response(sheet(ending, rows), mimetype=MEDIA[ending])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name.replace("/", "-")}{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _forecast_page(pages: Pages, screens: Screens, wanted: date) -> Response:
    found = pages.reports.forecast(wanted.isoformat())
    busy = [day.by_hour for day in found.week if day.by_hour]
    values = {
        "found": found,
        "beside": [(wanted + timedelta(days=by)).isoformat() for by in (-1, 1)],
        "most": max((slot.high for slot in found.slots), default=0),
        "hours": sorted({hour for day in busy for hour in day}),
        "peak": max((many for day in busy for many in day.values()), default=0),
        "staffing": pages.reports.staffing(),
    }
    return screens.page("web/forecast.html", **values)


def _sheet(ending: str, found: Fairness, texts: Mapping[str, str], clock: Callable[[float], str]) -> Response:
    head = [texts[f"fair.sheet.{column}"] for column in SHEET]
    return _attached(f"fairness-{found.day}", chain([head], _overtakings(found, texts, clock)), ending)


def _names(pages: Pages) -> dict[str, Mapping[str, Name]]:
    """What people call the groups of each table."""
    services = {service.id: service.name for service in pages.board().services}
    return {"by_service": services, "by_class": pages.reports.classes(), "by_hour": {}}


def _clock(pages: Pages) -> Callable[[float], str]:
    """A moment of the day as clocks in the hall show it."""
    zone = ZoneInfo(pages.board().timezone)
    return lambda moment: datetime.fromtimestamp(moment, zone).strftime("%H:%M:%S")


def _cell(found: Figures) -> Callable[[str], Cell]:
    whole = asdict(found)

    def cell(path: str) -> Cell:
        value: Any = whole
        for part in path.split("."):
            value = value[int(part)] if isinstance(value, (list, tuple)) else value[part]
        return Cell(path, value)

    return cell


def _overtakings(found: Fairness, texts: Mapping[str, str], clock: Callable[[float], str]) -> Iterator[list[str]]:
    """A line for each time that somebody was overtaken."""
    for row in found.rows:
        for by in row.by:
            yield [
                row.label, row.service, row.klass, clock(row.came_at),
                "" if row.wait_s is None else str(round(row.wait_s)), str(row.times), str(row.beyond), by.label,
                by.klass, clock(by.at), by.window, str(by.later_s), texts.get(f"fair.cause.{by.cause}", by.cause),
                by.said,
            ]  # fmt: skip
