"""Slips that a kiosk prints while nobody answers: begun once, without a claim, until the hall has been told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from display.board import Name
from drivers.ports import PrintResult, Slip, Verdict
from hall_server.contract import SlipOrder, SlipReport
from hall_server.station.client import HallClient
from hall_server.station.log import SENDING, SlipLog
from hall_server.station.prints import Prints

NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens
ORDER = SlipOrder(
    slip="s-t1", ticket="t1", printer="P1", attempt=1, copied=False, hall=Name("", ""), label="A701",
    service=Name("", ""), language="zh", issued_at="2026-11-22T02:00:00Z", timezone="Asia/Shanghai", ahead=0,
    estimate=None, url=None, away=True,
)  # fmt: skip
Make = Callable[[], Prints]


@pytest.fixture
def decided() -> list[SlipReport]:
    return []


@pytest.fixture
def make(tmp_path: Path, decided: list[SlipReport]) -> Iterator[Make]:
    """The slips of a station as each of its runs finds them."""
    logs: list[SlipLog] = []

    def begin() -> Prints:
        logs.append(SlipLog(tmp_path / "station.sqlite3"))
        logs[-1].recover()
        client = HallClient(NOBODY, "token")
        return Prints("K1", client, logs[-1], lambda order: Slip(order.slip, "", ""), lambda: None, decided.append)

    yield begin
    for log in logs:
        log.close()


def test_it_may_be_printed_at_once_and_its_verdict_is_known_here(make: Make, decided: list[SlipReport]) -> None:
    prints = make()
    assert prints.alone(ORDER) is not None
    assert prints.alone(ORDER) is None, "it is under way"
    assert prints.may_print("P1", "s-t1.1")
    prints.printed("P1", "s-t1.1", PrintResult(Verdict.PRINTED))
    assert [(one.slip, one.outcome) for one in decided] == [("s-t1", "printed")]
    assert prints.settle("s-t1") == ("printed", "")
    assert prints.alone(ORDER) is None, "it was printed"


def test_a_power_cut_while_it_was_sent_leaves_a_doubt_and_no_second_paper(make: Make) -> None:
    prints = make()
    prints.alone(ORDER)
    assert prints.may_print("P1", "s-t1.1")
    assert prints.settle("s-t1") == (SENDING, "")
    again = make()
    assert again.alone(ORDER) is None
    assert again.settle("s-t1") == ("unconfirmed", "ticket_unconfirmed")


def test_once_the_hall_was_told_that_it_is_owed_nothing_is_printed_without_the_halls_leave(make: Make) -> None:
    prints = make()
    prints.alone(ORDER)
    assert prints.settle("s-t1") == (None, "")
    assert not prints.may_print("P1", "s-t1.1")


def test_a_printer_that_cannot_print_says_why(make: Make) -> None:
    prints = make()
    prints.alone(ORDER)
    assert prints.may_print("P1", "s-t1.1")
    prints.printed("P1", "s-t1.1", PrintResult(Verdict.CLEARED, ("paper_end", "cover_open")))
    assert prints.settle("s-t1") == ("failed", "paper_end")
