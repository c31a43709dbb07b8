"""``hallcall forecast``: past days of the journal, the same from the server, the page and the command."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from hall_server.app import Hosting, build
from hall_server.core import commands as c
from hall_server.past.forecasts import forecast_command
from hall_server.settings import load
from tests.core.scene import CONFIG
from tests.model.moves import Clock
from tests.server.halls import HALL, Api, problem, write_settings
from tests.server.running import Desk

ZONE = ZoneInfo("Asia/Shanghai")
SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=ZONE)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Api]:
    """Three Sundays and a Monday lie behind; the Sunday nine weeks ago is too old to count."""
    home, clock = tmp_path / "home", Clock((SUNDAY - timedelta(weeks=10)).timestamp())
    write_settings(home, HALL)
    desk = Desk(home / "hall.sqlite3", clock)
    desk.open()
    desk.journal.hall = "main"
    desk.ask(c.Configure(CONFIG))
    for weeks, days, many in ((9, 0, 50), (3, 0, 4), (2, 0, 6), (1, 0, 8), (1, -1, 5)):
        day = SUNDAY - timedelta(weeks=weeks, days=days)
        clock.now = day.timestamp()
        desk.ask(c.OpenDay(day.date().isoformat()))
        for number in range(many):
            clock.now += 60
            desk.ask(c.Issue(f"t{weeks}{days}{number}", f"c{weeks}{days}{number}", "loans" if number == 3 else "id"))
        desk.ask(c.CloseDay("evening"))
    desk.close()
    clock.now = SUNDAY.timestamp()
    server = build(load(home / "hallcall.toml"), home, Hosting(clock=clock))
    tokens = {role: server.desk.grant("token", role, "wang", None, "test") for role in ("manager", "admin")}
    yield Api(server, tokens)
    server.stop()


def forecast(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(forecast_command, [*words, "--recompute", "--home", str(tmp_path / "home")])


def test_server_and_command_expect_the_mean_of_the_same_weekday_of_eight_weeks(hall: Api, tmp_path: Path) -> None:
    told = json.loads(forecast(tmp_path, "--day", "2026-11-22", "--json").output)
    assert told["days"] == ["2026-11-01", "2026-11-08", "2026-11-15"]
    assert [slot["begins"] for slot in told["slots"]] == ["09:00"]
    (nine,) = told["slots"]
    assert (nine["begins"], nine["mean"], nine["low"], nine["high"]) == ("09:00", 6.0, 4, 8)
    assert nine["by_service"] == {"id": 5.0, "tax": 0.0, "loans": 1.0}
    assert [(day["weekday"], day["days"]) for day in told["week"] if day["days"]] == [(0, 1), (6, 3)]
    assert hall.get("/forecast", "manager").get_json() == told
    assert hall.get("/forecast?day=2026-11-22", "manager").get_json() == told


def test_the_table_names_the_windows_and_what_they_are_for(hall: Api, tmp_path: Path) -> None:
    said = forecast(tmp_path, "--day", "2026-11-22").output
    assert "2026-11-22, as the mean of 2026-11-01, 2026-11-08, 2026-11-15" in said
    assert "loans: 600 s each; 80 % should wait no longer than 900 s; windows 4" in said


def test_a_weekday_that_never_was_is_unknown_and_a_wrong_date_is_refused(hall: Api, tmp_path: Path) -> None:
    said = forecast(tmp_path, "--day", "2026-11-24").output
    assert said == "Nothing is known of 2026-11-24: no business day of its weekday in the eight weeks before.\n"
    assert "'soon' is no date: write YYYY-MM-DD." in forecast(tmp_path, "--day", "soon").stderr
    assert problem(hall.get("/forecast?day=soon", "manager")) == (400, "invalid")


def test_windows_to_spare_are_told_while_the_hall_is_open(hall: Api) -> None:
    reports = hall.server.desk.reports
    assert reports.staffing() is None
    assert hall.post("/day/open", {"despite": "test"}).status_code == 200
    found = reports.staffing()
    assert found is not None
    assert (found.open, found.needed, found.spare, found.short, found.until) == (4, 3, 1, 0, "10:00")
    assert found.which == ("1", "2", "3", "4")  # any of those that have nobody
    for window in ("3", "4"):
        assert hall.post(f"/windows/{window}/pause", {}).status_code == 200
    found = reports.staffing()
    assert found is not None
    assert (found.open, found.short, found.which) == (2, 1, ("3", "4"))
