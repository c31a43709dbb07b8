"""``python -m hall_server.past``: the commands about days that are over."""

import click

from hall_server.past.kpis import kpi_command
from hall_server.past.replays import replay_command
from hall_server.past.whys import why_command


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Days that are over."""


main.add_command(replay_command)
main.add_command(kpi_command)
main.add_command(why_command)


if __name__ == "__main__":
    main(prog_name="hallcall")
