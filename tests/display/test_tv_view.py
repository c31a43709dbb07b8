"""The words of the hall TV, and the size of the value that carries them."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import display
from display import tv_view as view
from display.board import Board, Contacts, Name, Opening, ServiceRow, Wait, WindowRow, to_json
from display.moments import clock, date
from display.phrases import Phrases
from display.waits import minutes
from tests.display.boards import NOW, call, hall, iso

PHRASES = Phrases.load(Path(display.__file__).parent / "locale")
BOARD_LIMIT_BYTES = 4096  # 50 screens get it whole at each call


def with_full_calls(board: Board) -> Board:
    return replace(board, calls=tuple(call(80 + n, f"A{n:03}", "3") for n in range(10)))


def test_a_board_of_eight_windows_stays_under_four_kilobytes() -> None:
    value = json.dumps(to_json(with_full_calls(hall(8, 5))), ensure_ascii=False, separators=(",", ":"))
    assert len(value.encode()) <= BOARD_LIMIT_BYTES


def window(row: WindowRow, after_s: float = 0, board: Board | None = None) -> view.WindowView:
    return view.window_view(row, board or replace(hall(), notices=()), PHRASES, NOW + timedelta(seconds=after_s))


def test_a_called_window_stands_out_for_twenty_seconds() -> None:
    row = WindowRow("3", "called", "A027", iso(NOW))
    looks = [window(row, after_s).look for after_s in (0, 19.9, 20)]
    assert looks == ["live", "live", "called"]
    assert window(row) == view.WindowView("3", "live", "A027", Name("请前往", "Calling"), "bell")


def test_a_recall_makes_the_row_stand_out_again() -> None:
    row = WindowRow("3", "called", "A027", iso(NOW))
    again = call(95, "A027", "3", NOW + timedelta(seconds=60))
    board = replace(hall(), notices=(), calls=(again,))
    assert [window(row, after_s, board).look for after_s in (65, 81)] == ["live", "called"]


def test_a_redirected_window_says_why_and_where_to_go() -> None:
    row = WindowRow("3", "redirected", to=("5", "6", "1"), reason="no_ack")
    repair = Name("设备维修，请到5、6号", "Under repair, go to 5 or 6")
    assert window(row) == view.WindowView("3", "redirected", "", repair, "wrench")
    assert window(replace(row, reason=None)).word.zh == "暂停服务，请到5、6号"
    assert window(replace(row, reason="manual", to=())).word == Name("暂停服务", "Paused")


def test_a_paused_window_says_paused_and_where_to_go_even_under_a_standing_notice() -> None:
    row = WindowRow("6", "paused", to=("5", "1"))
    assert window(row, board=hall()) == view.WindowView(
        "6", "redirected", "", Name("暂停服务，请到5、1号", "Paused, go to 5 or 1"), "pause"
    )


def test_a_window_with_a_standing_notice_is_under_repair_whatever_its_reason_says() -> None:
    row = WindowRow("6", "redirected", to=("5",), reason="repair-17")
    assert window(row, board=hall()).word.zh == "设备维修，请到5号"


def test_notices_come_first_in_the_ticker_and_name_the_way() -> None:
    texts = [message.text for message in view.ticker(hall(), PHRASES, NOW)]
    assert texts[:2] == [
        Name(
            "6号窗口设备维修，请到5、1号窗口，预计11:30恢复",
            "Window 6 is under repair: please go to window 5 or 1, expected back at 11:30",
        ),
        Name("1号取号机打印机缺纸，请到2号取号机", "Kiosk 1, printer out of paper: please use kiosk 2"),
    ]  # fmt: skip
    assert texts[2].zh == "请提前准备好证件原件和复印件"


def test_ready_numbers_stand_in_the_ticker_where_there_are_any() -> None:
    said = [message.text for message in view.ticker(replace(hall(), ready=("A001", "A007 (11-20)")), PHRASES, NOW)]
    assert Name("可以领取：A001 A007 (11-20)", "Ready for pick-up: A001 A007 (11-20)") in said
    assert len(said) == len(view.ticker(hall(), PHRASES, NOW)) + 1


def test_a_time_that_was_promised_is_not_repeated_once_it_has_passed() -> None:
    late = view.ticker(hall(), PHRASES, NOW + timedelta(hours=1))[0].text
    assert late == Name(
        "6号窗口设备维修，请到5、1号窗口，维修时间延长，敬请谅解",
        "Window 6 is under repair: please go to window 5 or 1, repair takes longer than expected",
    )


def test_a_fault_that_nobody_has_worded_is_still_told() -> None:
    board = replace(hall(), notices=(replace(hall().notices[1], fault="brand_new", to=()),))
    assert view.ticker(board, PHRASES, NOW)[0].text.zh == "1号取号机设备维修中，请到咨询台"


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        ((1300, 1800), (20, 30)), ((0, 0), (0, 0)), ((30, 50), (1, 1)), ((60, 540), (1, 9)), ((590, 600), (5, 10)),
        ((3600, 5400), (60, 90)), ((601, 601), (10, 15)),
    ],
)  # fmt: skip
def test_a_wait_is_rounded_away_from_a_promise(wait: tuple[int, int], said: tuple[int, int]) -> None:
    assert minutes(Wait(*wait)) == said


@pytest.mark.parametrize(
    ("is_open", "wait", "said"),
    [
        (True, Wait(1300, 1800), "约20–30分钟"), (True, Wait(30, 50), "约1分钟"), (True, Wait(0, 0), "无需等候"),
        (True, None, "时间待定"), (False, Wait(0, 0), "暂停取号"),
    ],
)  # fmt: skip
def test_an_unknown_wait_is_never_shown_as_none(*, is_open: bool, wait: Wait | None, said: str) -> None:
    row = ServiceRow("tax", Name("税务", "Tax"), "icon", is_open, 0, (), wait)
    assert view.service_view(row, hall(), PHRASES, NOW).wait.zh == said


def test_the_next_two_of_each_service_are_announced() -> None:
    labels = [(one.label, one.first) for one in view.next_labels(hall(6, 3))]
    assert labels == [
        ("A030", True), ("A031", False), ("C113", True), ("C114", False), ("F009", True), ("F010", False),
    ]  # fmt: skip


def test_the_hall_is_closed_only_when_nobody_is_served_any_more() -> None:
    board = replace(hall(), open=False)
    assert view.cover(board) == ""
    assert view.cover(replace(board, hero=None, windows=(WindowRow("1", "idle"),))) == "closed"
    assert view.cover(replace(board, emergency=Name("撤离", "Leave"))) == "emergency"


def test_clock_and_date_are_those_of_the_hall() -> None:
    assert clock(NOW, "Asia/Shanghai") == "10:42"
    assert date(NOW, "Asia/Shanghai") == Name("11月20日 星期五", "Fri 20 Nov")


MORNING = Opening("2026-11-20T00:30:00Z", "2026-11-20T04:00:00Z")
AFTERNOON = Opening("2026-11-20T05:30:00Z", "2026-11-20T09:00:00Z")
MONDAY = Opening("2026-11-23T00:30:00Z", "2026-11-23T04:00:00Z")
FAR_OFF = Opening("2026-12-01T00:30:00Z", "2026-12-01T04:00:00Z")


def test_a_draining_window_says_until_when_and_then_that_it_has_closed() -> None:
    row = WindowRow("7", "idle", until=iso(NOW + timedelta(minutes=5)))
    assert window(row).word == Name("10:47截止", "Until 10:47")
    assert window(row, 300) == view.WindowView("7", "redirected", "", Name("暂停服务", "Paused"), "pause")
    assert window(replace(row, state="serving", label="A027"), 300).label == "A027"


@pytest.mark.parametrize(
    ("hours", "after_h", "said"),
    [
        ((MORNING, AFTERNOON), 0, "约15–20分钟"),
        ((MORNING, AFTERNOON), 2, "13:30开始取号"),
        ((MORNING, AFTERNOON, MONDAY), 8, "周一 08:30 起"),
        ((MORNING, AFTERNOON, FAR_OFF), 8, "12月1日 08:30 起"),
        ((MORNING, AFTERNOON), 8, "暂停取号"),
    ],
)
def test_a_service_outside_of_its_hours_says_when_it_opens_next(
    hours: tuple[Opening, ...], after_h: int, said: str
) -> None:
    row = ServiceRow("id", Name("户籍", "ID"), "id-card", True, 3, wait=Wait(900, 1200))
    board = replace(hall(), hours=hours)
    assert view.service_view(row, board, PHRASES, NOW + timedelta(hours=after_h)).wait.zh == said


@pytest.mark.parametrize(
    ("after_h", "said"),
    [(0, "服务时间 08:30–12:00 13:30–17:00"), (8, "服务时间 11月23日 星期一 08:30–12:00")],
)
def test_the_ticker_tells_the_hours_of_today_or_of_the_next_day_that_has_some(after_h: int, said: str) -> None:
    board = replace(hall(), hours=(MORNING, AFTERNOON, MONDAY))
    assert view.ticker(board, PHRASES, NOW + timedelta(hours=after_h))[-1].text.zh == said


def test_a_far_screen_has_the_shortest_words_that_still_say_it() -> None:
    def said(row: WindowRow) -> Name:
        return view.window_view(row, replace(hall(), notices=()), PHRASES, NOW, far=True).word

    away = WindowRow("6", "paused", to=("5", "1"))
    assert said(away) == Name("到5号", "To 5")
    assert said(replace(away, to=())) == Name("暂停", "Paused")
    assert said(WindowRow("6", "redirected", reason="no_ack")) == Name("维修", "Repair")
    assert said(WindowRow("7", "idle", until=iso(NOW + timedelta(minutes=5)))) == Name("10:47止", "till 10:47")
    row = ServiceRow("id", Name("户籍", "ID"), "id-card", True, 3, wait=Wait(900, 1200))
    assert view.service_view(row, hall(), PHRASES, NOW, far=True).wait == Name("15–20分", "15–20 min")
    monday = replace(row, hours=(MONDAY,))
    assert view.service_view(monday, hall(), PHRASES, NOW, far=True).wait == Name("周一 08:30 取号", "Opens Mon 08:30")


def test_C10_the_ticker_ends_with_the_number_to_complain_at_where_there_is_one() -> None:
    board = replace(hall(), contacts=Contacts("12345"))
    assert view.ticker(board, PHRASES, NOW)[-1].text == Name("投诉电话 12345", "Complaints: phone 12345")
    assert len(view.ticker(board, PHRASES, NOW)) == 1 + len(view.ticker(hall(), PHRASES, NOW))
