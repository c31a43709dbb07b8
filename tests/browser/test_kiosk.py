"""The kiosk's page in a real browser: touches that take tickets, codes, and what stays true when a line is lost."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from hall_server.station import LinkState
from tests.browser.kiosk_screens import BARS, FLAWS, SCREENS, draw, expecting, issued, many_services
from tests.kiosk.kiosk_page import Page, home, kiosk_page
from tests.station.fake_hall import FakeHall, demo_board

pytestmark = pytest.mark.needs("chromium")


def test_a_hasty_customer_gets_one_number(tab: Tab) -> None:
    hall = FakeHall((("P1", "K1", "tcp://127.0.0.1:9"),)).start()
    try:
        with kiosk_page(hall.url) as page:
            tab.goto(page.url)
            tab.locator(".tile").nth(1).click(click_count=5)
            expect(tab.locator("[data-face=printing] [data-label]")).to_have_text("A001")
            assert len(hall.tickets) == 1
            tab.goto("about:blank")
    finally:
        hall.kill()


def test_the_hidden_waits_come_back_with_the_line(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    waiting = tab.locator(".tile b").first
    expect(waiting).to_have_text("12")
    draw(tab, page, home(link=LinkState.LOST))
    expect(tab.locator(".tile b").first).to_be_hidden()
    draw(tab, page, home())
    expect(tab.locator(".tile b").first).to_be_visible()


def test_more_than_six_services_are_turned_over_not_scrolled(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    draw(tab, page, many_services())
    assert tab.locator(".tile").count() == 6
    tab.locator("[data-pager]").click()
    expect(tab.locator(".tile")).to_have_count(4)
    tab.locator("[data-pager]").click()
    expect(tab.locator(".tile")).to_have_count(6)


def test_the_question_leaves_the_screen_by_an_answer_and_the_failed_number_by_got_it(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    draw(tab, page, issued("failed", reason="no_printer"))
    tab.locator("[data-face=failed] [data-post]").click()
    expect(tab.locator("[data-face=home]")).to_be_visible()


def test_a_program_that_died_is_admitted_by_the_page_itself(browser: Browser) -> None:
    tab = browser.new_page(viewport={"width": 1080, "height": 1920})
    with kiosk_page() as page:
        tab.goto(page.url)
        expect(tab.locator("[data-face=home]")).to_be_visible()
    expect(tab.locator("[data-face=offline]")).to_be_visible()
    tab.close()


def test_a_customer_types_four_digits_and_a_scanner_ten_without_any_touch(tab: Tab) -> None:
    """This hall knows no appointments, and says so at once."""
    hall = FakeHall().start()
    try:
        with kiosk_page(hall.url) as page:
            tab.goto(page.url)
            draw(tab, page, expecting())
            tab.locator("[data-check-in]").click()
            enter = tab.locator("[data-key=enter]")
            for key in ("8", "0", "0", "7", "7"):
                tab.locator(f"[data-key='{key}']").click()
            expect(enter).to_be_disabled()
            for key in ("back", "back", "0"):
                tab.locator(f"[data-key='{key}']").click()
            expect(tab.locator("[data-digits]")).to_have_text("8000")
            enter.click()
            assert answered(tab, page) == "8000"
            draw(tab, page, expecting())
            tab.keyboard.type("1234567890")
            tab.keyboard.press("Enter")
            assert answered(tab, page) == "1234567890"
            draw(tab, page, expecting())
            tab.keyboard.type("http://192.168.1.10:8800/m/0f12ab/0987654321")
            tab.keyboard.press("Enter")
            assert answered(tab, page) == "0987654321"
            tab.goto("about:blank")
    finally:
        hall.kill()


def test_one_ticket_is_taken_for_several_services_in_the_order_of_the_touches(tab: Tab) -> None:
    hall = FakeHall().start()
    try:
        with kiosk_page(hall.url) as page:
            tab.goto(page.url)
            draw(tab, page, home(replace(demo_board(), several=True)))
            tab.locator("[data-several]").click()
            expect(tab.locator("[data-take]")).to_be_disabled()
            tiles = tab.locator(".tile:not(.shut)")
            for number in (2, 0, 1, 2):  # the third one is let go again
                tiles.nth(number).click()
            expect(tiles.nth(1).locator("[data-place]")).to_have_text("2")
            assert tab.evaluate(FLAWS, BARS) == []
            tab.screenshot(path=SCREENS / "kiosk-several.png")
            services = demo_board().services
            tab.locator("[data-take]").click()
            expect(tab.locator("[data-face=failed] .number")).to_have_text("A001")
            (asked,) = hall.asked
            assert (asked.service, asked.then) == (services[0].id, (services[1].id,))
            expect(tab.locator("[data-face=failed]")).to_be_visible()
            tab.goto("about:blank")
    finally:
        hall.kill()


def answered(tab: Tab, page: Page) -> str:
    """The digits that were asked for, once their answer is on the screen."""
    expect(tab.locator("[data-face=refused]")).to_be_visible()
    asked = page.screen.get()[1].check_in
    assert asked is not None
    return asked.digits
