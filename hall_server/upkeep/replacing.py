"""``hallcall devices replace`` and ``roll``: another unit in a device's place, a new roll in a printer."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from hall_server.contract import DeviceRow
from hall_server.contract.replacing import TrialRow
from hall_server.core.checks import TESTED
from hall_server.core.replacements import PROVED
from hall_server.local import ask_server
from hall_server.settings import FILE, load
from hall_server.upkeep.live import POLL_S, last_test, wait_for_test
from hall_server.upkeep.rows import HOME, need
from hall_server.upkeep.told import WRONG, told

SAID = {
    "printed": "works: the test slip was printed there",
    "shown": "works: it took the pattern",
    "answered": "works: it answers",
    "sent": "cannot say whether it shows the pattern: look at it",
    "unconfirmed": "may have printed the test slip: look at it",
    "failed": "does not work there",
    "no_answer": "does not work there: no answer",
}


def _options(_context: click.Context, _parameter: click.Parameter, words: tuple[str, ...]) -> dict[str, str] | None:
    pairs = [word.partition("=") for word in words]
    if any(not (name and equals) for name, equals, _ in pairs):
        raise click.BadParameter("write NAME=VALUE, such as family=modbus.")
    return {name: value for name, _, value in pairs} or None


@click.command("replace")
@click.argument("name")
@click.option("--url", required=True, help="Where the new unit is, such as tcp://192.0.2.51:9100.")
@click.option("--model", default="", help="Of the new unit.")
@click.option("--serial", default="", help="Of the new unit.")
@click.option("--firmware", default="", help="Of the new unit.")
@click.option("--option", "options", multiple=True, callback=_options,
              help="NAME=VALUE for its driver, like width=384; instead of all that stand there.")  # fmt: skip
@click.option("--columns", type=click.IntRange(4, 64), help="Of a new sign.")
@click.option("--unchecked", metavar="REASON", default="", help="Take it although it is not tried, and say why.")
@click.option("--wait", "wait_s", type=click.FloatRange(1, 120), default=60.0, show_default=True,
              help="Seconds to wait for each verdict.")  # fmt: skip
@HOME
def replace(
    name: str, url: str, model: str, serial: str, firmware: str, options: dict[str, str] | None, columns: int | None,
    unchecked: str, wait_s: float, home: Path,
) -> None:  # fmt: skip
    """Put another unit in the place of NAME: its id stays, and with it its place, its repairs and its history.

    The station that has the cable tries it first, on whichever computer that is.
    """
    with told(home):
        load(home / FILE)
    unit: dict[str, Any] = {"url": url, "options": options, "columns": columns}
    unit = {key: value for key, value in unit.items() if value is not None}
    if not unchecked:
        _try(home, name, unit, wait_s)
    label = {"model": model, "serial": serial, "firmware": firmware, "reason": unchecked}
    answer = need(ask_server(home, "POST", f"/api/v1/devices/{name}/replace", unit | label), home)
    done = DeviceRow.model_validate(answer)
    click.echo(f"{name} is at {done.address} now; the old settings are kept beside {home / FILE}.")
    if done.kind not in TESTED:
        click.echo(f"A {done.kind} cannot be tested from here: try it.")
        return
    sys.exit(wait_for_test(home, name, last_test(done), wait_s))


def _try(home: Path, name: str, unit: dict[str, Any], wait_s: float) -> None:
    asked = need(ask_server(home, "POST", f"/api/v1/devices/{name}/trial", unit), home)
    row = DeviceRow.model_validate(asked)
    click.echo(f"Station {row.station} tries {unit['url']} …")
    done = _tried(home, name, row.trial, wait_s)
    said = SAID[done.outcome] if done is not None and done.outcome in SAID else "no verdict came"
    why = "; ".join((*done.faults, done.evidence)) if done is not None else ""
    click.echo(f"{name} {said}{f' ({why})' if why.strip('; ') else ''}.")
    if done is None or done.outcome not in PROVED:
        click.echo('Nothing is changed. With --unchecked "REASON" it is taken all the same.', err=True)
        sys.exit(WRONG)


def _tried(home: Path, name: str, asked: TrialRow | None, wait_s: float) -> TrialRow | None:
    until = time.monotonic() + wait_s
    while asked is not None and time.monotonic() < until:
        answer = ask_server(home, "GET", "/api/v1/devices")
        rows = (DeviceRow.model_validate(row) for row in (answer or {}).get("devices", ()))
        trial = next((row.trial for row in rows if row.id == name), None)
        if trial is not None and trial.id == asked.id and trial.outcome is not None:
            return trial
        time.sleep(POLL_S)
    return None


@click.command("roll")
@click.argument("name")
@click.option("--rolls", type=click.IntRange(0, 9999), help="Only say how many rolls lie in stock for it.")
@HOME
def roll(name: str, rolls: int | None, home: Path) -> None:
    """Say that a new roll was put into printer NAME: its paper is counted from here."""
    body = {"loaded": rolls is None, "rolls": rolls} if rolls is not None else {}
    row = DeviceRow.model_validate(need(ask_server(home, "POST", f"/api/v1/devices/{name}/roll", body), home))
    left = f"about {row.paper.left_m} m, {row.paper.left_slips} slips" if row.paper else "its length is not known"
    stock = "nobody counted them" if row.rolls is None else str(row.rolls)
    click.echo(f"{name}: paper {left}; rolls in stock: {stock}.")
