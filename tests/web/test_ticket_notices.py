"""The customer's page names the standing faults that change where this ticket is called, and no others."""

from dataclasses import dataclass, replace

import pytest

from display.board import Board, Name, Notice, Opening, Special
from tests.web.hall import BOARD, FakePages, at, hall_app, ticket
from tests.web.reading import texts

SIGN_2 = Notice("r1", "window", "2", "sign2", "sign", Name("2号屏", "Sign 2"), "no_ack", at(3))
SCANNER_2 = replace(SIGN_2, id="r2", device="scanner2", kind="asset", fault="declared", to=("1", "3"))
TV = Notice("r3", "hall", "", "tv1", "tv", Name("大屏", "TV"), "declared", at(3))
PRINTER = Notice("r4", "kiosk", "K1", "printer1", "printer", Name("打印机", "Printer"), "paper_end", at(3), to=("K2",))
SIGN_9 = replace(SIGN_2, id="r5", at="9", to=("8",))


@dataclass
class Broken(FakePages):
    """A hall with notices; windows 1 and 3 serve the ticket's service."""

    notices: tuple[Notice, ...] = ()

    def board(self) -> Board:
        return replace(BOARD, notices=self.notices, services=(replace(BOARD.services[0], windows=("1", "3")),))


@pytest.mark.parametrize(
    ("notice", "zh", "en"),
    [
        (SCANNER_2, "2号窗口设备维修，改在1号窗口叫号", "Window 2 is under repair: its numbers are called at window 1"),
        (
            replace(SIGN_2, at="1"),
            "1号窗口显示屏故障，请看大屏叫号",
            "The sign of window 1 is out of order: please watch the hall TV for your number",
        ),
        (
            replace(SCANNER_2, at="1", to=()),
            "1号窗口设备维修，请看大屏叫号",
            "Window 1 is under repair: please watch the hall TV for your number",
        ),
        (TV, "大屏故障，请看窗口上方的显示屏", "The hall TV is out of order: please watch the signs over the windows"),
    ],
)
def test_a_fault_that_moves_this_customer_is_told_in_both_languages(notice: Notice, zh: str, en: str) -> None:
    for state, more in (("waiting", {"ahead": 0}), ("called", {"window": "3"})):
        browser = hall_app(Broken(tickets={"code": ticket(state, **more)}, notices=(notice,))).test_client()
        assert zh in texts(browser.get("/t/code").text)
        assert en in texts(browser.get("/t/code?lang=en").text)


def test_two_broken_devices_of_a_window_are_one_sentence_and_what_concerns_others_is_not_said() -> None:
    notices = (SCANNER_2, replace(SIGN_2, to=("1", "3")), PRINTER, SIGN_9)
    page = (
        hall_app(Broken(tickets={"code": ticket("waiting", ahead=0)}, notices=notices))
        .test_client()
        .get("/t/code")
        .text
    )
    assert [text for text in texts(page) if "故障" in text or "维修" in text] == ["2号窗口设备维修，改在1号窗口叫号"]
    done = hall_app(Broken(tickets={"code": ticket("done")}, notices=notices)).test_client().get("/t/code").text
    assert "维修" not in done


@dataclass
class Timed(FakePages):
    """A hall with hours, whose service has others, before days off."""

    def board(self) -> Board:
        day, off = ("2026-11-23T00:30:00Z", "2026-11-23T04:00:00Z"), Name("国庆节", "National Day")
        own = replace(BOARD.services[0], hours=(Opening("2026-11-24T01:00:00Z", "2026-11-24T03:30:00Z"),))
        special = (Special(off, "2026-11-25", "2026-11-26"),)
        return replace(BOARD, hours=(Opening(*day),), services=(own,), special=special)


def test_T5_T6_the_page_says_when_tickets_are_given_out_and_which_days_are_off() -> None:
    pages = Timed(tickets={"code": ticket("waiting", ahead=1)})
    client = hall_app(pages).test_client()
    assert "Tickets are given out Tue 24 Nov 09:00–11:30" in texts(client.get("/t/code?lang=en").text)
    assert "国庆节：11月25日 星期三–11月26日 星期四休息" in texts(client.get("/t/code").text)
    assert "取号时间 11月23日 星期一 08:30–12:00" in texts(client.get("/t/none").text), "a number that is no more"
