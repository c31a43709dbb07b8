"""The kiosk's modes in a real browser: who reads large letters, sits, goes by keys or needs help gets a ticket too."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from kiosk.touch import face
from tests.browser.kiosk_screens import draw, expecting, grouped, many_services
from tests.kiosk.help_hall import HelpHall
from tests.kiosk.kiosk_page import Page, closing, home, kiosk_page
from tests.station.fake_hall import demo_board

pytestmark = pytest.mark.needs("chromium")

NUMBER = "[data-face=failed] .number"  # the hall of these tests has no printer: the number is on the screen


@pytest.mark.parametrize("mode", ["", "large", "low", "contrast"])
def test_one_touch_gives_a_ticket_and_two_where_it_may_be_too_late(kiosk: Page, tab: Tab, mode: str) -> None:
    if mode:
        tab.locator(f"[data-mode={mode}]").click()
        expect(tab.locator(f"[data-mode={mode}]")).to_have_attribute("aria-pressed", "true")
    tab.locator(".tile").nth(1).click()
    expect(tab.locator(NUMBER)).to_have_text("A001")
    draw(tab, kiosk, home(closing(demo_board(), "tax")))
    tab.locator(".tile").nth(3).click()
    tab.locator("[data-face=late] .main").click()
    expect(tab.locator(NUMBER)).to_have_text("A002")


def test_keys_alone_take_a_ticket_with_one_enter_and_the_ring_is_8_px(kiosk: Page, tab: Tab) -> None:
    tab.keyboard.press("ArrowDown")
    first = tab.locator(".tile").first
    expect(first).to_be_focused()
    ring = first.evaluate("(tile) => [getComputedStyle(tile).outlineWidth, getComputedStyle(tile).outlineColor]")
    assert ring == ["8px", "rgb(255, 200, 61)"]
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    kiosk.screen.change(lambda now: replace(now, board=replace(demo_board(), rev=2, appointments=True)))
    expect(tab.locator("[data-check-in]")).to_be_visible()
    expect(tab.locator(".tile").first).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator(NUMBER)).to_have_text("A001")
    expect(tab.locator("[data-face=failed] .main")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-face=home]")).to_be_visible()


def test_a_scanner_that_ends_with_enter_presses_no_tile(kiosk: Page, tab: Tab, help_hall: HelpHall) -> None:
    draw(tab, kiosk, expecting())
    tab.keyboard.press("ArrowDown")
    tab.keyboard.type("1234567890")
    tab.keyboard.press("Enter")
    expect(tab.locator("[data-face=refused]")).to_be_visible()
    assert help_hall.tickets == {}


def test_C4_a_reason_calls_staff_and_makes_the_controls_fit_and_the_ticket_follows(
    kiosk: Page, tab: Tab, help_hall: HelpHall
) -> None:
    tab.locator("[data-help]").click()
    tab.locator("[data-reason=mobility]").click()
    expect(tab.locator("[data-face=help_told]")).to_be_visible()
    expect(tab.locator("[data-mode=low]")).to_have_attribute("aria-pressed", "true")
    tab.locator("[data-face=help_told] .main").click()
    tab.locator(".tile").first.click()
    expect(tab.locator(NUMBER)).to_have_text("A001")
    assert ([one.reason for one in help_hall.helps], [one.help for one in help_hall.asked]) == (["mobility"], ["h1"])


def test_staff_are_called_from_the_bar_with_one_touch(kiosk: Page, tab: Tab, help_hall: HelpHall) -> None:
    tab.locator("[data-staff]").click()
    expect(tab.locator("[data-face=help_told]")).to_be_visible()
    assert [one.reason for one in help_hall.helps] == ["untold"]


def test_a_service_in_a_group_is_three_touches_away_at_most(kiosk: Page, tab: Tab) -> None:
    board = grouped().board or demo_board()
    draw(tab, kiosk, home(closing(board, "property")))
    names = tab.locator(".tile [data-name] [lang=en]")
    expect(names).to_have_text(["Housing", "Business", *(row.name.en for row in board.services if not row.group)][:6])
    tab.locator(".tile").first.click()
    expect(names).to_have_text(["Property registration", "Property registration"])
    tab.locator("[data-up]").click()
    expect(names).to_have_count(6)
    tab.locator(".tile").first.click()
    tab.locator(".tile").first.click()
    tab.locator("[data-face=late] .main").click()
    expect(tab.locator(NUMBER)).to_have_text("A001")


def test_four_tiles_stand_on_a_page_with_large_letters_or_within_reach_and_these_two_end_each_other(
    kiosk: Page, tab: Tab
) -> None:
    draw(tab, kiosk, many_services())
    for mode, other in (("large", "low"), ("low", "large")):
        tab.locator(f"[data-mode={mode}]").click()
        expect(tab.locator(".tile")).to_have_count(4)
        expect(tab.locator(f"[data-mode={other}]")).to_have_attribute("aria-pressed", "false")
    tab.locator("[data-mode=low]").click()
    expect(tab.locator(".tile")).to_have_count(6)


def test_who_does_nothing_is_asked_and_then_everything_of_theirs_is_gone(help_hall: HelpHall, tab: Tab) -> None:
    with kiosk_page(help_hall.url) as page:
        tab.clock.install()
        tab.goto(page.url)
        draw(tab, page, home())
        tab.locator("[data-language-switch]").click()
        tab.locator("[data-mode=large]").click()
        tab.locator("[data-help]").click()
        expect(tab.locator("[data-face=help]")).to_be_visible()
        ring = tab.locator("[data-stay]")
        tab.clock.run_for(29_000)
        expect(ring).to_be_hidden()
        tab.clock.run_for(2_000)
        expect(ring).to_be_visible()
        ring.click()
        expect(ring).to_be_hidden()
        expect(tab.locator("html")).to_have_attribute("data-language", "en")
        tab.clock.run_for(31_000)
        tab.keyboard.press("Enter")
        expect(ring).to_be_hidden()
        assert face(page.screen.get()[1]) == "help"
        tab.clock.run_for(46_000)
        expect(tab.locator("[data-face=home]")).to_be_visible()
        expect(ring).to_be_hidden()
        expect(tab.locator("html")).to_have_attribute("data-language", "zh")
        expect(tab.locator("[data-mode=large]")).to_have_attribute("aria-pressed", "false")
        tab.goto("about:blank")
