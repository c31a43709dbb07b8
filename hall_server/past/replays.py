"""``hallcall replay``: a day of arrivals under other policies, with other windows, through the real rules."""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hall_server.core.figures.kpi import LEVEL_S, Figures, Times, figures
from hall_server.core.figures.replay import Plan, replay
from hall_server.core.figures.visits import day_of
from hall_server.core.policy.classes import GUARANTEE_S
from hall_server.past.arrivals import Customers, WrongFile, read
from hall_server.past.choices import policy

WRONG = 2  # exit code: what was asked for is wrong
WIDTH = 160  # columns of a table that is not printed on a terminal
MOST_WINDOWS = 200


@click.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--policy",
    "policies",
    multiple=True,
    default=("fifo",),
    show_default=True,
    help="fifo, head_start:vip=90, accumulating:vip=2, strict:vip,all or quota:vip,vip,all; may be repeated.",
)
@click.option("--windows", type=click.IntRange(1, MOST_WINDOWS), required=True, help="How many serve everything.")
@click.option("--opens", multiple=True, help="A window that opens later: 4=10:00; may be repeated.")
@click.option(
    "--guarantee",
    type=click.IntRange(0),
    default=GUARANTEE_S,
    show_default=True,
    help="Whoever has waited so many seconds goes before any class (0: nobody).",
)
@click.option(
    "--within",
    type=click.IntRange(0),
    default=LEVEL_S,
    show_default=True,
    help="Seconds that the service level asks about.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures as JSON.")
@click.option("--svg", type=click.Path(path_type=Path), help="Draw the waits into this file (also .png).")
def replay_command(
    file: Path, policies: tuple[str, ...], windows: int, opens: tuple[str, ...], guarantee: int, within: int,
    as_json: bool, svg: Path | None,
) -> None:  # fmt: skip
    """Replay a day of arrivals: a CSV file with the columns arrive_s, service, klass and service_s."""
    if svg is not None and find_spec("matplotlib") is None:
        raise click.UsageError("Drawing needs matplotlib: pip install 'hallcall[plot]'.")
    try:
        customers = read(file)
    except WrongFile as wrong:
        click.echo(wrong, err=True)
        sys.exit(WRONG)
    later = dict(_opening(said, windows) for said in opens)
    if len(later) == windows:
        raise click.UsageError("At least one window has to be open from the beginning.")
    found = {said: _figures(customers, said, Plan(policy(said, _classes(customers), guarantee), windows, later), within)
             for said in policies}  # fmt: skip
    told = {"file": file.name, "date": customers.date, "windows": windows, "left_out": customers.left,
            "policies": {said: asdict(one) for said, one in found.items()}}  # fmt: skip
    if svg is not None:
        _draw(told, svg)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        _show(found, customers)


def _classes(customers: Customers) -> list[str]:
    """The classes of the file, the most frequent first: whoever has none is like most."""
    names = [one.klass for one in customers.arrivals]
    return sorted(set(names), key=lambda name: (-names.count(name), name))


def _opening(said: str, windows: int) -> tuple[str, int]:
    window, _, clock = said.partition("=")
    try:
        at = datetime.strptime(clock, "%H:%M").replace(tzinfo=UTC)
    except ValueError as wrong:
        raise click.BadParameter(f"{said!r}: write a window and the time at which it opens, as in 4=10:00.") from wrong
    if not window.isdecimal() or not 1 <= int(window) <= windows:
        raise click.BadParameter(f"{said!r}: the windows are 1 to {windows}.")
    return str(int(window)), at.hour * 3600 + at.minute * 60


def _figures(customers: Customers, said: str, plan: Plan, within_s: int) -> Figures:
    midnight = datetime.fromisoformat(customers.date).replace(tzinfo=UTC).timestamp()
    day = day_of(replay(customers.arrivals, plan, customers.date, midnight))
    if day is None:
        raise AssertionError(f"{said}: a replay opens a day")
    return figures(day, within_s)


def _show(found: dict[str, Figures], customers: Customers) -> None:
    classes = _classes(customers)
    columns = ("policy", "waits", *(f"class {name or '-'}" for name in classes), "overtaken")
    table = Table(*columns, box=None, pad_edge=False)
    for said, told in found.items():
        by_class = {group.name: group.waits for group in told.by_class}
        overtaken = sum(told.overtakes_by_cause.values())
        table.add_row(said, _waits(told.waits), *(_waits(by_class[name]) for name in classes), str(overtaken))
    console = Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False)
    console.print(table)
    console.print("Waits in seconds: mean / 90 % / longest.")
    if customers.left:
        console.print(f"{customers.left} who left unserved are not in it: nobody knows how long they would have taken.")


def _waits(times: Times) -> str:
    return "-" if times.mean_s is None else f"{times.mean_s:.2f} / {times.p90_s:.0f} / {times.max_s:.0f}"


def _draw(told: dict[str, object], path: Path) -> None:
    """Drawing is a program of its own: its library is an extra and takes longer to load than a replay to run."""
    command = [sys.executable, "-m", "hall_server.past.plot", str(path)]
    done = subprocess.run(command, input=json.dumps(told), text=True, check=False)
    if done.returncode:
        raise click.ClickException(f"{path} was not drawn; see the message above.")
