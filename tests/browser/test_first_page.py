"""The first page of a screen's computer, from its own disk: it waits for the hall, opens it, and signs in once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from hall_server.upkeep.screens import LOADER, Screen, write
from tests.browser.hall_with_a_tv import TvHall

pytestmark = pytest.mark.needs("chromium")
LIMIT_MS = 20_000


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


def first_page(folder: Path, server: TvHall, code: str = "") -> str:
    write(folder, Screen(server.url, kiosk="", port=8801, program="hallcall", server=False, code=code))
    return (folder / LOADER).as_uri()


def test_it_waits_for_the_hall_and_a_screen_that_was_opened_outlives_its_server(
    page: Page, tv_hall: TvHall, tmp_path: Path
) -> None:
    address = first_page(tmp_path, tv_hall)
    tv_hall.stop()
    page.goto(address)
    expect(page.get_by_role("status")).to_contain_text("正在连接大厅")
    tv_hall.start()
    expect(page.locator("body[data-state=live]")).to_be_attached(timeout=LIMIT_MS)
    assert page.url == f"{tv_hall.url}/tv"
    tv_hall.stop()
    expect(page.locator("body[data-state=stale]")).to_be_attached(timeout=LIMIT_MS)
    tv_hall.start()
    expect(page.locator("body[data-state=live]")).to_be_attached(timeout=LIMIT_MS)


def test_a_link_signs_in_at_the_first_start_only(page: Page, tv_hall: TvHall, tmp_path: Path) -> None:
    address = first_page(tmp_path, tv_hall, code="once-1")
    for opened in (f"{tv_hall.url}/login#once-1", f"{tv_hall.url}/tv"):
        page.goto(address)
        page.wait_for_url(opened, timeout=LIMIT_MS)
