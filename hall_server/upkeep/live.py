"""``hallcall devices list``, ``test`` and ``watch``: the devices of a running hall, seen from a terminal."""

import json
import sys
import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from display.phrases import Language
from hall_server.contract import DeviceRow, DeviceTestRow
from hall_server.local import ask_server
from hall_server.upkeep.rows import HOME, LANG, OUTCOMES, Words, ask_devices, local, need, place

POLL_S = 0.3  # how soon a verdict or a change is seen: a person does not notice less
WIDTH = 200  # columns of a table that is not printed on a terminal
WORKS = ("printed", "shown", "spoken")


def console() -> Console:
    """Plain text: names of devices are not markup."""
    return Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False)


@click.command("list")
@HOME
@LANG
@click.option("--json", "as_json", is_flag=True, help="What the API answers, as JSON.")
def list_devices(home: Path, lang: Language, as_json: bool) -> None:
    """All devices: where they stand, how they are, what is being done."""
    devices = need(ask_devices(home), home)
    if as_json:
        click.echo(json.dumps([device.model_dump(mode="json") for device in devices], ensure_ascii=False, indent=1))
        return
    words = Words(lang)
    table = Table("id", "kind", "name", "place", "state", "since", "station", "address", "repair", box=None)
    for one in devices:
        table.add_row(
            one.id, one.kind, words.name(one), place(one), words.state(one), local(one.since), one.station or "",
            one.address, words.repair(one),
        )  # fmt: skip
    console().print(table)


@click.command("test")
@click.argument("name")
@HOME
@click.option("--wait", "wait_s", type=click.FloatRange(1, 120), default=20.0, show_default=True,
              help="Seconds to wait for the verdict.")  # fmt: skip
def test_device(name: str, home: Path, wait_s: float) -> None:
    """Print a marked slip or show a pattern; the exit code is 0 only when the device proved that it works."""
    sys.exit(run_test(home, name, wait_s))


def run_test(home: Path, name: str, wait_s: float) -> int:
    """Ask for a test, show that it runs, say what came of it; 0 when the device works."""
    asked = DeviceRow.model_validate(need(ask_server(home, "POST", f"/api/v1/devices/{name}/test"), home))
    return wait_for_test(home, name, last_test(asked), wait_s)


def last_test(device: DeviceRow) -> str:
    """The id of the test that was asked for last."""
    return device.test.id if device.test else ""


def wait_for_test(home: Path, name: str, test: str, wait_s: float) -> int:
    """Show that a test runs, say what came of it; 0 when the device works."""
    done = _verdict(home, name, test, wait_s)
    if done is None or done.outcome is None:
        click.echo(f"{name}: no verdict within {wait_s:.0f} s; hallcall devices watch {name} shows it when it comes.")
        return 1
    click.echo(f"{name} {OUTCOMES[done.outcome]}{f' ({done.evidence})' if done.evidence else ''}.")
    return 0 if done.outcome in WORKS else 1


def _verdict(home: Path, name: str, test: str, wait_s: float) -> DeviceTestRow | None:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    until = time.monotonic() + wait_s
    shown = console()
    with Progress(*columns, console=shown, transient=True, disable=not shown.is_terminal) as bar:
        bar.add_task(f"testing {name}")
        while time.monotonic() < until:
            rows = {one.id: one for one in _look(home) or ()}
            found = rows[name].test if name in rows else None
            if found is not None and found.id == test and found.outcome is not None:
                return found
            time.sleep(POLL_S)
    return None


def _look(home: Path) -> tuple[DeviceRow, ...] | None:
    """A server that cannot answer now is asked again."""
    try:
        return ask_devices(home)
    except click.ClickException:
        return None


@click.command("watch")
@click.argument("name", required=False)
@HOME
@LANG
def watch(name: str | None, home: Path, lang: Language) -> None:
    """Say each change of a device, or of all, until Ctrl-C."""
    known = {one.id for one in need(ask_devices(home), home)}
    if name is not None and name not in known:
        raise click.BadParameter(f"there is no device {name}. Known are: {', '.join(sorted(known))}.")
    said: dict[str, str] = {}
    words, away = Words(lang), False
    try:
        while True:
            rows = _look(home)
            if (rows is None) != away:
                away = rows is None
                _say("the server does not answer: what is above may be old" if away else "the server answers again")
            for one in rows or ():
                line = _line(words, one)
                if name in (None, one.id) and said.get(one.id) != line:
                    said[one.id] = line
                    _say(line)
            time.sleep(POLL_S)
    except KeyboardInterrupt:
        return


def _line(words: Words, one: DeviceRow) -> str:
    parts = [f"{one.id}  {words.state(one)}"]
    if one.repair is not None:
        parts.append(f"repair {words.repair(one)}")
    if one.test is not None:
        parts.append(f"test {one.test.outcome or 'runs'}")
    return " · ".join(parts)


def _say(line: str) -> None:
    click.echo(f"{time.strftime('%H:%M:%S')}  {line}")
