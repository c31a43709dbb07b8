"""``hallcall day check``: has every device looked at before the hall opens, waits, and says what is not ready."""

import time
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hall_server.local import ask_server, need_server

PATIENCE_S = 120.0  # a test without an answer has failed after 90 s
LOOK_S = 0.5
WIDTH = 160  # columns of a table that is not printed on a terminal


def check(home: Path) -> bool:
    """Check the hall that runs on this folder; whether it is ready. Raises ``click.ClickException``."""
    view = need_server(home, "POST", "/api/v1/day/check", {})
    until = time.monotonic() + PATIENCE_S
    while view["check"]["state"] == "running" and time.monotonic() < until:
        time.sleep(LOOK_S)
        view = ask_server(home, "GET", "/api/v1/checks") or view
    _say(view["check"])
    return bool(view["check"]["state"] == "ready")


def _say(found: dict[str, Any]) -> None:
    table = Table("device", "name", "state", "why", box=None, pad_edge=False)
    for row in found["rows"]:
        table.add_row(row["device"], row["name"]["en"], row["state"], row["why"])
    console = Console(markup=False, highlight=False)
    Console(width=None if console.is_terminal else WIDTH, markup=False, highlight=False).print(table)
    open_rows = [row["device"] for row in found["rows"] if row["state"] != "ok"]
    click.echo("The hall is ready to open." if not open_rows else f"Not ready to open: {', '.join(open_rows)}.")
