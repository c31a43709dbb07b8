"""Checks in a real browser: an inspection on a phone, the opening check, and a clerk who helps a device."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_hall import ConsoleHall
from tests.web.hall import CHECKS

pytestmark = pytest.mark.needs("chromium")

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}


@pytest.fixture
def hall() -> Iterator[ConsoleHall]:
    with ConsoleHall() as running:
        running.pages.checks_view = CHECKS
        yield running


@pytest.fixture
def opened(browser: Browser, hall: ConsoleHall) -> Iterator[Callable[..., Page]]:
    """Opens a page as a role, in Chinese."""
    pages: list[Page] = []

    def open_page(role: str, path: str, size: dict[str, int]) -> Page:
        page = browser.new_page(viewport={"width": size["width"], "height": size["height"]})
        cookies = {"hallcall": role, "hallcall_lang": "zh"}
        page.context.add_cookies([{"name": name, "value": value, "url": hall.url} for name, value in cookies.items()])
        page.goto(hall.url + path)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()


def test_an_inspection_is_ticked_on_a_phone_and_sent_once(opened: Callable[..., Page], hall: ConsoleHall) -> None:
    page = opened("maintenance", "/maintenance/checks", PHONE)
    page.get_by_role("link", name="打印机每周检查").click()
    page.locator("[value=ok]").first.check()
    expect(page.locator(".usable")).to_be_hidden()
    page.locator("[value=defect]").nth(1).check()
    page.locator("[name=note2]").fill("夹纸")
    page.locator(".usable").click()
    page.get_by_role("button", name="完成检查").click()
    expect(page.locator("#message")).to_have_text("检查已记录")
    assert [(asked.path, asked.body) for asked in hall.asked] == [
        (
            "devices/printer-1/inspect",
            {
                "plan": "weekly",
                "usable": False,
                "items": [
                    {"zh": "打印头清洁", "en": "Print head clean", "ok": True, "note": ""},
                    {"zh": "切刀无纸屑", "en": "No scraps at the cutter", "ok": False, "note": "夹纸"},
                ],
            },
        )
    ]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_the_opening_check_says_why_not_and_asks_for_a_reason(opened: Callable[..., Page], hall: ConsoleHall) -> None:
    page = opened("manager", "/maintenance/checks", DESK)
    expect(page.locator(".verdict strong")).to_have_text("不能开门：2 台设备未通过")
    expect(page.locator("[data-device=printer-1] .what")).to_have_text("缺纸，请换纸卷")
    page.locator("[data-device=copier]").get_by_role("button", name="正常").click()
    page.get_by_role("button", name="开始营业").click()
    page.locator("#ask [data-confirm]").click()
    expect(page.locator("#ask")).to_be_visible()  # it wants a reason
    page.locator("#ask [name=note]").fill("先用2号机")
    page.locator("#ask [data-confirm]").click()
    expect(page.locator("#ask")).to_be_hidden()
    assert [(asked.path, asked.body) for asked in hall.asked] == [
        ("devices/copier/confirm", {}),
        ("day/open", {"despite": "先用2号机"}),
    ]


def test_a_clerk_reads_what_to_try_before_reporting_and_may_say_that_it_helped(
    opened: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = opened("clerk", "/clerk", DESK)
    page.keyboard.press("d")
    page.locator("#fault .asset", has_text="1号取号机打印机").click()
    expect(page.locator("#fault .try li").first).to_have_text("打开上盖。")
    page.get_by_role("button", name="已自行修好").click()
    expect(page.locator("#message")).to_have_text("已记录：自行修好")
    assert [(asked.path, asked.body) for asked in hall.asked] == [("devices/printer-1/fixed", {"note": ""})]
