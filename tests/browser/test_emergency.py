"""The alarm by hand: only a button that is held raises it, consoles show it at once, the same holding lifts it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from display.board import Name
from hall_server.contract.emergency import AlarmRow
from tests.browser.console_hall import SCREENS, ConsoleHall, wait_for
from tests.web.hall import at

pytestmark = pytest.mark.needs("chromium")
FIRE = AlarmRow(kind="fire", text=Name("请立即离开", "Leave now"), by="concierge:sun", at=at(1))


def set_alarm(hall: ConsoleHall, alarm: AlarmRow | None) -> None:
    hall.pages.alarm_row = alarm
    hall.show(hall.pages.view)
    hall.announce()


def test_a_tap_raises_nothing_and_a_held_button_does_by_finger_and_by_key(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("concierge", "/concierge", size=(1280, 800))
    page.locator("[data-emergency]").click()
    page.screenshot(path=SCREENS / "alarm-dialog.png")
    button = page.locator("[data-danger=illness]")
    button.click()
    expect(page.locator("#message")).to_contain_text("两秒")
    assert hall.asked == []
    button.hover()
    page.mouse.down()
    wait_for(lambda: hall.asked)
    page.mouse.up()
    expect(page.locator("#emergency")).to_be_hidden()
    page.locator("[data-emergency]").click()
    page.locator("[data-danger=fire]").focus()
    page.keyboard.down(" ")
    wait_for(lambda: len(hall.asked) > 1)
    page.keyboard.up(" ")
    assert [(one.path, one.body) for one in hall.asked] == [
        ("emergency", {"kind": "illness"}), ("emergency", {"kind": "fire"}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "path", "size"),
    [("clerk", "/clerk", (1366, 768)), ("concierge", "/concierge", (1280, 800)), ("manager", "/floor", (1920, 1080))],
)
def test_a_console_shows_the_alarm_without_losing_anything_below_the_edge(
    desk: Callable[..., Page], hall: ConsoleHall, role: str, path: str, size: tuple[int, int]
) -> None:
    page = desk(role, path, size=size)
    bar = page.locator("#alarm")
    expect(bar).to_be_hidden()
    set_alarm(hall, FIRE)
    expect(bar).to_contain_text("火情")
    page.screenshot(path=SCREENS / f"alarm-{role}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    set_alarm(hall, None)
    expect(bar).to_be_hidden()


def test_the_alarm_is_lifted_by_holding_as_long(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    hall.pages.alarm_row = FIRE
    page = desk("manager", "/floor", size=(1920, 1080))
    page.locator("[data-lift]").hover()
    page.mouse.down()
    wait_for(lambda: hall.asked)
    page.mouse.up()
    assert [(one.path, one.body) for one in hall.asked] == [("emergency/lift", {})]
