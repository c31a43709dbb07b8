"""``hallcall devices``: what a person does with devices on the computer that has their cables."""

import json
import sys
import time
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from hall_server.settings import FILE, SettingsError, load
from hall_server.trace_files import (
    DONE,
    ENOUGH,
    FOLDER,
    LOOK_EVERY_S,
    MAX_SECONDS,
    PART,
    REQUEST,
    UNKNOWN,
    Request,
    ask,
    ending,
)

TAKEN_WITHIN_S = 5 * LOOK_EVERY_S  # a station that does not look for so long does not run
GRACE_S = 5.0  # a device that hangs holds its exchange for seconds, and the file ends after it
POLL_S = 0.1
WRONG, NOT_HERE = 2, 3  # exit codes: the question is wrong; it cannot be answered on this computer
STATION_LOG = "station.sqlite3"  # stands in the folder of every station that ever ran


class _GiveUp(Exception):
    """A sentence for the person, and the exit code."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@click.group("devices", help="Printers and signs, on the computer that has their cables.")
def devices() -> None: ...


@devices.command("trace")
@click.argument("name")
@click.option("--seconds", type=click.FloatRange(1, MAX_SECONDS), default=60.0, show_default=True)
@click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True,
              help="Folder of the hall, or the --state-dir of a station.")  # fmt: skip
def trace(name: str, seconds: float, home: Path) -> None:
    """Record what a device and its driver say to each other, into a file that can be sent to us."""
    console = Console(markup=False, highlight=False, soft_wrap=True)
    try:
        base, where = _begin(home, name, seconds)
        with _bar(console) as bar:
            done = _record(base, where, seconds, bar)
    except _GiveUp as trouble:
        click.echo(trouble, err=True)
        sys.exit(trouble.code)
    console.print(f"Recorded: {done}")


def _begin(home: Path, name: str, seconds: float) -> tuple[Path, str]:
    """Ask the station; the recording's path without its ending, and what to say when no station takes the request."""
    folder, where = _folder(home, name)
    if not folder.is_dir():
        raise _GiveUp(NOT_HERE, where)
    try:
        return ask(folder / FOLDER, Request(name, seconds)), where
    except OSError as trouble:
        raise _GiveUp(NOT_HERE, f"{folder} cannot be written: {trouble.strerror}.") from trouble


def _folder(home: Path, name: str) -> tuple[Path, str]:
    """The folder of the device's station, and what to say when no station runs there."""
    if not (home / FILE).exists():
        if not (home / STATION_LOG).exists() or Path(name).name != name:
            raise _GiveUp(NOT_HERE, f"No station runs in {home}: name the folder of the hall or of the station.")
        return home, f"No station runs in {home}: start it first."
    try:
        settings = load(home / FILE)
    except SettingsError as wrong:
        raise _GiveUp(WRONG, wrong.told(home / FILE)) from wrong
    wired = {device.id: device for device in settings.device if device.url}
    if name not in wired:
        raise _GiveUp(WRONG, _unknown(name, list(wired)))
    station = wired[name].station
    where = (
        f"The station {station} has the cable of {name} and does not run here: start it, or "
        f"run on its computer: hallcall devices trace {name} --home STATE-DIR-OF-{station}"
    )
    return home / "stations" / station, where


def _unknown(name: str, known: list[str]) -> str:
    return f"No device {name} with a cable is known here. Known are: {', '.join(known) or 'none'}."


def _bar(console: Console) -> Progress:
    shown = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), TextColumn("{task.fields[size]}"))
    return Progress(*shown, console=console, transient=True)


def _record(base: Path, where: str, seconds: float, bar: Progress) -> Path:
    """Ctrl-C ends the recording, and what is recorded stays: nothing goes on behind anybody's back."""
    request, enough = ending(base, REQUEST), ending(base, ENOUGH)
    try:
        _await_taken(request, where)
        return _follow(base, seconds, bar)
    except KeyboardInterrupt:
        if request.exists():
            raise
        enough.touch()
        return _follow(base, LOOK_EVERY_S, bar)
    finally:
        request.unlink(missing_ok=True)
        enough.unlink(missing_ok=True)


def _await_taken(request: Path, where: str) -> None:
    until = time.monotonic() + TAKEN_WITHIN_S
    while request.exists():
        if time.monotonic() > until:
            raise _GiveUp(NOT_HERE, where)
        time.sleep(POLL_S)


def _follow(base: Path, seconds: float, bar: Progress) -> Path:
    """Wait for the whole recording and show that it grows."""
    part, done, unknown = (ending(base, end) for end in (PART, DONE, UNKNOWN))
    task = bar.add_task(base.name, total=seconds, size="")
    began = time.monotonic()
    while (passed_s := time.monotonic() - began) < seconds + LOOK_EVERY_S + GRACE_S:
        if done.exists():
            return done
        if unknown.exists():
            known = json.loads(unknown.read_text("utf-8"))
            unknown.unlink()
            raise _GiveUp(WRONG, _unknown(base.name.rsplit("-", 2)[0], known))
        size = f"{part.stat().st_size // 1000} kB" if part.exists() else ""
        bar.update(task, completed=min(passed_s, seconds), size=size)
        time.sleep(POLL_S)
    left = f"what it has recorded is in {part}" if part.exists() else "its own messages say why"
    raise _GiveUp(NOT_HERE, f"The station has made no whole file: {left}.")
