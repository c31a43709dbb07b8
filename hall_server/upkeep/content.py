"""``hallcall content``: what the hall tells its customers on the TV, put up, listed and taken away from a terminal."""

import base64
import json
import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from hall_server.contract.content import PART_BYTES, ContentRow
from hall_server.local import need_server
from hall_server.upkeep.rows import HOME, local

WIDTH = 180  # columns of a table that is not printed on a terminal
DAY = click.DateTime(["%Y-%m-%d"])


@click.group("content")
def content() -> None:
    """Slides, films and lines of text on the TV, each with its dates and owner."""


@content.command("list")
@HOME
@click.option("--json", "as_json", is_flag=True, help="What the API answers, as JSON.")
def list_content(home: Path, as_json: bool) -> None:
    """Show everything, with the days on which it is shown and how long TVs have shown it."""
    rows = [ContentRow.heard(row) for row in need_server(home, "GET", "/api/v1/content")["rows"]]
    if as_json:
        click.echo(json.dumps([row.model_dump(mode="json") for row in rows], ensure_ascii=False, indent=1))
        return
    table = Table("id", "where", "kind", "state", "from", "until", "owner", "shown", "last", "text", box=None)
    for one in rows:
        state = "no file" if one.missing else one.state
        table.add_row(one.id, one.place, one.kind, state, one.first, one.last, one.owner, f"{one.shown_s // 60} min",
                      local(one.shown_at), one.text.zh or one.text.en)  # fmt: skip
    Console(width=None if sys.stdout.isatty() else WIDTH, markup=False, highlight=False).print(table)


@content.command("add")
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@HOME
@click.option("--place", type=click.Choice(["promo", "ticker"]), default="promo", show_default=True,
              help="The TV's picture, or its last line.")  # fmt: skip
@click.option("--zh", default="", help="Text in Chinese.")
@click.option("--en", default="", help="Text in English.")
@click.option("--owner", required=True, help="Who answers for it.")
@click.option("--from", "first", type=DAY, required=True, help="The first day, 2026-11-22.")
@click.option("--until", "last", type=DAY, required=True, help="The last day.")
def add(file: Path | None, home: Path, first: datetime, last: datetime, **said: str) -> None:
    """Put up a picture (PNG, JPEG, WebP), a film (MP4, WebM) or, without FILE, a text in both languages."""
    wanted: dict[str, Any] = {**said, "first": f"{first:%Y-%m-%d}", "last": f"{last:%Y-%m-%d}"}
    if file is not None:
        wanted["upload"] = _send(home, file)
    row = ContentRow.heard(need_server(home, "POST", "/api/v1/content", wanted))
    click.echo(f"{row.id}: {row.kind}, {row.first} to {row.last}.")


@content.command("remove")
@click.argument("item")
@HOME
def remove(item: str, home: Path) -> None:
    """Take something away; its file goes with the last item that shows it."""
    need_server(home, "POST", f"/api/v1/content/{item}/remove")
    click.echo(f"{item} is taken away.")


def _send(home: Path, file: Path) -> str:
    """The name under which a file went up, part by part."""
    upload, offset = secrets.token_hex(8), 0
    with file.open("rb") as stream:
        while data := stream.read(PART_BYTES):
            part = {"upload": upload, "offset": offset, "data": base64.b64encode(data).decode()}
            need_server(home, "POST", "/api/v1/content/parts", part)
            offset += len(data)
    return upload
