"""A device is replaced at one server: the other writes the same into its own settings, and tells its own stations."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hall_server.settings import FILE, load
from tests.server.halls import HALL, write_settings
from tests.server.program import Program, free_port
from tests.server.test_live import ear
from tests.two_servers.pair import until

pytestmark = pytest.mark.needs("postgres")

UNIT = {"url": "tcp://192.0.2.8:9100", "serial": "SN 2", "options": {"width": "384"}, "reason": "seen to print"}


@pytest.fixture
def pair(tmp_path: Path, database: str) -> Iterator[tuple[Program, Program]]:
    made = []
    for name in ("left", "right"):
        write_settings(tmp_path / name, f'{HALL}\n[server]   # {name}\ndatabase = "{database}"\n')
        made.append(Program(tmp_path / name, free_port()))
        made[-1].start()
    yield made[0], made[1]
    assert [program.stop() for program in made] == [0, 0]


def test_the_other_server_follows_and_its_stations_open_the_new_unit(pair: tuple[Program, Program]) -> None:
    left, right = pair
    with ear(right, "/station", left.token("kiosk", "K1")) as station:
        left.post("/devices/printer1/replace", UNIT)
        until(lambda: load(right.home / FILE).device[0].url == UNIT["url"], "the other file says so, too")
        device = load(right.home / FILE).device[0]
        assert (device.serial, device.options) == ("SN 2", {"width": "384"})
        assert "[server]   # right" in (right.home / FILE).read_text("utf-8")
        told = station.next("owed", lambda said: said["devices"][0]["url"] == UNIT["url"])
        assert told["devices"][0]["options"] == {"width": "384"}
    rows = left.ask("GET", "/api/v1/journal?after=0", token=left.admin)[1]["rows"]
    assert [row["kind"] for row in rows].count("DeviceReplaced") == 1
