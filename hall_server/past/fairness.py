"""``hallcall fairness``: who was overtaken on a day, by whom and why."""

import csv
import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from hall_server.local import ask_server
from hall_server.past.kpis import DAY, HOME, NO_DAY, WIDTH, open_journal
from hall_server.records.days import fairness_of
from hall_server.settings import FILE, load

COLUMNS = "label service klass need came_at wait_s outcome by by_class by_need by_window by_at later_s cause said"
SHOWN = 40  # tickets in the table; CSV and JSON have all


@click.command("fairness")
@DAY
@click.option("--recompute", is_flag=True, help="Read the journal here, and ask no server.")
@click.option("--csv", "as_csv", is_flag=True, help="A line for each time that somebody was overtaken, as CSV.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@HOME
def fairness_command(day: str, recompute: bool, as_csv: bool, as_json: bool, home: Path) -> None:
    """Say who was overtaken on a business day, by whom and why, and how the hard cap on waits was kept."""
    told = None if recompute else ask_server(home, "GET", f"/api/v1/fairness?day={day}")
    if told is None:
        with closing(open_journal(home)) as journal:
            found = fairness_of(journal, day)
        told = None if found is None else asdict(found)
    if told is None:
        click.echo(f"The journal has no business day {day}".rstrip() + ".", err=True)
        sys.exit(NO_DAY)
    zone = ZoneInfo(load(home / FILE).hall.timezone)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    elif as_csv:
        _sheet(told, zone)
    else:
        _show(told, zone)


def _sheet(told: dict[str, Any], zone: ZoneInfo) -> None:
    lines = csv.writer(sys.stdout)
    lines.writerow(COLUMNS.split())
    for row in told["rows"]:
        for by in row["by"]:
            lines.writerow([
                row["label"], row["service"], row["klass"], row["need"], _at(row["came_at"], zone), row["wait_s"],
                row["outcome"], by["label"], by["klass"], by["need"], by["window"], _at(by["at"], zone),
                by["later_s"], by["cause"], by["said"],
            ])  # fmt: skip


def _show(told: dict[str, Any], zone: ZoneInfo) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False)
    causes = ", ".join(f"{cause} {count}" for cause, count in told["by_cause"].items())
    console.print(f"Business day {told['day']}, policy {told['policy']}")
    console.print(f"{len(told['rows'])} of {told['arrived']} tickets were overtaken, {told['times']} times: {causes}.")
    if told["guarantee_s"]:
        console.print(
            f"Hard cap: whoever has waited {told['guarantee_s']} s goes before any class. {told['waited_beyond']} "
            f"waited longer; they were overtaken {told['overtaken_beyond']} times even then."
        )
    else:
        console.print("There is no hard cap on waits.")
    table = Table("ticket", "service", "class", "came", "waited", "times", "overtaken by", box=None, pad_edge=False)
    for row in told["rows"][:SHOWN]:
        by = ", ".join(f"{one['label']} ({one['cause']})" for one in row["by"][:5])
        waited = "not called" if row["wait_s"] is None else f"{row['wait_s']:.0f} s"
        table.add_row(row["label"], row["service"], row["klass"] or "-", _at(row["came_at"], zone), waited,
                      str(len(row["by"])), by)  # fmt: skip
    console.print(table)
    if len(told["rows"]) > SHOWN:
        console.print(f"{len(told['rows']) - SHOWN} more: --csv has all of them.")


def _at(moment: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(moment, zone).strftime("%H:%M:%S")
