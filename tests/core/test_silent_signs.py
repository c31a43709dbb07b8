"""Boards for all windows, signs without Chinese characters, and signs that cannot say what they show."""

from dataclasses import replace
from pathlib import Path

import display
from display.phrases import Phrases
from display.sign_text import SignTexts
from hall_server import contract as c
from hall_server import views
from hall_server.core import commands as cmd
from hall_server.core.config import Device
from hall_server.owed import owed
from hall_server.views import devices as device_views
from hall_server.views import staff as staff_views
from hall_server.web.devices import in_trouble, shown_state
from tests.core.scene import OPENED_AT, Scene, scene

OUTSIDE = views.Outside(
    epoch=3, build="b", base_url="http://hall", signs=SignTexts(Phrases.load(Path(display.__file__).parent / "locale"))
)
BOARD = Device("board1", "sign", "综合屏", "Board", station="hall", columns=16, lines=3)
POLE = Device("sign1", "sign", "一号屏", "Sign 1", "window", "1", "hall", False, 20, charset="ascii")


def with_devices(*devices: Device) -> Scene:
    hall = scene()
    kept = tuple(one for one in hall.hall.config.devices if one.id not in {device.id for device in devices})
    hall.do(cmd.Configure(replace(hall.hall.config, devices=(*kept, *devices))))
    return hall


def said(hall: Scene, device: Device) -> c.SignOrder:
    order = c.DeviceOrder(id=device.id, kind="sign", url="socket://x#1")
    return owed(hall.hall, "hall", {device.id: ("hall", order)}, OUTSIDE).signs[device.id]


def test_a_board_for_all_windows_lists_the_latest_calls_newest_first() -> None:
    hall = with_devices(BOARD)
    assert said(hall, BOARD) == c.SignOrder(content_id="calls", pages=("欢迎光临",), colour="green")
    hall.issue_many(["id"] * 5)
    for window in "123":
        hall.call(window)
    seqs = [one.seq for one in reversed(hall.hall.calls)]
    assert said(hall, BOARD) == c.SignOrder(
        content_id=f"calls-{seqs[0]}-{seqs[1]}-{seqs[2]}",
        pages=("A003 请到3号窗口A002 请到2号窗口A001 请到1号窗口",),
        urgent=True,
    )


def test_a_board_lists_each_ticket_once_and_none_that_waits_again() -> None:
    hall = with_devices(BOARD)
    hall.issue_many(["id"] * 5)
    for window in "12":
        hall.call(window)
    hall.pass_time(30)
    hall.do(cmd.Recall("1"))
    assert said(hall, BOARD).pages == ("A001 请到1号窗口A002 请到2号窗口",)
    hall.do(cmd.Absent("1", force=True))
    assert said(hall, BOARD).pages == ("A002 请到2号窗口",)
    hall.do(cmd.CloseDay("we close"))
    assert said(hall, BOARD) == c.SignOrder(content_id="night", pages=("",))


def test_a_board_says_on_its_last_line_where_the_customers_of_redirected_windows_go() -> None:
    hall = with_devices(BOARD)
    hall.do(cmd.DeclareFault("scanner2", "r1"))
    assert said(hall, BOARD) == c.SignOrder(
        content_id="calls-2.1", pages=("欢迎光临        2号请到1号",), colour="yellow"
    )
    hall.issue_many(["id"] * 4)
    for window in "113":
        hall.call(window, "served")
    calls = "-".join(str(one.seq) for one in reversed(hall.hall.calls))
    assert said(hall, BOARD) == c.SignOrder(
        content_id=f"calls-{calls}-2.1", pages=("A003 请到3号窗口A002 请到1号窗口2号请到1号",), urgent=True
    )
    hall.do(cmd.Finish("3"))
    hall.do(cmd.Redirect("3"))
    assert said(hall, BOARD).pages == tuple(
        f"A003 请到3号窗口A002 请到1号窗口{told}" for told in ("2号请到1号", "3号请到1号")
    ), "one after the other, below calls that stand still"


def test_a_narrow_board_still_says_the_window() -> None:
    narrow = replace(BOARD, columns=12, charset="ascii")
    hall = with_devices(narrow)
    hall.issue_many(["id"] * 2)
    hall.call("1")
    hall.call("2")
    assert said(hall, narrow).pages == ("A002 at 2   A001 at 1",)


def test_a_sign_without_chinese_characters_speaks_english() -> None:
    hall = with_devices(POLE)
    assert said(hall, POLE).pages == ("Welcome",)
    hall.issue()
    hall.call("1")
    assert said(hall, POLE).pages == ("A001 Go to window 1",)
    clerk = staff_views.clerk(hall.hall, "1", OUTSIDE)
    assert clerk is not None
    assert clerk.sign == said(hall, POLE)


def test_a_sign_that_cannot_answer_is_unknown_without_alarm_and_says_when_a_call_was_sent() -> None:
    hall = with_devices(POLE)
    hall.health("sign1", "unknown", "unmonitored")
    hall.issue()
    hall.call("1")
    hall.pass_time(5)
    order = said(hall, POLE)
    hall.do(cmd.ReportShown("sign1", order.content_id, None))
    row = device_views.device_row(hall.hall, POLE, OUTSIDE)
    assert (row.state, row.faults, row.monitored, row.repair) == ("unknown", ("unmonitored",), False, None)
    assert row.sent == views.iso(hall.now)
    assert (shown_state(row), in_trouble(row), hall.hall.repairs) == ("unknown", False, {})
    assert hall.hall.windows["1"].incidents == {}
    clerk = staff_views.clerk(hall.hall, "1", OUTSIDE)
    assert clerk is not None
    assert (clerk.sign_state, clerk.shown_ms) == ("unknown", None)
    hall.health("sign1", "unknown", "port_missing")
    assert device_views.device_row(hall.hall, POLE, OUTSIDE).sent == row.sent
    assert hall.now > OPENED_AT
