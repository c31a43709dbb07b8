"""Two servers of one hall: each shows at once what the other did, and nobody is gone whom the other one hears."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.server.halls import HALL, write_settings
from tests.server.program import Program, free_port
from tests.server.test_live import Ear, ear
from tests.two_servers.pair import Servers, until

pytestmark = pytest.mark.needs("postgres")

ALIVE_EVERY_S = 1.0


@pytest.fixture
def pair(tmp_path: Path, database: str) -> Iterator[Servers]:
    programs = []
    for name in ("left", "right"):
        write_settings(tmp_path / name, f'{HALL}\n[server]\ndatabase = "{database}"\n')
        programs.append(Program(tmp_path / name, free_port()))
    made = Servers(programs)
    starts = [threading.Thread(target=program.start) for program in made]
    for start in starts:  # at the same moment on an empty database
        start.start()
    for start in starts:
        start.join()
    yield made
    assert made.stop() == [0, 0]


@contextmanager
def station(program: Program, token: str) -> Iterator[Ear]:
    """A station that says that it is alive, until the block ends."""
    with ear(program, "/station", token) as one:
        stop = threading.Event()

        def live() -> None:
            while not stop.wait(ALIVE_EVERY_S) and one.client.connected:
                one.client.emit("alive", namespace="/station")

        talking = threading.Thread(target=live)
        talking.start()
        try:
            yield one
        finally:
            stop.set()
            talking.join()


def sign(program: Program) -> str:
    devices = program.ask("GET", "/api/v1/devices", token=program.admin)[1]["devices"]
    return str(next(device["state"] for device in devices if device["id"] == "sign1"))


def health(program: Program) -> list[str]:
    """What the journal says of the sign, in order."""
    rows: list[dict[str, Any]] = program.ask("GET", "/api/v1/journal", token=program.admin)[1]["rows"]
    return [row["body"]["state"] for row in rows if row["kind"] == "DeviceChanged" and row["body"]["device"] == "sign1"]


def test_what_one_server_does_the_others_screens_and_desks_know(pair: Servers) -> None:
    left, right = pair
    with ear(right, "/board") as screen:
        screen.next("board")
        left.post("/day/open")
        ticket = left.post("/tickets", {"service": "id"})
        left.post("/windows/1/next", {})
        board = screen.next("board", lambda said: said["windows"][0]["label"] == ticket["label"])
    assert board["rev"] == left.ask("GET", "/readyz")[1]["rev"] == right.ask("GET", "/readyz")[1]["rev"]
    token = left.token("manager", "wang")
    assert right.ask("GET", "/api/v1/board", token=token)[0] == 200
    known = left.ask("GET", "/api/v1/tokens", token=left.admin)[1]["tokens"]
    mine = next(one["id"] for one in known if one["subject"] == "wang")
    left.post(f"/tokens/{mine}/revoke")
    until(lambda: right.ask("GET", "/api/v1/journal", token=token)[0] == 401, "the token is dead at the other server")


def test_a_station_is_there_as_long_as_one_of_the_servers_hears_it(pair: Servers) -> None:
    left, right = pair
    token = left.token("station", "hall")
    with station(left, token) as one:
        one.next("owed")
        report = {"health": [{"device": "sign1", "state": "ok"}]}
        assert left.ask("POST", "/api/v1/stations/hall/reports", report, token=token)[0] == 200
        until(lambda: sign(right) == "ok", "the sign is ok at the other server")
        right.kill()
        right.start()
        time.sleep(3.0)  # time enough for the restarted server to say something wrong
        assert health(right) == ["ok"]
        with station(right, token) as again:
            again.next("owed")
            left.kill()
            time.sleep(8.0)  # more than it takes to call a silent station lost, and its devices unknown
            assert health(right) == ["ok"]
    until(lambda: sign(right) == "unknown", "the sign is unknown when nobody hears its station")
    left.start()
    assert sign(left) == "unknown"
