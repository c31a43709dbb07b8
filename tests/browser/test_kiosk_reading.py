"""Reading and complaining at the kiosk in a real browser: one touch, pages turned, nothing left for the next."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser.kiosk_screens import draw, informed, reading
from tests.kiosk.guide_hall import GuideHall
from tests.kiosk.kiosk_page import home, kiosk_page
from tests.kiosk.test_complaining import ListeningHall

pytestmark = pytest.mark.needs("chromium")


def test_a_guide_is_two_touches_away_and_its_fees_one_and_idle_time_closes_them(tab: Tab) -> None:
    hall = GuideHall()
    hall.start()
    with kiosk_page(hall.url) as page:
        tab.clock.install()
        tab.goto(page.url)
        draw(tab, page, informed(home()))
        tab.locator(".info [data-aside=guide]").click()
        tab.locator(".topics button").click()
        expect(tab.locator("[data-face=topic] [data-text] [lang=en]")).to_have_text(
            ["Take a ticket", "Go to the window", ""]
        )
        tab.locator("[data-topics]").click()
        tab.locator("[data-face=guide] [data-post]").click()
        tab.locator("[data-mode=low]").click()
        tab.locator("[data-menu]").click()
        tab.locator("[data-face=menu] [data-aside=fees]").click()
        expect(tab.locator("[data-face=fees] [data-fee] [lang=zh]")).to_have_text("20元")
        tab.clock.fast_forward(31_000)
        expect(tab.locator("[data-stay]")).to_be_visible()
        tab.clock.fast_forward(16_000)
        expect(tab.locator(".tile").first).to_be_visible()
        tab.goto("about:blank")
    hall.kill()


def test_every_line_is_on_one_of_the_pages(tab: Tab) -> None:
    with kiosk_page() as page:
        tab.goto(page.url)
        draw(tab, page, replace(reading("fees")))
        seen: list[str] = []
        turn = tab.locator("[data-face=fees] [data-turn]")
        for _ in range(9):
            seen += tab.locator("[data-face=fees] li:visible [data-text] [lang=en]").all_inner_texts()
            if turn.get_attribute("data-next") == "0":
                break
            turn.click()
        assert seen == [f"Renew or replace an ID card, part {n}" for n in range(1, 25)]
        turn.click()
        expect(tab.locator("[data-face=fees] li:visible [data-text] [lang=en]").first).to_contain_text("part 1")
        tab.goto("about:blank")


def test_C10_a_complaint_is_three_touches_and_a_number_that_is_half_typed_is_not_sent(tab: Tab) -> None:
    hall = ListeningHall()
    hall.start()
    with kiosk_page(hall.url) as page:
        tab.goto(page.url)
        draw(tab, page, informed(home()))
        tab.locator(".info [data-aside=complaint]").click()
        tab.locator("[data-matter=wait]").click()
        for digit in "1390":
            tab.locator(f"[data-digit='{digit}']").click()
        expect(tab.locator("[data-complain]")).to_be_disabled()
        tab.locator("[data-digit=clear]").click()
        tab.locator("[data-complain]").click()
        expect(tab.locator("[data-face=complained] [data-slot=complained] [lang=en]")).to_have_text("Number 41")
        assert [(said.matter, said.contact) for said in hall.said.values()] == [("wait", "")]
        tab.goto("about:blank")
    hall.kill()
