"""The line goes in the middle of a form, and names bring markup, text that turns around, or far too many letters."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_hall import ConsoleHall, wait_for
from tests.web.hall import called_view

pytestmark = pytest.mark.needs("chromium")


@pytest.mark.parametrize(
    ("key", "dialog", "fields"),
    [
        ("t", "transfer", {"find": "5", "note": "缺一张照片"}),
        ("o", "handover", {"note": "复印机卡纸，已报修", "to": "wu"}),
        ("d", "fault", {"note": "屏幕左半边不亮"}),
    ],
)
def test_what_was_typed_stands_there_again_when_no_answer_came(
    desk: Callable[..., Page], hall: ConsoleHall, key: str, dialog: str, fields: dict[str, str]
) -> None:
    hall.show(called_view())
    page = desk("clerk", "/clerk")
    hall.lost_answers, hall.silent_change = 1, True
    page.keyboard.press(key)
    for name, value in fields.items():
        page.locator(f"#{dialog} [name={name}]").fill(value)
    for choice in page.locator(f"#{dialog} input[type=radio]:visible").all()[:1]:
        choice.check()
    page.locator(f"#{dialog} [type=submit]").click()
    expect(page.locator(f"#{dialog}[open] .unsent")).to_contain_text("再按一次，不会重复办理")
    for name, value in fields.items():
        expect(page.locator(f"#{dialog} [name={name}]")).to_have_value(value)
    page.locator(f"#{dialog} [type=submit]").click()
    wait_for(lambda: len(hall.asked) == 2)
    expect(page.locator(f"#{dialog}")).to_be_hidden()
    assert hall.asked[0] == hall.asked[1]
    assert len(hall.done) == 1
