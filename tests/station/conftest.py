"""A fake hall and simulated printers for the tests of the station."""

from collections.abc import Iterator

import pytest

from drivers.sim.printer import SimPrinter
from tests.station.fake_hall import FakeHall


@pytest.fixture
def sim() -> Iterator[SimPrinter]:
    printer = SimPrinter().start()
    yield printer
    printer.stop()


@pytest.fixture
def hall(sim: SimPrinter) -> Iterator[FakeHall]:
    hall = FakeHall((("P1", "K1", f"tcp://127.0.0.1:{sim.port}"),)).start()
    yield hall
    hall.kill()
