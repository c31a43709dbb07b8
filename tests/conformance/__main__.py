"""``python -m tests.conformance``: every trouble a device can be in, what the drivers must do, and what they did."""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from tests.conformance import (
    family_rows,
    helper_rows,
    pad_rows,
    port_rows,
    printer_rows,
    readback_rows,
    sign_rows,
    voice_rows,
)
from tests.conformance.rows import Row
from tests.conformance.run_rows import Outcome, run_rows

FILE = Path(__file__).parents[2] / "build" / "conformance.json"
# How many at once: all of them mostly wait; printers also draw and read pictures, which takes a processor.
ROWS: tuple[tuple[Sequence[Row], int], ...] = (
    (printer_rows.ROWS, 6),
    (
        (
            *sign_rows.LINE_ROWS,
            *port_rows.PORT_ROWS,
            *family_rows.FAMILY_ROWS,
            *readback_rows.READBACK_ROWS,
            *pad_rows.PAD_ROWS,
            *voice_rows.VOICE_ROWS,
            *helper_rows.HELPER_ROWS,
        ),
        12,
    ),
)
MARKS = {"ok": "ok", "wrong": "WRONG", "hang": "HANG", "absent": "NOT RUN"}


def one_run(only: str, folder: Path, console: Console) -> list[Outcome]:
    """Every row once, in the order of the table; ``only`` keeps those in whose device or scenario it occurs."""
    outcomes: list[Outcome] = []
    for number, (listed, at_once) in enumerate(ROWS):
        rows = [row for row in listed if only in f"{row.device} {row.number} {row.scenario}"]
        place = folder / f"rows-{number}"
        place.mkdir(parents=True)
        running = track(run_rows(rows, place, at_once), "running", len(rows), console=console, transient=True)
        seen = {id(outcome.row): outcome for outcome in running}
        outcomes += [seen[id(row)] for row in rows]
    return outcomes


def table(outcomes: list[Outcome]) -> Table:
    """What one reads."""
    shown = Table(title="HallCall conformance: real bytes, simulated devices")
    for column in ("device", "#", "scenario", "expected", "got", "s", ""):
        shown.add_column(column, justify="right" if column == "s" else "left")
    for one in outcomes:
        row, mark = one.row, MARKS[one.verdict]
        cells = (row.device, row.number, row.scenario, row.expected, one.got, f"{one.seconds:.1f}", mark)
        shown.add_row(*cells, style=None if one.verdict == "ok" else "bold red")
    return shown


def as_json(run: int, outcomes: list[Outcome]) -> list[dict[str, object]]:
    """What a program reads."""
    return [
        {
            "run": run, "device": one.row.device, "number": one.row.number, "scenario": one.row.scenario,
            "expected": one.row.expected, "got": one.got, "seconds": one.seconds, "verdict": one.verdict,
            "ok": one.verdict == "ok",
        }
        for one in outcomes
    ]  # fmt: skip


def main() -> int:
    """Run, show, keep; 1 when a row is not what it must be, or could not be run."""
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("--runs", type=int, default=1, help="how many times in a row")
    parser.add_argument("--only", default="", help="only rows with this in their device, number or scenario")
    parser.add_argument("--out", type=Path, default=FILE, help="where the JSON goes")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 190)
    kept: list[dict[str, object]] = []
    for run in range(1, options.runs + 1):
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="hallcall-conformance-", ignore_cleanup_errors=True) as folder:
            outcomes = one_run(options.only, Path(folder), console)
        kept += as_json(run, outcomes)
        bad = [one for one in outcomes if one.verdict != "ok"]
        if run == 1 or bad:
            console.print(table(outcomes if run == 1 else bad))
        console.print(
            f"Run {run}: {len(outcomes) - len(bad)} of {len(outcomes)} ok in {time.monotonic() - began:.0f} s"
        )
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(kept, ensure_ascii=False, indent=1), "utf-8")
    return 0 if all(one["ok"] for one in kept) else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    # A row that hangs keeps threads that nobody can end.
    os._exit(code)
