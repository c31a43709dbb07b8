"""The kiosk's memory of numbers that it gave out alone: none twice, none lost, and how old each is."""

from collections.abc import Callable
from pathlib import Path

from display.board import Board, Name
from hall_server.contract import AwayOrder, BlockOrder
from hall_server.station import Watch
from kiosk.away_log import AwayLog, Given, Known, ended
from kiosk.hall_clock import HallClock
from kiosk.lease import Lease
from kiosk.touch import Kiosk


class Ticking:
    """A monotonic clock that a test moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def order(holder: str, used: tuple[int, ...] = (), day: str = "2026-11-22/1") -> AwayOrder:
    blocks = (BlockOrder(holder=holder, service="id", series="A", first=701, last=704, used=used),)
    return AwayOrder(day=day, until="2026-11-22T16:00:00Z", size=4, blocks=blocks)


def give(day: str = "2026-11-22/1") -> Callable[[BlockOrder, int], Given]:
    return lambda block, number: Given(
        ticket=f"{day[-1]}w{number}", code="c", day=day, service="id", series="A", number=number, label=f"A{number}",
        language="zh", issued_at="2026-11-22T02:00:00Z",
    )  # fmt: skip


def taken(log: AwayLog, orders: AwayOrder) -> list[int | None]:
    return [given.number if (given := log.take(orders, "id", give(orders.day))) else None for _ in range(5)]


def test_numbers_are_given_out_once_and_in_order_also_over_a_restart(tmp_path: Path) -> None:
    log = AwayLog(tmp_path / "away.sqlite3")
    orders = order(log.holder, used=(702,))
    assert log.take(orders, "id", give()) is not None
    log.close()
    again = AwayLog(tmp_path / "away.sqlite3")
    assert again.holder == log.holder
    assert (again.left(orders, "id"), again.left(orders, "tax")) == (2, 0)
    assert taken(again, orders) == [703, 704, None, None, None]
    again.close()


def test_numbers_that_another_log_holds_are_not_ours(tmp_path: Path) -> None:
    log = AwayLog(tmp_path / "away.sqlite3")
    assert taken(log, order("another log"))[0] is None
    log.close()


def test_what_was_told_is_not_told_again_and_forgotten_on_another_day(tmp_path: Path) -> None:
    log = AwayLog(tmp_path / "away.sqlite3")
    taken(log, order(log.holder))
    log.told(["1w701", "1w703"])
    assert [given.number for given, _ in log.untold(50)] == [702, 704]
    log.remember(Known(away=order(log.holder, day="2026-11-22/2")))
    assert [given.number for given, _ in log.untold(50)] == [702, 704]
    assert taken(log, order(log.holder, day="2026-11-22/2"))[:2] == [701, 702]
    log.close()


def test_an_age_goes_on_over_a_restart_of_the_program(tmp_path: Path) -> None:
    clock = Ticking(1000.0)
    log = AwayLog(tmp_path / "away.sqlite3", clock=clock, run="boot1")
    log.take(order(log.holder), "id", give())
    log.close()
    clock.now = 1300.0
    again = AwayLog(tmp_path / "away.sqlite3", clock=clock, run="boot1")
    assert [age_s for _, age_s in again.untold(50)] == [300.0]
    again.close()


def test_time_without_power_is_not_counted_and_the_order_stays(tmp_path: Path) -> None:
    clock = Ticking(1000.0)
    log = AwayLog(tmp_path / "away.sqlite3", clock=clock, run="boot1")
    for _ in range(2):
        log.take(order(log.holder), "id", give())
        clock.now += 60
    log.close()
    clock.now = 20.0
    again = AwayLog(tmp_path / "away.sqlite3", clock=clock, run="boot2")
    clock.now = 50.0
    again.take(order(again.holder), "id", give())
    clock.now = 80.0
    assert [age_s for _, age_s in again.untold(50)] == [120.0, 60.0, 30.0]
    again.close()


def test_each_run_ended_as_long_ago_as_the_later_ones_have_lasted() -> None:
    assert ended([("a", 10.0, 40.0), ("b", 5.0, 5.0), ("c", 100.0, 120.0)], 130.0) == {
        "c": (130.0, 0.0), "b": (5.0, 30.0), "a": (40.0, 30.0),
    }  # fmt: skip


def test_what_the_hall_said_last_is_known_after_a_restart_and_foreign_words_are_nothing(tmp_path: Path) -> None:
    log = AwayLog(tmp_path / "away.sqlite3")
    known = Known(away=order(log.holder))
    log.remember(known)
    log.close()
    again = AwayLog(tmp_path / "away.sqlite3")
    assert again.recall() == known
    again._db.execute("UPDATE known SET value = '{\"away\": 7}' WHERE name = 'hall'")  # noqa: SLF001 - as a newer program
    assert again.recall() == Known()
    again.close()


def test_a_board_that_comes_before_anything_else_takes_no_numbers_away(tmp_path: Path) -> None:
    log = AwayLog(tmp_path / "away.sqlite3")
    orders = order(log.holder)
    log.remember(Known(away=orders))
    lease = Lease("K1", log, Watch(Kiosk(id="K1", since=0.0)), HallClock(), Ticking(0.0))
    lease.saw(Board(1, 1, "", "", True, Name("厅", "Hall"), "Asia/Shanghai"))
    assert log.recall().away == orders
    log.close()
