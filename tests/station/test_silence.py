"""While the hall is silent nothing old is shown as if it were of now, and what is true comes back with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drivers.sim.bus import SimBus
from drivers.sim.pads import SimPads
from hall_server.contract import DeviceOrder, PadOrder, SignOrder
from hall_server.station import Station, program, silence
from tests.conformance.bus_rig import eventually
from tests.station.fake_hall import TOKEN, FakeHall


@pytest.fixture
def line() -> Iterator[SimBus]:
    bus = SimBus(count=1, pads=SimPads(pads=1))
    bus.start()
    yield bus
    bus.stop()


def test_a_pad_goes_blank_and_a_sign_says_its_window_until_the_hall_is_back(
    line: SimBus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "LOOK_AGAIN_S", 0.05)
    monkeypatch.setattr(silence, "PAD_STALE_S", 0.2)
    monkeypatch.setattr(silence, "SIGN_STALE_S", 0.6)
    url = line.url(1).partition("#")[0]
    hall = FakeHall()
    hall.more = tuple(DeviceOrder(id=kind, kind=kind, url=f"{url}#1") for kind in ("sign", "pad"))
    hall.signs = {"sign": SignOrder(content_id="call-7", pages=("请A007号",), urgent=True)}
    hall.windows = {"sign": "3"}
    hall.pads = {"pad": PadOrder(waiting=4, ticket="A007")}
    hall.start()
    station = Station("K1", hall.url, f"{TOKEN}:K1", tmp_path, recover_s=0.1)
    station.start()

    def shown() -> tuple[Any, Any]:
        unit = next(unit for unit in line.pads() if unit["id"] == "pad-1")
        return unit["display"], line.state()[0]["text"]

    try:
        eventually(lambda: shown() == ("  4007", "请A007号"))
        hall.kill()
        eventually(lambda: shown() == (" " * 6, "3"))
        hall.start()
        eventually(lambda: shown() == ("  4007", "请A007号"))
    finally:
        station.stop()
        hall.kill()
