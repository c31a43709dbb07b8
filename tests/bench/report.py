"""The bench's result as a table for people and as JSON for comparisons."""

import json
import platform
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from tests.bench.figures import Cell

FILE = Path(__file__).parents[2] / "build" / "bench.json"
COLUMNS = ("figure", "p50 ms", "p95 ms", "p99 ms", "rate /s", "target", "reached", "F p50 before/after ms", "")


def table(cells: list[Cell]) -> Table:
    """Every cell with its ratio to the floor; a cell beside which the floor moved is marked."""
    shown = Table(title="HallCall bench: ratios of one run; F = one bare SQLite WAL + FULL commit")
    for number, column in enumerate(COLUMNS):
        shown.add_column(column, justify="left" if number in (0, 5, 8) else "right")
    for cell in cells:
        s = cell.spread
        times = [f"{value:.2f}" for value in (s.p50, s.p95, s.p99)] if s else ["", "", ""]
        probes = f"{cell.probe_before_ms:.2f}/{cell.probe_after_ms:.2f}" if cell.probe_before_ms else ""
        notes = " · ".join(filter(None, ("NOISY" if cell.noisy else "", cell.note)))
        shown.add_row(
            cell.name, *times, f"{cell.rate:.0f}" if cell.rate else "",
            "\n".join(target.words for target in cell.targets),
            "\n".join(f"{target.value:.2f} {'yes' if target.met else 'NO'}" for target in cell.targets),
            probes, notes,
        )  # fmt: skip
    return shown


def as_json(cells: list[Cell], memory: dict[str, float], took_s: float) -> dict[str, Any]:
    """Everything measured, with the machine that it was measured on."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cpus": psutil.cpu_count(), "python": platform.python_version(), "system": platform.platform(),
            "load_1_min": round(psutil.getloadavg()[0], 2),
        },
        "took_s": round(took_s, 1),
        "memory_mb": memory,
        "cells": [
            {**asdict(cell), "noisy": cell.noisy, "targets": [{**asdict(t), "met": t.met} for t in cell.targets]}
            for cell in cells
        ],
    }  # fmt: skip


def tell(cells: list[Cell], memory: dict[str, float], took_s: float, file: Path) -> None:
    """Show the table and keep the JSON."""
    console = Console(width=None if Console().is_terminal else 190)
    console.print(table(cells))
    console.print("Memory, MB: " + ", ".join(f"{name} {size}" for name, size in memory.items()))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(as_json(cells, memory, took_s), indent=1, ensure_ascii=False), "utf-8")
    console.print(
        f"Took {took_s:.0f} s on {psutil.cpu_count()} CPUs, load {psutil.getloadavg()[0]:.1f}; kept in {file}"
    )
