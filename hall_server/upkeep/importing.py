"""``hallcall devices import``: a program of its own, since reading a spreadsheet costs every other start a moment."""

from pathlib import Path

import click

from hall_server.register import edit
from hall_server.settings import FILE
from hall_server.upkeep import sheet
from hall_server.upkeep.rows import HOME
from hall_server.upkeep.told import SHEET, is_sheet, put, told


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("file", type=SHEET, callback=is_sheet)
@HOME
@click.option("--apply", is_flag=True, help="Write the settings (the old file is kept) and take them into force.")
def main(file: Path, home: Path, apply: bool) -> None:
    """Show what a sheet changes in the settings; an empty cell empties a setting, a new id is a new device."""
    with told(home):
        before = edit.read(home)
        after = edit.changed(before, sheet.read(file), home)
        if after == before:
            click.echo("Nothing changes.")
            return
        click.echo(edit.diff(before, after))
        if apply:
            put(home, after)
            return
        (home / f"{FILE}.new").write_text(after, "utf-8", newline="")
    click.echo(f"Nothing is changed yet; the new text is in {home / FILE}.new. Take it into force with --apply.")


if __name__ == "__main__":
    main(prog_name="hallcall devices import")
