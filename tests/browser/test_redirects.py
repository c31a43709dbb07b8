"""Redirects in a real browser: figures stand in every dialog before its button, one press answers a question."""

from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.web.hall import COPIER, DETOUR, SIGN, clerk_view

pytestmark = pytest.mark.needs("chromium")

SCANNER = COPIER.model_copy(update={"id": "scanner", "place": "window", "at": "3", "on_fault": "redirect"})
PROPOSED = replace(DETOUR, state="proposed", reason="no_ack", apply_at="2026-11-21T02:44:00+00:00")
IN_FORCE = replace(DETOUR, state="in_force", called=None, called_to=None)
FIGURES = [
    ["户籍与身份证", "12", "1、5", "约11分，九成不超过33分", "约16分，九成不超过51分"],
    ["社会保险", "5", "1", "无需等候", "约3分，九成不超过8分"],
]


def opened(browser: Browser, hall: ConsoleHall, role: str, path: str, lang: str = "zh") -> Page:
    """A console, signed in; its complaints are raised when the page is closed with its context."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    cookies = {"hallcall": role, "hallcall_lang": lang}
    context.add_cookies([{"name": name, "value": value, "url": hall.url} for name, value in cookies.items()])
    page = context.new_page()
    page.goto(hall.url + path)
    expect(page.locator("main button").first).to_be_visible()
    return page


def with_windows(hall: ConsoleHall, **changes: object) -> None:
    """The floor on which window 3 is as told."""
    rows = tuple(row.model_copy(update=changes) if row.window == "3" else row for row in hall.pages.floor_view.windows)
    hall.pages.floor_view = hall.pages.floor_view.model_copy(update={"windows": rows})


def figures(place: Page, within: str) -> list[list[str]]:
    rows = place.locator(f"{within} tbody tr")
    expect(rows).to_have_count(len(FIGURES))
    return [row.locator("th, td").all_inner_texts() for row in rows.all()]


def shot(page: Page, name: str) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}.png")


def test_what_cannot_be_done_is_not_offered(browser: Browser, hall: ConsoleHall) -> None:
    with_windows(hall, state="idle", to=(), detour=replace(DETOUR, to=()))
    page = opened(browser, hall, "maintenance", "/maintenance")
    page.locator('[data-window="3"] [data-verb="redirect"]').click()
    expect(page.locator("#ask .impossible")).to_be_visible()
    expect(page.locator("#ask [data-confirm]")).to_be_disabled()
    with_windows(hall, state="idle", to=(), stuck=True)
    page.reload()
    expect(page.locator('[data-window="3"] small')).to_have_text("没有其他窗口能办同样的业务，不能引导。")
    expect(page.locator('[data-window="3"] button')).to_have_count(0)
    page.context.close()


def test_maintenance_reads_what_it_does_to_waits_before_the_button(browser: Browser, hall: ConsoleHall) -> None:
    with_windows(hall, state="idle", to=())
    page = opened(browser, hall, "maintenance", "/maintenance")
    page.locator('[data-window="3"] [data-verb="redirect"]').click()
    assert figures(page, "#ask") == FIGURES
    expect(page.locator("#ask .effect")).to_contain_text("已叫的 A027 改到5号窗口。 等候约增加 6 分钟")
    shot(page, "redirect-preview-zh")
    expect(page.locator("#message")).to_be_hidden()
    page.locator("#ask [data-confirm]").click()
    expect(page.locator("#message")).to_have_text("已完成。")
    assert [(asked.path, asked.body) for asked in hall.asked] == [("windows/3/redirect", {"reason": ""})]
    page.context.close()


def test_a_window_is_called_back_against_its_fault_only_with_a_reason(browser: Browser, hall: ConsoleHall) -> None:
    with_windows(hall, state="redirected", detour=IN_FORCE)
    page = opened(browser, hall, "maintenance", "/maintenance", "en")
    row = page.locator('[data-window="3"]').first
    expect(row).to_contain_text("Adds about 6 min of waiting")
    row.locator('[data-verb="redirect"]').click()
    expect(page.locator("#ask .effect thead")).to_contain_text("Wait without it")
    shot(page, "redirect-overrule-en")
    page.locator("#ask [data-confirm]").click()
    assert hall.asked == [], "no reason was given"
    page.locator("#ask [name=note]").fill("crowd at the door")
    page.locator("#ask [data-confirm]").click()
    expect(page.locator("#message")).to_be_visible()
    assert hall.asked[0].body == {"undo": True, "reason": "crowd at the door"}
    page.context.close()


@pytest.mark.parametrize(
    ("role", "path"), [("clerk", "/clerk"), ("manager", "/floor"), ("maintenance", "/maintenance")]
)
def test_a_question_stands_on_every_console_and_one_press_answers_it(
    browser: Browser, hall: ConsoleHall, role: str, path: str
) -> None:
    hall.show(clerk_view(detour=PROPOSED))
    with_windows(hall, state="idle", to=(), detour=PROPOSED)
    for lang, word, answer in (("zh", "引导", {"undo": False}), ("en", "Keep calling", {"undo": True})):
        page = opened(browser, hall, role, path, lang)
        box = page.locator("[data-proposal]")
        expect(box).to_be_visible()
        shot(page, f"redirect-question-{role}-{lang}")
        box.get_by_role("button", name=word, exact=True).click()
        expect(page.locator("#message")).to_be_visible()
        assert (hall.asked[-1].path, hall.asked[-1].body) == ("windows/3/redirect/answer", answer)
        page.context.close()


def test_a_clerk_who_reports_a_fault_reads_whom_it_sends_away(browser: Browser, hall: ConsoleHall) -> None:
    hall.show(clerk_view(devices=(SIGN.model_copy(update={"on_fault": "cover"}), SCANNER)))
    page = opened(browser, hall, "clerk", "/clerk")
    page.keyboard.press("d")
    page.locator('#fault input[value="scanner"]').check()
    assert figures(page, "#fault") == FIGURES
    shot(page, "redirect-fault-clerk-zh")
    page.locator(f'#fault input[value="{SIGN.id}"]').check()
    expect(page.locator("#fault .effect")).to_have_count(0)
    page.context.close()


def test_a_manager_reads_that_no_printer_is_left_and_what_a_redirect_costs(browser: Browser, hall: ConsoleHall) -> None:
    with_windows(hall, state="redirected", detour=IN_FORCE)
    hall.pages.floor_view = hall.pages.floor_view.model_copy(update={"no_paper": ("K1", "K2")})
    for lang, text in (("zh", "1、2号取号机无法出票"), ("en", "No printer works for kiosk 1, 2")):
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        context.add_cookies(
            [{"name": n, "value": v, "url": hall.url} for n, v in (("hallcall", "manager"), ("hallcall_lang", lang))]
        )
        page = context.new_page()
        page.goto(hall.url + "/floor")
        expect(page.locator(".banner.alarm")).to_contain_text(text)
        shot(page, f"redirect-no-paper-{lang}")
        context.close()
