"""The page of a paper roll in a real browser: an entry by a concierge's fingers, and a number entered twice."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.web.test_number_pages import ROLLS

pytestmark = pytest.mark.needs("chromium")
TOUCH = (1280, 800)


class Entries(ConsoleHall):
    """Takes every entry but those of a number that it knows."""

    def _decide(self, path: str) -> tuple[int, Any]:
        if self.asked[-1].body["first"] == 1:
            return 409, {"code": "already_entered", "fields": [{"field": "P001", "message": ""}]}
        return 200, {}


@pytest.fixture
def hall() -> Iterator[ConsoleHall]:
    with Entries() as running:
        running.pages.rolls_view = ROLLS
        yield running


def fill(page: Page, form: str, **values: str) -> None:
    for name, value in values.items():
        page.fill(f"form[data-roll={form}] [name={name}]", value)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_numbers_are_entered_with_the_next_one_offered_and_a_doubled_one_named(
    hall: ConsoleHall, desk: Callable[..., Page], lang: str
) -> None:
    page = desk("concierge", "/concierge/rolls", TOUCH, lang)
    offered = page.locator("form[data-roll=handed-out] [name=first]")
    expect(offered).to_have_value("43")
    fill(page, "handed-out", last="60", since="910", until="10:30")
    page.screenshot(path=SCREENS / f"rolls-{lang}.png")
    page.click("form[data-roll=handed-out] button")
    expect(page.locator("#message")).to_have_text("已补录。" if lang == "zh" else "Entered.")
    day = hall.pages.today()
    times = {"since": f"{day}T09:10", "until": f"{day}T10:30"}
    assert [(one.path, one.body) for one in hall.asked] == [
        ("rolls/P/handed-out", {"first": 43, "last": 60, "service": "id", **times})
    ]
    fill(page, "left", first="1", at="10:00")
    page.click("form[data-roll=left] button")
    expect(page.locator("#message")).to_contain_text("P001")
    assert page.evaluate("document.documentElement.scrollWidth") <= TOUCH[0]
