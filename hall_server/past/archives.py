"""``hallcall archive``: days that are over as one file, whose every row can be proved years later."""

import csv
import hashlib
import io
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile
from zoneinfo import ZoneInfo

import click

from hall_server.core.figures.devices import Told
from hall_server.core.figures.visits import DayTold, Visit, day_of
from hall_server.journal import Journal, Row
from hall_server.past.kpis import HOME, NO_DAY, open_journal
from hall_server.records.days import openings
from hall_server.records.span import NoSpan, Span, proved, rows_of, span_of

FORMAT = 1
PIECE_BYTES = 1 << 20  # a year's journal is larger than anybody's memory
MANIFEST, JOURNAL, VISITS = "manifest.json", "journal.jsonl", "visits.csv"
COLUMNS = (
    "day", "label", "service", "class", "appointment", "came", "called", "started", "ended", "outcome", "window",
    "calls", "wait_s", "service_s", "rating", "overtook", "holds",
)  # fmt: skip
WRONG = 1  # exit code: it is not what it says
DATE = click.DateTime(["%Y-%m-%d"])


@click.group("archive")
def archive_command() -> None:
    """Keep days that are over in a file of their own, and prove such a file."""


@archive_command.command("make")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--from", "first", type=DATE, required=True, help="The first date (YYYY-MM-DD).")
@click.option("--to", "last", type=DATE, required=True, help="The last date; its business day is closed.")
@HOME
def make(file: Path, first: datetime, last: datetime, home: Path) -> None:
    """Write the journal and the visits of closed days into FILE.zip; nothing is deleted."""
    if file.exists():
        raise click.ClickException(f"{file} exists: an archive is never written over.")
    with closing(open_journal(home)) as journal:
        try:
            span = span_of(journal, f"{first:%Y-%m-%d}", f"{last:%Y-%m-%d}")
        except NoSpan as none:
            click.echo(none, err=True)
            sys.exit(NO_DAY)
        head = _write(file, journal, span)
    click.echo(f"{file}: {len(span.days)} business days, rows {span.first} to {span.last}, head {head}.")


@archive_command.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--home", type=click.Path(path_type=Path), help="Also compare it with the journal of this folder.")
def verify(file: Path, home: Path | None) -> None:
    """Check that nothing in FILE.zip was changed, added or removed."""
    try:
        span, head, wrong = _read(file)
    except (BadZipFile, KeyError, ValueError, TypeError) as broken:
        raise click.ClickException(f"{file} is no archive of HallCall: {broken}.") from broken
    if wrong is None and home is not None:
        wrong = _compared(home, span, head)
    if wrong is not None:
        click.echo(wrong, err=True)
        sys.exit(WRONG)
    click.echo(f"{file} verifies: {', '.join(span.days)}; rows {span.first} to {span.last}, head {head}.")


def _write(file: Path, journal: Journal, span: Span) -> str:
    """Whole or not at all, and for nobody else to read; the hash of its last row."""
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    head, sums = span.before, {}
    visits = io.StringIO()
    sheet = csv.writer(visits)
    sheet.writerow(COLUMNS)
    with ZipFile(part, "w", ZIP_DEFLATED) as zipped:
        with zipped.open(JOURNAL, "w", force_zip64=True) as lines:
            digest = hashlib.sha256()
            for day in _days(rows_of(journal, span)):
                for row in day:
                    line = f"{json.dumps(asdict(row), ensure_ascii=False)}\n".encode()
                    digest.update(line)
                    lines.write(line)
                    head = row.hash
                sheet.writerows(_visits(day))
            sums[JOURNAL] = digest.hexdigest()
        table = visits.getvalue().encode("utf-8-sig")
        sums[VISITS] = hashlib.sha256(table).hexdigest()
        zipped.writestr(VISITS, table)
        said = {"format": FORMAT, **asdict(span), "head": head, "sha256": sums, "made_at": _iso(datetime.now(UTC))}
        zipped.writestr(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))
    with part.open("rb") as written:
        os.fsync(written.fileno())
    part.replace(file)
    return head


def _days(rows: Iterable[Row]) -> Iterator[list[Row]]:
    day: list[Row] = []
    for row in rows:
        if row.kind == "DayOpened" and day:
            yield day
            day = []
        day.append(row)
    yield day


def _visits(rows: Iterable[Row]) -> Iterator[tuple[object, ...]]:
    day = day_of(Told(row.at, row.actor, row.fact()) for row in rows)
    if day is not None:
        for visit in day.visits.values():
            yield _cells(day, visit)


def _cells(day: DayTold, one: Visit) -> tuple[object, ...]:
    zone = ZoneInfo(day.timezone)
    times = (one.due, one.came_at, one.called_at, one.started_at, one.ended_at)
    due, *others = ("" if at is None else _iso(datetime.fromtimestamp(at, zone)) for at in times)
    wait, service = ("" if s is None else round(s) for s in (one.wait_s, one.service_s))
    return (
        day.day, one.label, one.service, one.klass, due, *others, one.outcome, one.window or "", one.calls, wait,
        service, one.rating or "", one.overtook, one.holds,
    )  # fmt: skip


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def _read(file: Path) -> tuple[Span, str, str | None]:
    """What it says it holds, and what is wrong with it. Raises what a file raises that is no archive."""
    with ZipFile(file) as zipped:
        said: dict[str, Any] = json.loads(zipped.read(MANIFEST))
        span = Span(**{name: said[name] for name in ("hall", "first", "last", "before")}, days=tuple(said["days"]))
        for name, known in said["sha256"].items():
            if _sum(zipped, name) != known:
                return span, said["head"], f"{name} was changed after it was written."
        with zipped.open(JOURNAL) as lines:
            return span, said["head"], proved(span, said["head"], (Row(**json.loads(line)) for line in lines))


def _sum(zipped: ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with zipped.open(name) as part:
        while piece := part.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _compared(home: Path, span: Span, head: str) -> str | None:
    """Whether these rows stand in the journal of a hall."""
    with closing(open_journal(home)) as journal:
        there = next((row.hash for row in journal.rows(span.last - 1, 1)), None)
        known = {name for _, name in openings(journal)}
    if journal.hall != span.hall or not set(span.days) <= known:
        return f"This is an archive of another hall: {span.hall}."
    return None if there == head else f"Row {span.last} of the journal is another one: one of them was rewritten."
