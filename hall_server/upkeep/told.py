"""Known trouble with settings and sheets as a sentence and an exit code, and new settings taken into force."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from tomlkit.exceptions import TOMLKitError

from hall_server.local import ask_server
from hall_server.register import edit
from hall_server.settings import FILE, SettingsError

WRONG = 2  # exit code: the question or a file is wrong
SHEET = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def told(home: Path) -> Iterator[None]:
    """Every known trouble is a sentence and an exit code; the file stays as it was."""
    try:
        yield
    except SettingsError as wrong:
        click.echo(wrong.told(home / FILE), err=True)
    except (edit.NotChanged, TOMLKitError) as trouble:
        click.echo(trouble, err=True)
    except OSError as trouble:
        click.echo(f"{trouble.filename}: {trouble.strerror}.", err=True)
    else:
        return
    sys.exit(WRONG)


def is_sheet(_context: click.Context, _parameter: click.Parameter, path: Path) -> Path:
    """A file that we can write or read as a sheet."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise click.BadParameter("its name has to end in .csv or .xlsx.")
    return path


def put(home: Path, text: str) -> bool:
    """Write the settings and have a running server take them; whether one did."""
    backup = edit.write(home, text)
    click.echo(f"Written; the old settings are in {backup}.")
    if ask_server(home, "POST", "/api/v1/config/apply") is None:
        click.echo("No server runs here: the settings come into force with the next start and hallcall config apply.")
        return False
    click.echo("The settings are in force.")
    return True
