"""``hallcall devices export``, ``import`` and ``replace``: the asset register, kept in hallcall.toml."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from tomlkit.exceptions import TOMLKitError

from hall_server.local import ask_server
from hall_server.settings import FILE, SettingsError, load, place_ports
from hall_server.upkeep import edit, sheet
from hall_server.upkeep.live import run_test
from hall_server.upkeep.rows import HOME

WRONG = 2  # exit code: the question or a file is wrong
SHEET = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def _told(home: Path) -> Iterator[None]:
    """Every known trouble is a sentence and an exit code; the file stays as it was."""
    try:
        yield
    except SettingsError as wrong:
        click.echo(wrong.told(home / FILE), err=True)
    except (edit.NotChanged, TOMLKitError) as trouble:
        click.echo(trouble, err=True)
    except OSError as trouble:
        click.echo(f"{trouble.filename}: {trouble.strerror}.", err=True)
    else:
        return
    sys.exit(WRONG)


def _is_sheet(_context: click.Context, _parameter: click.Parameter, path: Path) -> Path:
    if path.suffix.lower() not in sheet.SUFFIXES:
        raise click.BadParameter(f"its name has to end in {' or '.join(sheet.SUFFIXES)}.")
    return path


@click.command("export")
@click.argument("file", type=SHEET, callback=_is_sheet)
@HOME
def export(file: Path, home: Path) -> None:
    """Write the asset register into a sheet (.csv or .xlsx)."""
    with _told(home):
        load(home / FILE)
        found = edit.rows(edit.read(home))
        sheet.write(file, found)
    click.echo(f"{file}: {len(found)} devices.")


@click.command("import")
@click.argument("file", type=SHEET, callback=_is_sheet)
@HOME
@click.option("--apply", is_flag=True, help="Write the settings (the old file is kept) and take them into force.")
def import_(file: Path, home: Path, apply: bool) -> None:
    """Show what a sheet changes in the settings; an empty cell empties a setting, a new id is a new device."""
    with _told(home):
        before = edit.read(home)
        after = edit.changed(before, sheet.read(file))
        if after == before:
            click.echo("Nothing changes.")
            return
        click.echo(edit.diff(before, after))
        if apply:
            _put(home, after)
            return
        (home / f"{FILE}.new").write_text(after, "utf-8", newline="")
    click.echo(f"Nothing is changed yet; the new text is in {home / FILE}.new. Take it into force with --apply.")


def _put(home: Path, text: str) -> bool:
    """Write the settings and have a running server take them; whether one did."""
    backup = edit.write(home, text)
    click.echo(f"Written; the old settings are in {backup}.")
    if ask_server(home, "POST", "/api/v1/config/apply") is None:
        click.echo("No server runs here: the settings come into force with the next start and hallcall config apply.")
        return False
    click.echo("The settings are in force.")
    return True


@click.command("replace")
@click.argument("name")
@click.option("--url", required=True, help="Where the new device is, such as tcp://192.0.2.51:9100.")
@click.option("--model", help="Of the new device.")
@click.option("--serial", help="Of the new device.")
@click.option("--unchecked", is_flag=True, help="Do not ask the new address first (a port of another computer).")
@click.option("--wait", "wait_s", type=click.FloatRange(1, 120), default=20.0, show_default=True,
              help="Seconds to wait for the verdict of the test.")  # fmt: skip
@HOME
def replace(
    name: str, url: str, model: str | None, serial: str | None, unchecked: bool, wait_s: float, home: Path
) -> None:
    """Put another device in the place of NAME: its id stays, and with it its place, its repairs and its history."""
    with _told(home):
        before = edit.read(home)
        known = {row["id"]: row for row in edit.rows(before)}
        if not known.get(name, {}).get("url"):
            wired = ", ".join(one for one, row in known.items() if row["url"])
            raise edit.NotChanged(f"No device {name} with an address is known here. Known are: {wired or 'none'}.")
        # What is printed on the old one's label is not true of the new one.
        row = {"id": name, "url": url, "model": model or "", "serial": serial or "", "firmware": ""}
        after = edit.changed(before, [row | {"bought": "", "warranty_until": ""}])
        if not unchecked and url != known[name]["url"]:
            _check(known[name]["kind"], place_ports(url, load(home / FILE).port))
        click.echo(edit.diff(before, after))
        running = _put(home, after)
    if not running:
        return
    if known[name]["kind"] not in ("printer", "sign"):
        click.echo(f"A {known[name]['kind']} cannot be tested from here: try it.")
        return
    sys.exit(run_test(home, name, wait_s))


def _check(kind: str, url: str) -> None:
    """Ask the new address, in a process that may open ports."""
    command = [sys.executable, "-m", "hall_server.station.find", "--check", url, "--kind", kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    click.echo(done.stdout.strip() or done.stderr.strip())
    if done.returncode != 0:
        raise edit.NotChanged("Nothing is changed. With --unchecked the address is not asked.")
