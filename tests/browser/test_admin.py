"""An administrator sets a hall up with the keyboard alone: mistakes stand beside fields, kiosks follow at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pydantic import TypeAdapter

from display.board import Board
from tests.browser.console_hall import SCREENS
from tests.browser.screens.audit import Complaints, violations
from tests.kiosk.kiosk_page import home, kiosk_page
from tests.server.opened import open_hall
from tests.server.program import Program
from tests.server.test_admin import COMMENTED

pytestmark = pytest.mark.needs("chromium")

MOST_TABS = 80  # nobody presses more


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with open_hall(tmp_path_factory.mktemp("hall"), COMMENTED) as running:
        yield running


@pytest.fixture
def admin(browser: Browser, server: Program) -> Iterator[Page]:
    link = server.post("/links", {"role": "admin", "subject": "root"})["secret"]
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="en") as context:
        complaints = Complaints(context, (server.url,))
        page = context.new_page()
        page.goto(server.url + link)
        expect(page.locator("#body:not([inert])")).to_be_visible()
        page.goto(f"{server.url}/admin")
        expect(page.locator("#body:not([inert])")).to_be_visible()
        yield page
        assert [one for one in complaints.said if "status of 400" not in one] == []


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until it has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"no key leads to {selector}")


def test_a_service_is_added_by_keyboard_and_kiosks_have_its_tile(
    admin: Page, server: Program, browser: Browser
) -> None:
    tab_to(admin, ".new a")
    admin.keyboard.press("Enter")
    expect(admin.locator("[name=zh]").first).to_be_focused()
    admin.keyboard.type("营业执照")
    admin.keyboard.press("Tab")
    admin.keyboard.type("Licences")
    expect(admin.locator("[name=prefix]")).to_have_value("F")  # A and C are taken
    tab_to(admin, "[name=prefix]")
    admin.keyboard.type("q")
    expect(admin.locator(".setup [type=submit]:enabled")).to_be_visible()
    admin.keyboard.press("Enter")
    wrong = admin.locator("[data-field=prefix] .wrong")
    expect(wrong).to_have_text("One capital letter, not I, O or Q")
    expect(admin.locator(".wrongs")).to_be_focused()
    expect(admin.locator(".wrongs li")).to_have_text("Letter of its numbers: One capital letter, not I, O or Q")
    assert violations(admin) == []
    admin.screenshot(path=SCREENS / "admin-mistake-en.png")
    tab_to(admin, ".wrongs button")
    admin.keyboard.press("Enter")
    expect(admin.locator("[name=prefix]")).to_be_focused()
    admin.keyboard.press("Control+a")
    admin.keyboard.type("H")
    expect(admin.locator(".heard")).to_contain_text("misheard")
    admin.keyboard.press("Control+a")
    admin.keyboard.type("F")
    expect(admin.locator(".heard")).to_have_count(0)
    admin.keyboard.press("Enter")
    admin.wait_for_url("**/admin?edit=licences&saved")
    expect(admin.locator(".saved")).to_be_visible()
    expect(admin.locator(".list a")).to_contain_text(["ID card", "Tax", "Loans", "Licences"])
    board = TypeAdapter(Board).validate_python(server.ask("GET", "/api/v1/board", token=server.admin)[1])
    with kiosk_page() as kiosk, browser.new_context() as context:
        kiosk.show(home(board=board))
        tile = context.new_page()
        tile.goto(kiosk.url)
        expect(tile.get_by_text("营业执照").first).to_be_visible()


def test_what_is_wrong_in_the_file_is_said_with_its_line_and_what_was_typed_stands(
    admin: Page, server: Program
) -> None:
    file = Path(server.home / "hallcall.toml")
    right = file.read_text("utf-8")
    admin.goto(f"{server.url}/admin?edit=tax")
    expect(admin.locator("#body:not([inert])")).to_be_visible()
    admin.locator("[name=en]").fill("Taxes")
    file.write_text(right + "[[service\n", "utf-8")
    admin.locator(".act [type=submit]").press("Enter")
    expect(admin.locator(".wrongs li")).to_contain_text(f"at line {right.count(chr(10)) + 1}")
    file.write_text(right, "utf-8")
    expect(admin.locator("[name=en]")).to_have_value("Taxes")


def test_a_calendar_is_looked_at_before_it_is_saved(admin: Page, server: Program) -> None:
    admin.goto(f"{server.url}/admin/calendar")
    expect(admin.locator("#body:not([inert])")).to_be_visible()
    admin.locator("[data-add=hours]").press("Enter")
    admin.locator("[data-rows=hours] [value=mon]").press("Space")
    admin.locator("[data-rows=hours] [name=spans]").fill("08:30–12:00, 13:30-17:00")
    admin.locator("[data-add=holidays]").press("Enter")
    for name, value in (("zh", "元旦"), ("en", "New Year"), ("first", "2035-01-01")):
        admin.locator(f"[data-rows=holidays] [name={name}]").fill(value)
    admin.locator("[data-day]").fill("2034-12-31")
    admin.locator("[data-look]").press("Enter")
    screens = admin.locator(".screens")
    expect(screens.locator("[data-open]")).to_have_text("Gives out no tickets")
    expect(screens.locator("[data-kiosk]")).to_contain_text("New Year")
    expect(screens.locator("[data-tv]")).to_contain_text("元旦")
    screens.scroll_into_view_if_needed()
    admin.screenshot(path=SCREENS / "admin-preview-en.png", full_page=True)
    admin.locator("[data-rows=hours] [name=spans]").fill("17:00-08:30")
    admin.locator(".act [type=submit]").press("Enter")
    expect(admin.locator("[data-rows=hours] .spans .wrong")).to_contain_text("end before they begin")
    admin.locator("[data-rows=hours] [name=spans]").fill("08:30-12:00")
    admin.locator(".act [type=submit]").press("Enter")
    expect(admin.locator(".saved")).to_be_visible()
    assert 'spans = ["08:30-12:00"]' in Path(server.home / "hallcall.toml").read_text("utf-8")
