"""``hallcall devices export``: the asset register, kept in hallcall.toml, as a sheet."""

from pathlib import Path

import click

from hall_server.register import edit
from hall_server.register.sheets import sheet
from hall_server.settings import FILE, load
from hall_server.upkeep.rows import HOME
from hall_server.upkeep.told import SHEET, is_sheet, told


@click.command("export")
@click.argument("file", type=SHEET, callback=is_sheet)
@HOME
def export(file: Path, home: Path) -> None:
    """Write the asset register into a sheet (.csv or .xlsx)."""
    with told(home):
        load(home / FILE)
        found = edit.rows(edit.read(home))
        write(file, found)
    click.echo(f"{file}: {len(found)} devices.")


def write(file: Path, rows: list[dict[str, str]]) -> None:
    """A sheet with one row for each device."""
    cells = ([row[key] for key in edit.KEYS] for row in rows)
    file.write_bytes(sheet(file.suffix.lower(), (edit.KEYS, *cells)))
