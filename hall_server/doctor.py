"""``hallcall doctor``: looks at a hall's folder, database, disk and devices, and says what a person should do."""

import json
import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict, dataclass
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Literal
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import click
from PIL import ImageFont

from hall_server.journal import Journal, JournalError
from hall_server.local import ADDRESS_FILE, TOKEN_FILE, ask_server, url_of
from hall_server.migrations import known_revisions, revision
from hall_server.settings import FILE, Settings, SettingsError, load
from hall_server.upkeep.receivers import hook_findings
from hall_server.upkeep.rows import HOME, LANG, Words, ask_devices

Level = Literal["ok", "note", "act"]  # fine; worth knowing; needs a person
LOW_DISK_BYTES = 1_000_000_000  # a year of a busy hall; below it there is a day to act
LOW_DISK_SHARE = 0.1
FLUSHES = 20
LYING_DISK_S = 0.0001  # no medium stores a block and says so in 0.1 ms: what is faster has only promised to
SLOW_DISK_S = 0.05  # each call waits for it
CLOCK_SLACK_S = 5.0  # between two servers of one hall
SAFE_SQLITE = (3, 51, 3)  # before it, two processes that write at once can damage a file
ANSWER_S = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check says."""

    check: str
    level: Level
    sentence: str


@dataclass(frozen=True, slots=True)
class Hall:
    """What the checks look at; ``settings`` is None when they have mistakes, which is told by its own check."""

    home: Path
    settings: Settings | None
    mistakes: str = ""
    deep: bool = False
    words: Words | None = None


Said = Iterable[tuple[Level, str]]


def _settings(hall: Hall) -> Said:
    if hall.settings is None:
        yield "act", hall.mistakes
        return
    yield "ok", f"{len(hall.settings.window)} windows, {len(hall.settings.device)} devices"


def _database(hall: Hall) -> Said:
    if hall.settings is None:
        return
    url = hall.settings.database_url(hall.home)
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        yield "note", "there is none yet; the first start makes it"
        return
    try:
        with closing(Journal(url, hall.settings.hall.id)) as journal:
            yield from _opened(journal, hall.deep)
    except JournalError as trouble:
        yield "act", f"{trouble} Look at server.database in {FILE}, and whether the database runs"
    if url.startswith("sqlite") and sqlite3.sqlite_version_info < SAFE_SQLITE:
        safe = ".".join(map(str, SAFE_SQLITE))
        yield "note", f"SQLite {sqlite3.sqlite_version} is older than {safe}: let no other program write to its file"


def _opened(journal: Journal, deep: bool) -> Said:
    now, newest = revision(journal.reads), known_revisions()[-1]
    if now is not None and now not in known_revisions():
        yield "act", f"it has schema {now}, made by a newer HallCall: install that version"
        return
    if now != newest:
        yield "note", f"it has schema {now or 'none'}; the next start brings it to {newest}"
        return
    head = journal.head()
    yield "ok", f"schema {now}, {head.seq} rows, head {head.hash[:12]}"
    for row in journal.rows(head.seq - 1):
        if row.at > time.time() + CLOCK_SLACK_S:
            yield "act", f"its last row is {row.at - time.time():.0f} s in the future: set this computer's clock"
    if deep:
        wrong = journal.verify()
        yield ("ok", "every row verifies") if wrong is None else ("act", f"{wrong} Keep the file, restore the backup")


def _disk(hall: Hall) -> Said:
    space = shutil.disk_usage(hall.home)
    told = f"{space.free / 1e9:.1f} GB of {space.total / 1e9:.1f} GB are free"
    low = space.free < LOW_DISK_BYTES or space.free < LOW_DISK_SHARE * space.total
    yield ("act", f"{told}: delete what nobody needs, or take a bigger disk") if low else ("ok", told)


def _flush(hall: Hall) -> Said:
    """Each fact is on disk before anybody hears of it, so a disk that only says so loses tickets in a power cut."""
    path = hall.home / f"doctor-{os.getpid()}.probe"
    try:
        took_s = _flush_s(path)
    except OSError as trouble:
        yield "act", f"{hall.home} cannot be written: {trouble.strerror}"
        return
    finally:
        path.unlink(missing_ok=True)
    told = f"a flush takes {took_s * 1000:.2f} ms"
    if took_s < LYING_DISK_S:
        yield "note", f"{told}: the disk may only say so; use one that keeps its word in a power cut, or an UPS"
    elif took_s > SLOW_DISK_S:
        yield "note", f"{told}: every call waits for it; an SSD is faster"
    else:
        yield "ok", told


def _flush_s(path: Path) -> float:
    took = []
    with path.open("wb") as file:
        for _ in range(FLUSHES):
            file.write(bytes(4096))
            began = time.perf_counter()
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return median(took)


def _port(hall: Hall) -> Said:
    """Who answers at the port: our own server, another program, or nobody."""
    if hall.settings is None:
        return
    base, port = url_of(hall.settings), hall.settings.port
    ours = (hall.home / ADDRESS_FILE).exists() and ask_server(hall.home, "GET", "/api/v1/me") is not None
    try:
        urlopen(f"{base}/healthz", timeout=ANSWER_S).close()
    except HTTPError:
        answered = True
    except (OSError, URLError) as nobody:
        answered = not isinstance(getattr(nobody, "reason", nobody), ConnectionRefusedError)
    else:
        answered = True
    if ours:
        yield "ok", f"{port} is ours"
    elif answered:
        yield "act", f"another program has port {port}: end it, or set server.port in {FILE}"
    else:
        yield "ok", f"{port} is free"


def _server(hall: Hall) -> Said:
    try:
        state = ask_server(hall.home, "GET", "/readyz")
    except click.ClickException as refused:
        yield "act", f"the server is not ready: {refused.message}"
        return
    if state is None:
        yield "act", "none runs on this folder: start it with hallcall up or hallcall serve"
    else:
        yield "ok", f"ready at row {state['rev']}; the day is {'open' if state['open'] else 'closed'}"


def _devices(hall: Hall) -> Said:
    """What stands on the maintenance page, and stations of which nothing is heard."""
    devices = ask_devices(hall.home)
    if devices is None or hall.words is None:
        return
    wired: dict[str, list[bool]] = {}
    for one in devices:
        if one.station is not None and one.monitored:
            wired.setdefault(one.station, []).append(one.state == "unknown")
    for station, unknown in wired.items():
        if all(unknown):
            yield "act", f"nothing is heard of station {station}: look whether its computer and program run"
    for one in devices:
        silent = one.station is not None and all(wired.get(one.station, [False]))
        if one.repair is not None or (one.monitored and one.state != "ok" and not silent):
            open_repair = f" (repair {hall.words.repair(one)})" if one.repair else ""
            yield "act", f"{one.id}, {hall.words.name(one)}: {hall.words.state(one)}{open_repair}"
    yield "ok", f"{sum(one.monitored and one.state == 'ok' for one in devices)} of {len(devices)} are seen to work"


def _webhooks(hall: Hall) -> Said:
    if hall.settings is not None:
        yield from hook_findings(hall.settings, hall.home)


def _screens(hall: Hall) -> Said:
    if hall.settings is not None:
        told = list(hall.settings.tv.advice(hall.settings.device))
        yield from (("note", sentence) for sentence in told)
        if not told:
            yield "ok", "the farthest seat can read them"


def _fonts(_hall: Hall) -> Said:
    fonts = [one for one in files("drivers.escpos").joinpath("fonts").iterdir() if one.name.endswith((".otf", ".ttf"))]
    for font in fonts:
        try:
            ImageFont.truetype(BytesIO(font.read_bytes()), 24)
        except OSError as trouble:
            yield "act", f"{font.name} cannot be read ({trouble}): install HallCall again"
    yield ("ok", f"{len(fonts)} for slips") if fonts else ("act", "none for slips: install HallCall again")


def _secrets(hall: Hall) -> Said:
    """On Windows a file's mode says nothing."""
    held = [path for path in (hall.home / TOKEN_FILE, *sorted(hall.home.glob("tokens/*.token"))) if path.exists()]
    open_to_all = [path for path in held if os.name == "posix" and path.stat().st_mode & 0o077]
    for path in open_to_all:
        yield "act", f"others on this computer can read {path}: chmod 600 {path}, then revoke and renew it"
    if not open_to_all:
        yield "ok", f"{len(held)} token files are their owner's"


CHECKS: tuple[tuple[str, Callable[[Hall], Said]], ...] = (
    ("settings", _settings),
    ("database", _database),
    ("disk", _disk),
    ("flush", _flush),
    ("port", _port),
    ("server", _server),
    ("devices", _devices),
    ("webhooks", _webhooks),
    ("screens", _screens),
    ("fonts", _fonts),
    ("tokens", _secrets),
)


def examine(hall: Hall) -> list[Finding]:
    """What every check says, in the order of the table."""
    found = []
    for name, check in CHECKS:
        try:
            found += [Finding(name, level, sentence) for level, sentence in check(hall)]
        except click.ClickException as refused:
            found.append(Finding(name, "act", f"the server refuses to say: {refused.message}"))
    return found


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@HOME
@LANG
@click.option("--deep", is_flag=True, help="Also verify every row of the journal.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def main(home: Path, lang: Literal["en", "zh"], deep: bool, as_json: bool) -> None:
    """Check a hall on this computer; the exit code is 1 when something needs a person."""
    if not home.is_dir():
        raise click.BadParameter(f"there is no folder {home}.")
    try:
        hall = Hall(home, load(home / FILE), deep=deep, words=Words(lang))
    except SettingsError as wrong:
        hall = Hall(home, None, "; ".join(wrong.mistakes), words=Words(lang))
    found = examine(hall)
    for one in found:
        click.echo(json.dumps(asdict(one), ensure_ascii=False) if as_json else _line(one))
    sys.exit(any(one.level == "act" for one in found))


def _line(one: Finding) -> str:
    return f"{one.level:<5} {one.check:<9} {one.sentence.rstrip('.')}."


if __name__ == "__main__":
    main(prog_name="hallcall doctor")
