"""A customer is sent on from the clerk's keyboard, and says on a phone how it was."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import Program, free_port
from tests.web.hall import called_view, card, clerk_view, serving_view

pytestmark = pytest.mark.needs("chromium")


def test_a_customer_is_sent_on_by_typing_what_one_knows(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", "/clerk")
    hall.show(called_view())
    hall.announce()
    expect(page.locator(".ticket .label")).to_have_text("A027")
    page.keyboard.press("t")
    shown = page.locator("#transfer .asset:visible")
    expect(shown).to_have_count(4)
    page.keyboard.type("5")
    expect(shown).to_have_count(1)
    page.screenshot(path=SCREENS / "clerk-transfer.png")
    page.locator("#transfer [name=note]").fill("缺一张照片")
    page.keyboard.press("Enter")
    expect(page.locator("#transfer")).to_be_hidden()
    expect(page.locator(".ticket .label")).to_have_count(0)
    (asked,) = hall.asked
    assert (asked.path, asked.body) == (
        "windows/3/transfer", {"service": "tax", "window": "5", "note": "缺一张照片", "come_back": False},
    )  # fmt: skip


def test_a_dialog_about_a_customer_who_is_gone_closes(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", "/clerk")
    hall.show(called_view())
    hall.announce()
    expect(page.locator(".ticket .label")).to_have_text("A027")
    page.keyboard.press("t")
    expect(page.locator("#transfer")).to_be_visible()
    hall.show(clerk_view())
    hall.announce()
    expect(page.locator("#transfer")).to_be_hidden()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_next_clerk_reads_who_sent_the_customer_and_why(
    desk: Callable[..., Page],
    hall: ConsoleHall,
    lang: str,
) -> None:
    page = desk("clerk", "/clerk", lang=lang)
    ticket = card(
        "A027", "serving", called_at=serving_view().ticket.called_at, started_at=serving_view().ticket.started_at,  # type: ignore[union-attr]
        sent_from="1", note="缺一张照片，已口头告知", back_to="1",
    )  # fmt: skip
    hall.show(serving_view(ticket=ticket, pad_fault="port_missing"))
    hall.announce()
    expect(page.locator(".note")).to_contain_text("缺一张照片")
    page.screenshot(path=SCREENS / f"clerk-sent-{lang}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_manager_looks_at_what_customers_said(desk: Callable[..., Page]) -> None:
    page = desk("manager", "/floor")
    page.screenshot(path=SCREENS / "floor-ratings.png")
    page.locator(".kpis a[href='/floor/ratings']").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.screenshot(path=SCREENS / "ratings.png")


def test_a_customer_rates_on_a_phone_without_a_script(browser: Browser, tmp_path: Path) -> None:
    write_settings(tmp_path, HALL)
    fresh_database(tmp_path / "hall.sqlite3")
    with_hall = Program(tmp_path, free_port())
    with_hall.start()
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    try:
        with_hall.post("/day/open")
        ticket = with_hall.post("/tickets", {"service": "id"})
        for order in ("next", "finish"):
            with_hall.post(f"/windows/1/{order}")
        page = context.new_page()
        page.goto(f"{with_hall.url}/t/{ticket['url'].rpartition('/')[2]}?lang=zh")
        page.screenshot(path=SCREENS / "ticket-rate.png")
        page.get_by_role("button", name="满意", exact=True).click()
        expect(page.locator(".rated")).to_contain_text("满意")
        page.screenshot(path=SCREENS / "ticket-rated.png")
        rows = with_hall.ask("GET", "/api/v1/journal", token=with_hall.admin)[1]["rows"]
        rated = [(row["actor"], row["body"]) for row in rows if row["kind"] == "TicketRated"]
        assert rated == [("customer:-", {"ticket": ticket["id"], "level": 4, "device": ""})]
    finally:
        context.close()
        with_hall.stop()
