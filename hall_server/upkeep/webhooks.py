"""``hallcall webhooks``: how receivers do, a test of one, and everything once more from a row of the journal on."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from hall_server.local import need_server

HOME = click.option("--home", type=click.Path(path_type=Path), default=Path("var"), show_default=True,
                    help="Folder of settings and data.")  # fmt: skip
WIDTH = 160  # columns of a table that is not printed on a terminal
TEST_S = 30.0  # a receiver gets fifteen seconds


@click.group("webhooks")
def webhooks() -> None:
    """Programs outside that are told what happens."""


@webhooks.command("list")
@HOME
def list_hooks(home: Path) -> None:
    """Show each webhook: how it does, how far behind it is, and what went wrong last."""
    rows = need_server(home, "GET", "/api/v1/webhooks")["webhooks"]
    table = Table("webhook", "to", "state", "behind", "delivered", "refused", "dropped", "trouble", box=None)
    for one in rows:
        table.add_row(one["id"], one["to"], one["state"], str(one["behind"]), str(one["delivered"]),
                      str(one["refused"]), str(one["dropped"]), one["trouble"] or "-")  # fmt: skip
    Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False).print(table)


@webhooks.command("test")
@click.argument("webhook")
@HOME
def test_hook(webhook: str, home: Path) -> None:
    """Send a test to a receiver, and say what it answered."""
    tried = need_server(home, "POST", f"/api/v1/webhooks/{webhook}/test", within_s=TEST_S)
    if not tried["delivered"]:
        raise click.ClickException(f"{webhook} did not take it: {tried['trouble']}.")
    click.echo(f"{webhook} took it (HTTP {tried['status']}).")


@webhooks.command("replay")
@click.argument("webhook")
@click.option("--from", "seq", type=click.IntRange(1), required=True, help="The first row (hallcall journal show).")
@HOME
def replay_hook(webhook: str, seq: int, home: Path) -> None:
    """Send everything from a row of the journal on once more, with the same ids; also starts one that has stopped."""
    row = need_server(home, "POST", f"/api/v1/webhooks/{webhook}/replay", {"seq": seq})
    click.echo(f"{webhook} begins again after row {row['seq']}; {row['behind']} rows follow.")
