"""A kiosk that goes on alone gives its numbers out no faster than the hall would."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from display.board import Board
from hall_server.contract import AwayOrder, BlockOrder, Owed
from hall_server.station import HallClient, LinkState, Watch, new_key
from kiosk import touch
from kiosk.away_log import AwayLog
from kiosk.hall_clock import HallClock
from kiosk.lease import Lease
from kiosk.press import Press
from tests.kiosk.kiosk_page import NOBODY, home
from tests.station.fake_hall import TOKEN

TAP_EVERY_S, TAPS = 0.5, 120
FIRST, LAST = 701, 900


class Alone:
    """A kiosk whose hall is away, and whoever taps on its screen; time passes when told to."""

    def __init__(self, folder: Path, **pace: float) -> None:
        self.now_s = time.monotonic()
        self.log = AwayLog(folder / "away.sqlite3")
        self.screen = Watch(home(link=LinkState.LOST, cut=True, alone=frozenset({"tax"})))
        self.client = HallClient(NOBODY, f"{TOKEN}:K1")
        lease = Lease("K1", self.log, self.screen, HallClock(), lambda: self.now_s)
        block = BlockOrder(holder=self.log.holder, service="tax", series="B", first=FIRST, last=LAST)
        until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        away = AwayOrder.model_validate({"day": "d/1", "until": until, "size": 200, "blocks": (block,), **pace})
        lease.saw(self.board())
        lease.heard(Owed(epoch=1, rev=1, station="K1", away=away))
        self.press = Press(self.client, self.screen, lambda: self.now_s, new_key, lease.take)

    def board(self) -> Board:
        known = self.screen.get()[1].board
        assert known is not None
        return known

    def tap(self) -> str:
        """Ask for a ticket, insist, and read what the screen says: a number, or why there is none."""
        self.press.press("tax", "zh")
        if touch.face(self.screen.get()[1]) == "again":
            self.press.again(True)
        visit = self.screen.get()[1].visit
        assert visit is not None
        self.press.done()
        return visit.ticket.label if visit.ticket is not None else visit.code

    def close(self) -> None:
        self.client.close()
        self.log.close()


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Alone]:
    made = Alone(tmp_path)
    yield made
    made.close()


def test_a_child_who_taps_for_a_minute_gets_no_more_than_the_hall_would_give(kiosk: Alone) -> None:
    said = []
    for _ in range(TAPS):
        said.append(kiosk.tap())
        kiosk.now_s += TAP_EVERY_S
    given = [label for label in said if label != "rate_limited"]
    assert said[:4] == ["B701", "B702", "B703", "rate_limited"]
    assert given == [f"B{FIRST + n}" for n in range(3 + 19)]  # three at once, then one each three seconds


def test_customers_who_come_one_after_another_all_get_their_number(kiosk: Alone) -> None:
    said = []
    for _ in range(40):
        said.append(kiosk.tap())
        kiosk.now_s += 3.0
    assert said == [f"B{FIRST + n}" for n in range(40)]


def test_a_hall_may_allow_more(tmp_path: Path) -> None:
    kiosk = Alone(tmp_path, every_s=0.0, burst=1)
    assert [kiosk.tap() for _ in range(50)] == [f"B{FIRST + n}" for n in range(50)]
    kiosk.close()


def test_where_no_numbers_are_left_nobody_is_told_to_try_again(tmp_path: Path) -> None:
    kiosk = Alone(tmp_path, every_s=0.0)
    for _ in range(FIRST, LAST + 1):
        kiosk.tap()
    assert touch.face(kiosk.screen.get()[1]) == "offline"
    kiosk.close()
