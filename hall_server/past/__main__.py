"""``python -m hall_server.past``: the commands about days that are over."""

import sys
from pathlib import Path

import click

from hall_server.journal import JournalError
from hall_server.past.archives import archive_command
from hall_server.past.fairness import fairness_command
from hall_server.past.forecasts import forecast_command
from hall_server.past.kpis import kpi_command
from hall_server.past.replays import replay_command
from hall_server.past.whys import why_command
from hall_server.settings import FILE, SettingsError

NOT_HERE = 3  # exit code: it cannot be answered on this computer now


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Days that are over."""


for command in (replay_command, kpi_command, why_command, fairness_command, forecast_command, archive_command):
    main.add_command(command)


def run() -> None:
    """Run a command; every known trouble is a sentence and an exit code."""
    try:
        main(prog_name="hallcall")
    except SettingsError as wrong:
        click.echo(wrong.told(Path(FILE)), err=True)
    except JournalError as trouble:
        click.echo(trouble, err=True)
    sys.exit(NOT_HERE)


if __name__ == "__main__":
    run()
