"""Whoever reviews sees whose work it is, and sends the customer back to the same window with a note."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.web.hall import card, clerk_view, serving_view
from tests.web.values import RESIDENCE, at

pytestmark = pytest.mark.needs("chromium")
REVIEWED = {"window": "1", "service_name": RESIDENCE}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_review_that_has_not_passed_goes_back_with_a_note(
    desk: Callable[..., Page], hall: ConsoleHall, lang: str
) -> None:
    page = desk("clerk", "/clerk", lang=lang)
    hall.show(serving_view())
    hall.announce()
    expect(page.locator(".ticket .label")).to_have_text("A027")
    page.keyboard.press("b")
    expect(page.locator("#back")).to_be_hidden()
    hall.show(serving_view(ticket=card("A027", "serving", called_at=at(4), started_at=at(3, 20), reviewed=REVIEWED)))
    hall.announce()
    button = page.locator("[data-open=back]")
    expect(button).to_contain_text("1")
    page.screenshot(path=SCREENS / f"clerk-review-{lang}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.keyboard.press("b")
    page.locator("#back [name=note]").fill("缺签字")
    page.screenshot(path=SCREENS / f"clerk-review-back-{lang}.png")
    page.keyboard.press("Enter")
    expect(page.locator("#back")).to_be_hidden()
    expect(page.locator(".ticket .label")).to_have_count(0)
    (asked,) = hall.asked
    assert (asked.path, asked.body) == ("windows/3/send-back", {"note": "缺签字"})


def test_the_dialog_closes_when_the_customer_is_gone(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", "/clerk")
    hall.show(serving_view(ticket=card("A027", "serving", called_at=at(4), started_at=at(3), reviewed=REVIEWED)))
    hall.announce()
    expect(page.locator("[data-open=back]")).to_be_visible()
    page.keyboard.press("b")
    expect(page.locator("#back")).to_be_visible()
    hall.show(clerk_view())
    hall.announce()
    expect(page.locator("#back")).to_be_hidden()
