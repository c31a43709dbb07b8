"""An administrator gives a link, sees who came in with it, ends that session, and reads all of it in the trail."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_hall import SCREENS
from tests.server.opened import open_hall
from tests.server.program import Program

pytestmark = pytest.mark.needs("chromium")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Program]:
    with open_hall(tmp_path) as running:
        yield running


@pytest.fixture
def admin(browser: Browser, server: Program) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="en") as context:
        page = context.new_page()
        page.goto(server.url + server.post("/links", {"role": "admin", "subject": "zhang", "window": None})["secret"])
        expect(page.locator("#body:not([inert])")).to_be_visible()
        yield page


def test_M16_a_sign_in_is_given_once_used_once_ended_and_on_record(
    browser: Browser, server: Program, admin: Page
) -> None:
    admin.goto(f"{server.url}/admin/users?lang=en")
    expect(admin.locator("tr", has_text="zhang")).to_contain_text("You")
    admin.locator("[data-link]").click()
    admin.locator("#link [type=submit]").click()
    expect(admin.locator("#link .wrong")).to_contain_text("needs a name and a window")
    admin.locator("#link [name=subject]").fill("wu")
    admin.locator("#link [name=window]").select_option("5")
    admin.locator("#link [type=submit]").click()
    expect(admin.locator("#secret")).to_contain_text("/login#")
    link = admin.locator("#secret").inner_text()
    admin.screenshot(path=SCREENS / "admin-link-once-en.png")
    admin.locator("#once [data-close]").click()
    expect(admin.locator("#secret")).to_have_text("")
    with browser.new_context() as context:
        clerk = context.new_page()
        clerk.goto(link)
        expect(clerk.locator(".desk")).to_be_attached()
        row = admin.locator("tr", has_text="wu").filter(has_text="Session")
        row.locator("[data-end]").click()
        expect(admin.locator("#end")).to_contain_text("clerk wu")
        admin.locator("#end [type=submit]").click()
        expect(row).to_have_count(0)
        clerk.goto(f"{server.url}/clerk")
        expect(clerk).to_have_url(f"{server.url}/login")
    admin.goto(f"{server.url}/admin/audit?kind=AccessRevoked&lang=en")
    expect(admin.locator("tbody tr").first).to_contain_text("administrator zhang")
    admin.screenshot(path=SCREENS / "admin-audit-real-en.png")


def test_M15_what_is_due_is_deleted_at_a_press_and_when_nothing_is_that_is_said(server: Program, admin: Page) -> None:
    admin.goto(f"{server.url}/admin/retention?lang=en")
    admin.locator("[data-purge]").click()
    expect(admin.locator("#message")).to_have_text("Nothing is due.")
