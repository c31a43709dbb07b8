"""``python -m kiosk``: one ticket kiosk, its page on loopback and the station of its own printer."""

import logging
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError
from waitress.server import create_server

from display.board import Board
from hall_server.contract import Owed
from hall_server.station import LinkState, Station, Watch, helpers_in, new_key, read_token
from hall_server.station.vigil import vigil
from kiosk import touch
from kiosk.app import create_app, phrases
from kiosk.away_log import AwayLog
from kiosk.hall_clock import HallClock
from kiosk.lease import Lease
from kiosk.press import Press
from kiosk.touch import Kiosk

LOG = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
# One long poll for each open page, and touches beside it.
THREADS = 12
BOARD: TypeAdapter[Board] = TypeAdapter(Board)


def listen(screen: Watch[Kiosk], lease: Lease) -> dict[str, Any]:
    """What the station hears, as changes of the screen."""

    def board(data: dict[str, Any]) -> None:
        try:
            value = BOARD.validate_python(data)
        except ValidationError:
            LOG.exception("the hall's board cannot be read")
        else:
            screen.change(lambda kiosk: touch.heard_board(kiosk, value))
            lease.saw(value)

    def owed(value: Owed) -> None:
        screen.change(lambda kiosk: touch.heard_papers(kiosk, value.papers, time.monotonic()))
        lease.heard(value)

    def link(state: LinkState) -> None:
        screen.change(lambda kiosk: touch.heard_link(kiosk, state, time.monotonic()))
        lease.line(state)

    def works(device: str, works: bool) -> None:
        screen.change(lambda kiosk: touch.heard_health(kiosk, device, works))

    return {"on_board": board, "on_owed": owed, "on_link": link, "on_works": works, "on_slip": lease.printed}


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--id", "kiosk_id", required=True, help="The kiosk's id in the hall.")
@click.option(
    "--server", required=True, help="The hall server's URL; several, separated by commas, replace each other."
)
@click.option("--token-file", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--port", required=True, type=click.IntRange(0, 65535), help="Port of the page on loopback.")
@click.option("--state-dir", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--recover-s", default=30.0, show_default=True, help="Good seconds before a device is ok again.")
@click.option("--helpers", type=click.Path(path_type=Path), help="A file with the [[helper]] programs that may be run.")
def main(
    kiosk_id: str, server: str, token_file: Path, port: int, state_dir: Path, recover_s: float, helpers: Path | None
) -> None:
    """Serve the kiosk's page and drive its printer."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    token = read_token(token_file)
    hall_clock = HallClock()
    screen = Watch(Kiosk(id=kiosk_id, since=time.monotonic()))
    log = AwayLog(state_dir / "away.sqlite3")
    lease = Lease(kiosk_id, log, screen, hall_clock, time.monotonic)
    station = Station(
        kiosk_id,
        server,
        token,
        state_dir,
        recover_s=recover_s,
        helpers=helpers_in(helpers),
        on_time=hall_clock.heard,
        **listen(screen, lease),
    )
    press = Press(station.client, screen, time.monotonic, new_key, lease.take, hall_clock)
    app = create_app(press, screen, phrases(), hall_clock, lease.call_list)
    try:
        web = create_server(app, host=LOOPBACK, port=port, threads=THREADS)
    except OSError as error:
        raise click.ClickException(f"the kiosk's page cannot listen on {LOOPBACK}:{port}: {error}") from error

    def stop(_number: int, _frame: FrameType | None) -> None:
        screen.close()  # lets the long polls go, for which the web server waits
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with vigil():
        station.start()
        lease.start(station)
        LOG.info("kiosk %s on http://%s:%s/", kiosk_id, LOOPBACK, web.effective_port)
        web.run()
    lease.stop()
    station.stop()


if __name__ == "__main__":
    main(prog_name="hallcall kiosk")
