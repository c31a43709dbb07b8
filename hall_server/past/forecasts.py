"""``hallcall forecast``: how many will come, half hour by half hour, and how many windows that needs."""

import json
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from hall_server.core.figures.forecast import basis
from hall_server.local import ask_server
from hall_server.past.kpis import HOME, WIDTH, open_journal
from hall_server.records.arrivals import forecast_of
from hall_server.records.days import hall_now
from hall_server.settings import FILE, load


@click.command("forecast")
@click.option("--day", default="", help="A date (YYYY-MM-DD); today if none.")
@click.option("--recompute", is_flag=True, help="Read the journal here, and ask no server.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@HOME
def forecast_command(day: str, recompute: bool, as_json: bool, home: Path) -> None:
    """Forecast a day's demand from the same weekday of the eight weeks before, and propose windows (Erlang C)."""
    wanted = _date(day, home)
    told = None if recompute else ask_server(home, "GET", f"/api/v1/forecast?day={wanted}")
    if told is None:
        with closing(open_journal(home)) as journal:
            told = asdict(forecast_of(journal, wanted, basis(hall_now(journal))))
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(told)


def _date(said: str, home: Path) -> str:
    if not said:
        return datetime.now(ZoneInfo(load(home / FILE).hall.timezone)).date().isoformat()
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError as wrong:
        raise click.BadParameter(f"{said!r} is no date: write YYYY-MM-DD.", param_hint="--day") from wrong


def _show(told: dict[str, Any]) -> None:
    console = Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False)
    if not told["slots"]:
        console.print(f"Nothing is known of {told['day']}: no business day of its weekday in the eight weeks before.")
        return
    console.print(f"{told['day']}, as the mean of {', '.join(told['days'])}")
    services = [one["service"] for one in told["services"]]
    table = Table("from", "arrivals", "fewest-most", *services, "windows", box=None, pad_edge=False)
    for slot in told["slots"]:
        windows = f"{slot['windows']}" if slot["enough"] else f"{slot['windows']} (not enough)"
        each = (f"{slot['by_service'][name]:.1f}" for name in services)
        table.add_row(slot["begins"], f"{slot['mean']:.1f}", f"{slot['low']}-{slot['high']}", *each, windows)
    console.print(table)
    for one in told["services"]:
        console.print(
            f"{one['service']}: {one['service_s']:.0f} s each; {one['share']} % should wait no longer than "
            f"{one['target_s']} s; windows {', '.join(one['windows'])}"
        )
