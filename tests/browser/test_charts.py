"""The charts of a day in a real browser: drawn by the script, readable, by day and by night, and on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.browser.screens.audit import cut, violations, wider
from tests.web.charts_day import charted
from tests.web.reports import FakeReports

pytestmark = pytest.mark.needs("chromium")


@pytest.mark.parametrize(("size", "lang", "scheme"), [((1920, 1080), "zh", "light"), ((1366, 768), "en", "dark")])
def test_charts_can_be_read_by_everybody_by_day_and_by_night(
    desk: Callable[..., Page], hall: ConsoleHall, size: tuple[int, int], lang: str, scheme: str
) -> None:
    hall.pages.day_reports = FakeReports(days={"": charted()})
    page = desk("manager", "/floor/figures", size, lang)
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    expect(page.locator("[data-live] canvas")).to_have_count(2)
    for table in page.locator(".plot summary").all():
        table.click()
    page.screenshot(path=SCREENS / f"charts-{scheme}-{lang}.png", full_page=True)
    assert (violations(page), cut(page), wider(page)) == ([], [], 0)
    page.set_viewport_size({"width": 900, "height": 768})
    expect(page.locator("[data-live] .uplot").first).to_be_visible()
    assert wider(page) == 0


def test_paper_has_the_servers_drawing(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    hall.pages.day_reports = FakeReports(days={"": charted()})
    page = desk("manager", "/floor/figures")
    expect(page.locator("[data-live] canvas")).to_have_count(2)
    drawing = page.locator("[data-plot=waits] svg[role=img]")
    expect(drawing).to_be_hidden()
    page.emulate_media(media="print")
    expect(drawing).to_be_visible()
    expect(page.locator("[data-live]").first).to_be_hidden()
    page.screenshot(path=SCREENS / "charts-paper.png", full_page=True)
