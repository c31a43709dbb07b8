"""Every figure that a manager sees is the one that the journal gives again: a busy day of all moves, page by page."""

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from hall_server.app import Hosting, Server, build
from hall_server.core import commands as c
from hall_server.past.fairness import fairness_command
from hall_server.past.kpis import kpi_command
from hall_server.settings import load
from hall_server.views import iso
from tests.core.busy_day import BUSY, moves
from tests.model.moves import Clock
from tests.server.halls import HALL, HERE, write_settings
from tests.server.running import Desk
from tests.web.reading import tags, texts

DATE = "2026-11-22"


class _Data(HTMLParser):
    """What stands in <data>: its place in the figures, its exact value, and how it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str, str]] = []
        self._open: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "data":
            self._open = said["data-figure"] or "", said["value"] or ""

    def handle_data(self, data: str) -> None:
        if self._open:
            self.found.append((*self._open, data))
            self._open = None


@dataclass
class Busy:
    """The server of a hall with a busy day behind it."""

    home: Path
    server: Server
    token: str

    def page(self, path: str) -> str:
        answer = Client(self.server.wsgi).get(
            path, headers={"Authorization": f"Bearer {self.token}"}, environ_base=HERE
        )
        assert answer.status_code == 200, path
        return answer.get_data(as_text=True)

    def again(self, *words: str) -> Any:
        done = CliRunner().invoke(kpi_command, ["--recompute", "--json", *words, "--home", str(self.home)])
        return json.loads(done.output)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Busy]:
    """Six hundred moves of two days, the second still open; the writer decided each of them."""
    home = tmp_path_factory.mktemp("busy")
    os.environ.pop("HALLCALL_PORT", None)
    write_settings(home, HALL)
    clock, chance = Clock(), Random(8)
    desk = Desk(home / "hall.sqlite3", clock)
    desk.open()
    desk.journal.hall = "main"
    desk.ask(c.Configure(BUSY))
    desk.ask(c.OpenDay(DATE))
    for count in range(600):
        clock.now += chance.choice([0, 2, 9, 30, 61])
        if count == 250:
            desk.ask(c.CloseDay("fire drill"))
            clock.now += 3600
            desk.ask(c.OpenDay(DATE))
        for command in moves(lambda: desk.writer.look(lambda hall: hall), chance, count):
            desk.ask(command)
    desk.close()
    server = build(load(home / "hallcall.toml"), home, Hosting(clock=clock))
    yield Busy(home, server, server.desk.grant("token", "manager", "wang", None, "test"))
    server.stop()


def at(figures: Any, path: str) -> Any:
    for part in path.split("."):
        figures = figures[int(part)] if isinstance(figures, list) else figures[part]
    return figures


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """The place of every single figure."""
    if isinstance(value, (dict, list)):
        for name, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(one, f"{path}.{name}" if path else str(name))
    else:
        yield path


@pytest.mark.parametrize("day", [DATE, f"{DATE}/1"])
def test_each_figure_of_the_figures_page_is_the_journals_own(busy: Busy, day: str) -> None:
    html, again = _Data(), busy.again("--day", day)
    html.feed(busy.page(f"/floor/figures?day={day}"))
    html.close()
    assert len(html.found) > 130
    shown = {path: value for path, value, _ in html.found}
    assert shown == {path: "" if (value := at(again, path)) is None else str(value) for path in shown}
    assert all((text == "–") is (value == "") for _, value, text in html.found)
    whole = {path for path in leaves(again) if not path.endswith((".name", ".window", ".service"))}
    untold = {path.rpartition(".")[2] for path in whole - set(shown)}
    # Sums, quantiles of less interest, and what only names the day; causes are told on the page about fairness.
    assert untold <= {
        "day", "count", "sum_s", "mean_s", "p50_s", "p80_s", "p90_s", "p95_s", "max_s", "most_at", "waiting_since",
        "within_s", "wanted", "told", *again["overtakes_by_cause"],
    }  # fmt: skip


def test_services_and_classes_have_their_names_on_the_pages(busy: Busy) -> None:
    figures, fairness = (set(texts(busy.page(f"/floor/{page}?lang=zh"))) for page in ("figures", "fairness"))
    assert {"身份证", "贵宾"} <= figures
    assert fairness & {"身份证", "税务", "贷款"}
    assert not (figures | fairness) & {"id", "tax", "loans", "vip"}


def test_the_day_was_busy_enough_to_prove_something(busy: Busy) -> None:
    again = busy.again()
    assert again["arrived"] > 60
    assert again["served"] > 30
    for name in ("overtakes", "rated", "waiting"):
        assert again[name] > 0, name
    assert all(again["left"][name] > 0 for name in ("cancelled", "no_show"))
    assert all(again["promises"][name] is not None for name in ("mae_s", "bias_s", "kept", "covered90"))


def test_the_floor_shows_what_the_journal_gives_again(busy: Busy) -> None:
    again, floor = busy.again(), busy.server.desk.floor()
    assert (floor.waiting, floor.served) == (again["waiting"], again["served"])
    by_service = {group["name"]: group["waiting"] for group in again["by_service"]}
    assert {queue.service: queue.waiting for queue in floor.queues} == {q.service: 0 for q in floor.queues} | by_service
    oldest = min(queue.oldest for queue in floor.queues if queue.oldest)
    assert oldest == iso(again["waiting_since"])
    ratings = busy.server.desk.histories.ratings_of(1).total
    both = [busy.again("--day", f"{DATE}/{serial}") for serial in (1, 2)]  # the page about ratings counts by dates
    assert ratings.rated == sum(day["rated"] for day in both)
    assert ratings.served == sum(window["served"] for day in both for window in day["windows"])
    assert floor.ratings.rated == again["rated"]
    if floor.ratings.levels is not None:
        assert floor.ratings.levels.mean == again["rating"]
    shown = texts(busy.page("/floor"))
    assert {str(again["waiting"]), str(again["served"])} <= set(shown)


def test_the_ledger_of_promises_is_that_of_each_day(busy: Busy) -> None:
    told = {one["day"]: one for one in _asked(busy, "/api/v1/promises")["days"]}
    assert list(told) == [f"{DATE}/1", f"{DATE}/2"]
    for day, one in told.items():
        assert {key: value for key, value in one.items() if key != "day"} == busy.again("--day", day)["promises"]


def _asked(busy: Busy, path: str) -> Any:
    return json.loads(busy.page(path))


def test_the_fairness_page_sheet_call_and_command_tell_the_same(busy: Busy) -> None:
    words = ["--recompute", "--home", str(busy.home)]
    again = json.loads(CliRunner().invoke(fairness_command, ["--json", *words]).output)
    assert again["times"] > 10
    assert _asked(busy, "/api/v1/fairness") == again
    printed = list(csv.reader(StringIO(CliRunner().invoke(fairness_command, ["--csv", *words]).output)))
    sheet = list(csv.reader(StringIO(busy.page("/floor/fairness.csv").lstrip("\ufeff"))))
    overtakings = [(row["label"], by["label"]) for row in again["rows"] for by in row["by"]]
    assert [(line[0], line[7]) for line in printed[1:]] == overtakings
    assert [(line[0], line[7]) for line in sheet[1:]] == overtakings
    page = busy.page("/floor/fairness?lang=en")
    assert f"{len(again['rows'])} / {again['arrived']}" in texts(page)
    assert str(again["times"]) in texts(page)
    assert f"{again['waited_beyond']} / {again['overtaken_beyond']}" in texts(page)


def test_a_day_that_was_not_has_a_page_that_says_so(busy: Busy) -> None:
    for path in ("/floor/figures?day=1999-01-01", "/floor/fairness?day=1999-01-01", "/floor/forecast?day=soon"):
        answer = Client(busy.server.wsgi).get(
            path, headers={"Authorization": f"Bearer {busy.token}"}, environ_base=HERE
        )
        assert answer.status_code == 404
        assert tags(answer.get_data(as_text=True), "h1")
