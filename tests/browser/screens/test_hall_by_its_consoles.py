"""A manager watches and prints a day, and a fault goes from a clerk's word to a verified repair on one console."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.console_hall import SCREENS
from tests.browser.screens.audit import Complaints, cut, violations
from tests.server.opened import open_hall
from tests.server.program import Program

pytestmark = pytest.mark.needs("chromium")

SERVED, WAITING = 4, 3


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with open_hall(tmp_path_factory.mktemp("hall")) as running:
        for _ in range(SERVED + WAITING):
            running.post("/tickets", {"service": "id"})
        for _ in range(SERVED):
            running.post("/windows/1/next")
            running.post("/windows/1/finish")
        yield running


@pytest.fixture
def console(browser: Browser, server: Program) -> Iterator[Callable[[str, str], Page]]:
    contexts: list[BrowserContext] = []

    def opened(role: str, name: str) -> Page:
        link = server.post("/links", {"role": role, "subject": name, "window": "1" if role == "clerk" else None})
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en")
        contexts.append(context)
        page = context.new_page()
        said.append(Complaints(context, (server.url,)))
        page.goto(server.url + link["secret"])
        expect(page.locator("#body:not([inert])")).to_be_visible()
        return page

    said: list[Complaints] = []
    yield opened
    for context in contexts:
        context.close()
    assert [complaint for one in said for complaint in one.said] == []


def test_row_7_a_manager_sees_each_customer_come_and_prints_the_day(
    console: Callable[[str, str], Page], server: Program
) -> None:
    page = console("manager", "wang")
    tiles = page.locator(".kpis b")
    expect(tiles.first).to_have_text(str(WAITING))
    expect(tiles.nth(2)).to_have_text(str(SERVED))
    server.post("/tickets", {"service": "tax"})
    expect(tiles.first).to_have_text(str(WAITING + 1))
    page.screenshot(path=SCREENS / "floor-live.png")
    page.locator(".kpis a[href='/floor/figures']").click()
    lines = page.locator(".defined tbody tr")
    expect(lines.first).to_contain_text(f"{SERVED + WAITING + 1} / {SERVED}")
    assert all(lines.locator("td:last-child").all_inner_texts()), "each figure stands beside what it means"
    assert (violations(page), cut(page)) == ([], [])
    page.screenshot(path=SCREENS / "figures.png", full_page=True)
    page.emulate_media(media="print")
    expect(page.locator("nav")).to_be_hidden()
    expect(lines.first).to_contain_text(f"{SERVED + WAITING + 1} / {SERVED}")
    printed = page.pdf(path=SCREENS / "day-report.pdf", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b", printed)) in range(1, 4)


def test_row_7_a_fault_goes_from_a_word_to_a_verified_repair_on_one_console(
    console: Callable[[str, str], Page], server: Program
) -> None:
    page = console("maintenance", "zhao")
    device = f"{server.url}/maintenance"
    expect(page.locator(".fault")).to_have_count(0)
    server.post("/devices/scanner2/fault", {"note": "the lamp flickers"})
    order = page.locator('.fault[data-device="scanner2"]')
    expect(order).to_contain_text("the lamp flickers")
    page.screenshot(path=SCREENS / "repair-reported.png", full_page=True)

    def ask(name: str, note: str, expected: str = "") -> None:
        order.get_by_role("button", name=name, exact=True).click()
        if expected:
            page.locator("#ask [name=expected]").fill(expected)
        page.locator("#ask [name=note]").fill(note)
        page.locator("#ask [type=submit]").click()
        expect(page.locator("#ask")).to_be_hidden()
        expect(page.locator("#message")).to_have_text("Done.")

    step = order.locator("[aria-current=step]")
    ask("Accept", "on my way", "2036-11-22T12:00")
    expect(step).to_have_text("Accepted")
    ask("On site", "looking")
    expect(step).to_have_text("On site")
    ask("Wait for parts", "a lamp", "2036-11-23T12:00")
    expect(step).to_have_text("Parts")
    ask("Fixed", "new lamp")
    expect(step).to_have_text("Fixed")
    page.screenshot(path=SCREENS / "repair-fixed.png", full_page=True)
    ask("Verify", "scans well")
    expect(page.locator(".fault")).to_have_count(0)
    assert page.url == device, "nobody had to leave the console"
    page.goto(f"{device}/devices/scanner2")
    expect(page.locator("#past .told li li")).to_have_count(6)  # the history tells every step of it
