"""A clerk sets a customer aside, takes one up, says something about a number and takes a move back, by keyboard."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from hall_server.contract import HeldCard, UndoRow
from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.web.hall import TAX, called_view, card, clerk_view

pytestmark = pytest.mark.needs("chromium")


def at(seconds: int) -> str:
    """So many seconds from now: the pages go by the real clock."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


HELD = (
    HeldCard(id="t9", label="B009", service_name=TAX, since=at(-2400), reason="papers", pool="window", window="3",
             overdue=True),
    HeldCard(id="t7", label="A017", service_name=TAX, since=at(-200), reason="waits for a colleague",
             pool="service", window="5", not_before=at(600)),
)  # fmt: skip
UNDO = UndoRow(labels=("A027",), move="TicketFinished", by="clerk:li", until=at(3600))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_is_set_aside_stands_at_the_right_and_is_taken_up(
    desk: Callable[..., Page], hall: ConsoleHall, lang: str
) -> None:
    page = desk("clerk", "/clerk", lang=lang)
    first = card("A030", "waiting", urgent="a child is ill")
    coming = (first, card("A028", "waiting", need=True), card("B010", "waiting"))
    hall.show(clerk_view(held=HELD, undo=UNDO, next=coming))
    hall.announce()
    expect(page.locator(".held li")).to_have_count(2)
    page.screenshot(path=SCREENS / f"clerk-held-{lang}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.locator(".held li").nth(1).get_by_role("button").nth(1).click()
    expect(page.locator(".held li")).to_have_count(0)
    assert [(one.path, one.body) for one in hall.asked] == [("windows/3/take-up", {"ticket": "t7", "here": True})]


def test_a_customer_is_set_aside_by_keyboard(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", "/clerk")
    hall.show(called_view())
    hall.announce()
    expect(page.locator(".ticket .label")).to_have_text("A027")
    page.keyboard.press("h")
    page.locator("#hold [name=reason]").select_option("payment")
    page.locator("#hold [name=later]").select_option("10")
    page.screenshot(path=SCREENS / "clerk-hold.png")
    page.locator("#hold [type=submit]").click()
    expect(page.locator(".ticket .label")).to_have_count(0)
    (asked,) = hall.asked
    assert (asked.path, asked.body) == (
        "windows/3/hold", {"reason": "payment", "pool": "window", "not_before_min": 10},
    )  # fmt: skip


def test_the_last_move_is_taken_back_with_ctrl_z(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", "/clerk")
    page.keyboard.press("Control+z")
    hall.show(clerk_view(undo=UNDO))
    hall.announce()
    expect(page.locator("[data-undo]")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.locator("#message")).to_be_visible()
    assert [one.path for one in hall.asked] == ["undo"]


def test_an_urgent_number_needs_a_reason(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", "/clerk")
    page.keyboard.press("u")
    page.locator("#about [name=label]").fill("b012")
    page.locator("#about input[value=urgent]").check()
    page.locator("#about [type=submit]").click()
    expect(page.locator("#about")).to_be_visible()
    page.screenshot(path=SCREENS / "clerk-about.png")
    page.locator("#about [name=reason]").fill("a child is ill")
    page.locator("#about [type=submit]").click()
    expect(page.locator("#message")).to_be_visible()
    (asked,) = hall.asked
    assert (asked.path, asked.body) == ("tickets/B012/urgent", {"reason": "a child is ill"})
