"""A test pattern on a sign: shown once however often it is owed, and gone after its time."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.ports import Colour, SignContent
from drivers.sim.boards import BOARDS
from drivers.sim.bus import SimBus
from hall_server.contract import DeviceOrder, ShownReport, SignOrder
from hall_server.station import patterns
from hall_server.station.patterns import Patterns
from tests.station.fake_hall import FakeHall
from tests.station.test_station import running as station_running

FIRST = SignContent("test-a", ("88888888", "3"), Colour.YELLOW)
SECOND = SignContent("test-b", ("88888888", "3"), Colour.YELLOW)
LIMIT_S = 30


class Signs:
    """Notes what is shown, and that something was repainted."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, str]] = []
        self.repainted = threading.Event()

    def show(self, device: str, content: SignContent) -> None:
        self.shown.append((device, content.content_id))

    def repaint(self, device: str) -> None:
        self.shown.append((device, "repainted"))
        self.repainted.set()


@pytest.fixture
def signs() -> Signs:
    return Signs()


@pytest.fixture
def running(signs: Signs) -> Iterator[Patterns]:
    made = Patterns(signs.show, signs.repaint)
    yield made
    made.stop()


def test_a_pattern_that_is_owed_again_and_again_is_shown_once_and_then_the_sign_is_repainted(
    signs: Signs, running: Patterns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "PATTERN_S", 0.01)
    for _ in range(3):
        running.take({"sign3": FIRST})
    assert signs.repainted.wait(LIMIT_S)
    running.take({"sign3": FIRST})
    assert signs.shown == [("sign3", "test-a"), ("sign3", "repainted")]


def test_only_the_receipt_of_the_last_pattern_is_for_a_test(signs: Signs, running: Patterns) -> None:
    running.take({"sign3": FIRST})
    running.take({"sign3": SECOND})
    told = [running.is_shown("sign3", name) for name in ("test-a", "test-b", "call-7")]
    assert (told, running.is_shown("sign4", "test-b")) == ([False, True, False], False)


def test_a_station_that_stops_repaints_nothing(
    signs: Signs, running: Patterns, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "PATTERN_S", 0.2)
    running.take({"sign3": FIRST})
    running.stop()
    assert not signs.repainted.wait(0.5)


@pytest.mark.parametrize("family", ["yongtai", "a0_90"])
def test_of_a_sign_that_never_answers_the_hall_hears_that_its_pattern_was_sent(
    hall: FakeHall, tmp_path: Path, family: str
) -> None:
    bus = SimBus(boards={1: BOARDS[family]()})
    bus.start()
    hall.more = (DeviceOrder(id="S1", kind="sign", url=bus.url(1), options={"family": family}),)
    hall.signs = {"S1": SignOrder(content_id="idle", pages=("welcome",))}
    try:
        with station_running(hall, tmp_path):
            hall.patterns = {"S1": SignOrder(content_id="test-a", pages=("88888888", "1"))}
            hall.push()
            hall.wait(lambda: bool(_shown(hall)))
    finally:
        bus.stop()
    (said,) = _shown(hall)
    assert (said.device, said.content_id, said.ms is None) == ("S1", "test-a", family == "yongtai")


def _shown(hall: FakeHall) -> list[ShownReport]:
    return [one for _, report in hall.reports for one in report.shown]
