"""A kiosk's page on a port of its own, whose screen a test sets by hand; the client is the real one."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from display.board import Board, Name, Notice, Opening, Wait
from display.phrases import Phrases
from hall_server.contract import SlipState, Ticket
from hall_server.station import HallClient, LinkState, Watch, new_key
from kiosk.app import create_app, phrases
from kiosk.hall_clock import HallClock
from kiosk.press import Press
from kiosk.touch import Kiosk, Visit
from tests.station.fake_hall import AT, TOKEN, demo_board

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens


def ticket(**fields: Any) -> Ticket:
    known = Ticket(
        id="ab12",
        label="A013",
        service="residence",
        state="waiting",
        ahead=12,
        estimate=Wait(1200, 1700),
        issued_at=AT,
        url="http://192.168.1.10:8800/t/k3v9x2m8q4w7",
    )
    return known.model_copy(update=fields)


def home(board: Board | None = None, **fields: Any) -> Kiosk:
    kiosk = Kiosk(id="K1", since=time.monotonic(), board=board or demo_board(), link=LinkState.UP)
    return replace(kiosk, **fields)


def closing(board: Board, service: str) -> Board:
    """The hall closes in twenty minutes, and whoever takes a ticket for this service now may not be served before."""
    now = datetime.now(UTC)
    opens, late, closes = ((now + timedelta(minutes=n)).isoformat() for n in (-60, -1, 20))
    rows = (replace(row, last_at=late) if row.id == service else row for row in board.services)
    return replace(board, hours=(Opening(opens, closes),), services=tuple(rows))


def visiting(stage: Any = "issued", paper: SlipState | None = None, **fields: Any) -> Kiosk:
    visit = Visit("key", "residence", "zh", stage, time.monotonic(), paper=paper)
    return home(visit=replace(visit, **fields))


def with_notices(*notices: Notice) -> Kiosk:
    return home(board=replace(demo_board(), notices=notices))


def notice(place: str, at: str, fault: str, *to: str) -> Notice:
    kind = "printer" if place == "kiosk" else "sign"
    return Notice(f"n-{at}", place, at, f"d-{at}", kind, Name("设备", "device"), fault, AT, to)


@dataclass
class Page:
    """The running page and the state behind it."""

    url: str
    screen: Watch[Kiosk]

    def show(self, kiosk: Kiosk) -> None:
        self.screen.change(lambda _: kiosk)


@contextmanager
def kiosk_page(hall_url: str = NOBODY, texts: Phrases | None = None) -> Iterator[Page]:
    screen = Watch(home())
    client = HallClient(hall_url, f"{TOKEN}:K1")
    press = Press(client, screen, time.monotonic, new_key)
    sockets: dict[int, Any] = {}
    app = create_app(press, screen, texts or phrases(), HallClock())
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=12)
    stop = threading.Event()
    thread = threading.Thread(target=_serve, args=(server, sockets, stop))
    thread.start()
    try:
        yield Page(f"http://127.0.0.1:{server.effective_port}", screen)
    finally:
        stop.set()
        screen.close()
        thread.join()
        client.close()


def _serve(server: Any, sockets: dict[int, Any], stop: threading.Event) -> None:
    while not stop.is_set():
        wasyncore.loop(timeout=0.05, map=sockets, count=1)
    server.task_dispatcher.shutdown()
    wasyncore.close_all(sockets)
