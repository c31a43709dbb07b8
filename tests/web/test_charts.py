"""The charts of a day: the drawing, the table, the values for the script and the sheet all say the same."""

import csv
import json
import re
from io import StringIO

import pytest
from flask.testing import FlaskClient

from hall_server.core.figures.kpi import figures
from hall_server.core.figures.visits import DayTold
from hall_server.web.charts import charts
from hall_server.web.ports import Principal
from tests.web.charts_day import DAY, charted
from tests.web.hall import FakePages, hall_app
from tests.web.reading import tags, texts
from tests.web.reports import FakeReports

HOURS = [f"{hour:02}:00" for hour in range(8, 17)]
P50 = [1.0, 5.0, 11.0, 9.0, None, None, 7.0, None, None]
P90 = [4.0, 14.0, 30.5, 20.0, None, None, 15.0, None, None]
ARRIVED = [14, 41, 38, 26, 3, 0, 33, 29, 8]


@pytest.fixture
def browser() -> FlaskClient:
    pages = FakePages(day_reports=FakeReports(days={"": charted(), DAY: charted()}))
    pages.sessions["secret"] = Principal("manager", "wang")
    client = hall_app(pages).test_client()
    client.set_cookie("hallcall", "secret")
    client.set_cookie("hallcall_lang", "en")
    return client


def sheet(browser: FlaskClient, path: str) -> list[list[str]]:
    answer = browser.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def test_a_script_gets_every_hour_and_nothing_where_nobody_was_called(browser: FlaskClient) -> None:
    html = browser.get("/floor/figures").text
    told = [json.loads(one) for one in re.findall(r'<script type="application/json">(.*?)</script>', html)]
    assert told == [
        {"hours": HOURS, "bars": False, "series": ["p50", "p90"], "values": [P50, P90]},
        {"hours": HOURS, "bars": True, "series": ["arrived"], "values": [ARRIVED]},
    ]


def test_without_a_script_the_page_has_drawings_tables_and_definitions(browser: FlaskClient) -> None:
    html = browser.get("/floor/figures").text
    lines = [line for line in tags(html, "polyline") if line["points"]]
    assert [len((line["points"] or "").split()) for line in lines] == [4, 1, 4, 1], "two lines, each with a hole"
    bars = [bar for bar in tags(html, "rect") if "x" in bar]
    assert [float(bar["height"] or 0) > 0 for bar in bars] == [many > 0 for many in ARRIVED]
    said = texts(html)
    assert {"Waits over the day", "Arrivals over the day", "30.5", "Download CSV", "Table"} <= set(said)
    assert any("half waited no longer than the first line" in text for text in said)
    assert len(tags(html, "details")) == 2


def test_the_sheets_say_what_the_charts_say(browser: FlaskClient) -> None:
    waits = sheet(browser, f"/floor/figures/waits.csv?day={DAY}")
    head = ["Hour of arrival", "Half waited up to (min)", "Nine in ten waited up to (min)"]
    rows = [
        [hour, *("" if one is None else str(one) for one in pair)] for hour, *pair in zip(HOURS, P50, P90, strict=True)
    ]
    assert waits == [head, *rows]
    arrivals = sheet(browser, f"/floor/figures/arrivals.csv?day={DAY}")
    assert arrivals[1:] == [[hour, str(many)] for hour, many in zip(HOURS, ARRIVED, strict=True)]
    assert [browser.get(path).status_code for path in ("/floor/figures/x.csv", "/floor/figures/waits.csv?day=no")] == [
        404
    ] * 2


def test_the_days_sheet_has_each_figure_with_its_exact_value_and_its_definition(browser: FlaskClient) -> None:
    head, *rows = sheet(browser, f"/floor/figures.csv?day={DAY}")
    assert head == ["Figure", "Name", "Value", "Definition"]
    by_path = {path: (value, means) for _, path, value, means in rows}
    assert by_path["arrived"][0] == "192"
    assert by_path["waits.mean_s"][0] == "", "unknown is no nought"
    assert all(means for _, means in by_path.values())
    page = {one["data-figure"]: one["value"] for one in tags(browser.get("/floor/figures").text, "data")}
    assert {path: value for path, (value, _) in by_path.items()} == {path: page[path] for path in by_path}


def test_a_day_without_customers_has_no_empty_axes() -> None:
    day = charts(figures(DayTold("2026-11-22/1")))
    assert [(chart.empty, chart.hours) for chart in day.values()] == [(True, ()), (True, ())]


@pytest.mark.parametrize(
    ("most", "ticks"), [(1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (41, [0, 10, 20, 30, 40, 50]), (0, [0, 1])]
)
def test_an_axis_has_round_values_and_reaches_over_the_highest(most: int, ticks: list[int]) -> None:
    (name, chart), *_ = (one for one in charts(charted()).items() if one[0] == "arrivals")
    few = type(chart)(name, ("08:00",), (type(chart.series[0])("arrived", (most,)),), bars=True)
    assert [value for value, _ in few.ticks] == ticks
