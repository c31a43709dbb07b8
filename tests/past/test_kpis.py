"""``hallcall kpi``: what screens show is what the journal says when it is counted again."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from hall_server.past.kpis import kpi_command
from tests.server.halls import Api, open_api, problem


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Api]:
    """Seven came: two were served, one is at a window, one was absent twice, one gave up, two wait."""
    api = open_api(tmp_path / "home")
    tickets = [api.post("/tickets", {"service": service}).get_json()["id"] for service in ("id", "tax", *["id"] * 5)]
    for window in ("1", "2"):
        for verb in ("next", "start", "finish"):
            assert api.post(f"/windows/{window}/{verb}").status_code == 200
    for _ in range(2):
        assert api.post("/windows/1/call", {"label": "A002", "reason": "asked"}).status_code == 200
        assert api.post("/windows/1/absent", {"force": True}).status_code == 200
    api.post(f"/tickets/{tickets[-1]}/cancel")
    assert api.post("/windows/3/next").status_code == 200
    yield api
    api.server.stop()


def kpi(tmp_path: Path, *words: str) -> Result:
    return CliRunner().invoke(kpi_command, [*words, "--home", str(tmp_path / "home")])


def test_every_figure_on_a_screen_is_the_one_that_the_journal_gives_again(hall: Api, tmp_path: Path) -> None:
    again: dict[str, Any] = json.loads(kpi(tmp_path, "--recompute", "--json").output)
    floor, board = hall.get("/floor", "manager").get_json(), hall.server.live.newest().board
    assert (again["waiting"], again["served"]) == (floor["waiting"], floor["served"]) == (2, 2)
    assert again["waiting"] == sum(row.waiting for row in board.services)
    assert sum(window["served"] for window in again["windows"]) == floor["served"]
    asked = hall.get("/figures", "manager").get_json()
    still = {"windows"}  # their last seconds go on
    assert {k: v for k, v in asked.items() if k not in still} == {k: v for k, v in again.items() if k not in still}


def test_a_day_is_counted_by_the_dictionary(hall: Api) -> None:
    told = hall.get("/figures?within=60").get_json()
    assert (told["arrived"], told["served"], told["called"]) == (7, 2, 4)
    left = told["left"]
    assert (left["cancelled"], left["no_show"], left["expired"], left["share"], left["no_show_share"]) == (
        1, 1, 0, 28.57, 25.0,
    )  # fmt: skip
    assert told["level"] == {"within_s": 60, "of_served": 100.0, "of_arrived": 28.57, "with_left": 57.14}
    assert {one["name"]: (one["arrived"], one["served"]) for one in told["by_service"]} == {"id": (6, 1), "tax": (1, 1)}


def test_the_table_says_what_each_figure_means(hall: Api, tmp_path: Path) -> None:
    said = kpi(tmp_path, "--recompute").output
    assert "abandonment" in said
    assert "1 cancelled, 1 no-shows, 0 expired waiting; of arrived" in said


def test_a_day_that_was_not_is_refused(hall: Api, tmp_path: Path) -> None:
    assert problem(hall.get("/figures?day=1999-01-01")) == (404, "unknown_day")
    assert problem(hall.get("/figures?within=soon")) == (400, "invalid")
    done = kpi(tmp_path, "--day", "1999-01-01", "--recompute")
    assert (done.exit_code, done.stderr) == (3, "The journal has no business day 1999-01-01.\n")


def test_a_day_opened_twice_has_two_counts(hall: Api, tmp_path: Path) -> None:
    first = json.loads(kpi(tmp_path, "--recompute", "--json").output)
    hall.post("/day/close", {"despite": "we close"})
    hall.post("/day/open")
    date = first["day"].partition("/")[0]
    second = json.loads(kpi(tmp_path, "--recompute", "--json", "--day", date).output)
    assert (second["day"], second["arrived"]) == (f"{date}/2", 0)
    closed = json.loads(kpi(tmp_path, "--recompute", "--json", "--day", f"{date}/1").output)
    assert (closed["arrived"], closed["waiting"], closed["left"]["expired"]) == (7, 0, 2)
