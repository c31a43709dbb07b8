"""``python -m hall_server.station``: runs one station until it is told to stop."""

import logging
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from hall_server.station.helpers import helpers_in
from hall_server.station.program import Station
from hall_server.station.token import read_token
from hall_server.station.vigil import vigil


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and Ctrl-C set."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    return stop


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--id", "station_id", required=True, help="The station's id in the hall.")
@click.option(
    "--server", required=True, help="The hall server's URL; several, separated by commas, replace each other."
)
@click.option("--token-file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--state-dir", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--recover-s", default=30.0, show_default=True, help="Good seconds before a device is ok again.")
@click.option("--helpers", type=click.Path(path_type=Path), help="A file with the [[helper]] programs that may be run.")
def main(
    station_id: str, server: str, token_file: Path, state_dir: Path, recover_s: float, helpers: Path | None
) -> None:
    """Drive the printers and signs that are connected to this computer."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    stop = stop_on_signals()
    station = Station(
        station_id, server, read_token(token_file), state_dir, recover_s=recover_s, helpers=helpers_in(helpers)
    )
    with vigil():
        station.start()
        # An untimed wait would not let Ctrl-C through on Windows.
        while not stop.wait(0.5):
            pass
    station.stop()


if __name__ == "__main__":
    main(prog_name="hallcall station")
