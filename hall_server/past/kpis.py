"""``hallcall kpi``: the figures of a business day, by one dictionary."""

import json
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hall_server.core.figures.kpi import LEVEL_S
from hall_server.journal import Journal
from hall_server.local import ask_server
from hall_server.records.days import figures_of
from hall_server.settings import FILE, load

NO_DAY = 3  # exit code: nothing is known of that day
WIDTH = 160  # columns of a table that is not printed on a terminal
HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True,
                    help="Folder of settings and data.")  # fmt: skip
DAY = click.option("--day", default="", help="A date (YYYY-MM-DD), or DATE/SERIAL; the last business day if none.")


def open_journal(home: Path) -> Journal:
    """The hall's journal, to be read only."""
    settings = load(home / FILE)
    return Journal(settings.database_url(home), settings.hall.id)


@click.command("kpi")
@DAY
@click.option(
    "--within",
    type=click.IntRange(0),
    default=LEVEL_S,
    show_default=True,
    help="Seconds that the service level asks about.",
)
@click.option("--recompute", is_flag=True, help="Read the journal here, and ask no server.")
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
@HOME
def kpi_command(day: str, within: int, recompute: bool, as_json: bool, home: Path) -> None:
    """Count a business day: waits, service level, who gave up, overtakes, promises, windows."""
    told = None if recompute else ask_server(home, "GET", f"/api/v1/figures?day={day}&within={within}")
    if told is None:
        with closing(open_journal(home)) as journal:
            found = figures_of(journal, day, within)
        told = None if found is None else asdict(found)
    if told is None:
        click.echo(f"The journal has no business day {day}".rstrip() + ".", err=True)
        sys.exit(NO_DAY)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(told)


def _show(told: dict[str, Any]) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False)
    console.print(f"Business day {told['day']}")
    table = Table("figure", "value", "definition", box=None, pad_edge=False)
    for row in _rows(told):
        table.add_row(*row)
    console.print(table)
    for title, key in (("service", "by_service"), ("class", "by_class"), ("hour", "by_hour")):
        groups = Table(title, "arrived", "served", "mean wait", "90 %", "longest", box=None, pad_edge=False)
        for one in told[key]:
            waits = one["waits"]
            groups.add_row(one["name"] or "-", str(one["arrived"]), str(one["served"]), _seconds(waits["mean_s"]),
                           _seconds(waits["p90_s"]), _seconds(waits["max_s"]))  # fmt: skip
        console.print(groups)
    windows = Table("window", "served", "busy", "away", "idle gap", "occupancy", box=None, pad_edge=False)
    for one in told["windows"]:
        windows.add_row(one["window"], str(one["served"]), _seconds(one["busy_s"]), _seconds(one["away_s"]),
                        _seconds(one["idle_s"]), _share(one["occupancy"]))  # fmt: skip
    console.print(windows)


def _rows(told: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Each figure beside its definition, so that nobody has to guess which one is meant."""
    waits, left, level, promises = told["waits"], told["left"], told["level"], told["promises"]
    yield "arrived / served", f"{told['arrived']} / {told['served']}", "tickets issued / ended in done"
    yield "waiting now", str(told["waiting"]), "issued and not yet called, nor gone"
    yield "mean wait", _seconds(waits["mean_s"]), f"arrival to last call, of {waits['count']} who were called"
    yield "50 / 80 / 90 / 95 %", " / ".join(_seconds(waits[f"p{p}_s"]) for p in (50, 80, 90, 95)), "of the same"
    yield "longest wait", _seconds(waits["max_s"]), "of the same"
    within = f"within {level['within_s']} s"
    yield "service level", _share(level["of_served"]), f"served {within} / served"
    yield "", _share(level["of_arrived"]), f"served {within} / arrived"
    yield "", _share(level["with_left"]), f"(served {within} + left {within}) / arrived"
    how = f"{left['cancelled']} cancelled, {left['no_show']} no-shows, {left['expired']} expired waiting"
    yield "abandonment", _share(left["share"]), f"{how}; of arrived; mean wait {_seconds(left['waits']['mean_s'])}"
    yield "no-show", _share(left["no_show_share"]), "no-shows / called"
    yield "service time", _seconds(told["service"]["mean_s"]), f"start to finish; {told['without_start']} from the call"
    yield "walking time", _seconds(told["walking"]["mean_s"]), f"last call to start, of {told['walking']['count']}"
    yield "services", str(told["steps"]), "given: one ticket may be for several"
    besides = f"{told['holds']} / {told['reinstated']} / {told['undone']}"
    yield "held / back / undone", besides, "set aside, let wait again, moves taken back"
    returns = f"{told['returned']} / {told['reviews']} / {told['sent_back']}"
    yield "returned / reviews / sent back", returns, "came again with what was missing, work reviewed, and not passed"
    by_hand = f"{told['by_hand']} / {told['waits_by_hand']}"
    yield "by hand", by_hand, "numbers of a paper roll, entered later: arrived / waits as people remembered them"
    yield (
        "kept overnight",
        str(told["kept"]),
        "tickets that go on counting on the next day: neither served nor left",
    )
    yield "most waiting", str(told["most_waiting"]), "at once"
    same = told["overtakes_same_service"]
    yield "overtakes", f"{told['overtakes']} / {same}", "later arrivals called earlier: all / of the same service"
    causes = ", ".join(f"{cause} {count}" for cause, count in told["overtakes_by_cause"].items())
    yield "", causes or "-", "waiting tickets passed over by calls, by cause"
    yield "rating", str(told["rating"] or "-"), f"mean of 1 to 5, of {told['rated']} who answered"
    error = f"{_seconds(promises['mae_s'])} / {_seconds(promises['bias_s'])}"
    yield "estimates", error, f"mean error / bias, of {promises['count']} who waited and were served"
    yield "", _share(promises["too_low"]), "had been told too little"
    yield "", _share(promises["covered90"]), "waited no longer than the 90 % bound on the slip"
    kept = f"of all {promises['told']} who were served, also at once: no longer than the bound (at least a minute)"
    yield "promises kept", _share(promises["kept"]), kept
    for target in told["targets"]:
        yield from _target(target)


def _target(told: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """A service's own target in all three variants; the first one is what it should reach."""
    level, name = told["level"], told["service"]
    within = f"within {level['within_s']} s"
    yield f"{name}: target", _share(level["of_served"]), f"served {within} / served; {told['wanted']} % is the target"
    yield "", _share(level["of_arrived"]), f"served {within} / arrived"
    yield "", _share(level["with_left"]), f"(served {within} + left {within}) / arrived"
    yield "", _seconds(told["mean_s"]), f"mean service time; {told['norm_s']} s is the target"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f} s"


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value} %"
