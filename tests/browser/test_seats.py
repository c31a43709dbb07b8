"""A window that another clerk has, and the floor on which somebody is gone, too many wait, and some are on duty."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from display.board import Name
from hall_server.contract.day import CrowdRow, DayView, DutyRow, OnDutyRow, SpareRow
from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.web.hall import FLOOR, at, called_view

pytestmark = pytest.mark.needs("chromium")

CROWD = CrowdRow(
    service="tax", name=Name("税务", "Tax"), since=at(0), waiting=42, wait_s=2940, stop=True,
    spare=(SpareRow(window="2", do="resume"), SpareRow(window="5", do="help")), slots=(at(3600),),
)  # fmt: skip
DUTY = DutyRow(role="clerk", people=(OnDutyRow(name="li", here=True), OnDutyRow(name="wu", window="2", here=False)))
DAY = DayView(rev=1, at=at(0), day="2026-11-22/1", open=True, crowds=(CROWD,), duty=(DUTY,))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_window_that_somebody_else_has_is_taken_over_for_a_reason(
    desk: Callable[..., Page], hall: ConsoleHall, lang: str
) -> None:
    page = desk("clerk", "/clerk", lang=lang)
    hall.show(called_view().model_copy(update={"clerk": "clerk:li"}))
    hall.announce()
    expect(page.locator("[data-take-over]")).to_be_visible()
    expect(page.locator("[data-primary]")).to_be_disabled()
    page.keyboard.press("r")
    page.keyboard.press("Space")
    page.screenshot(path=SCREENS / f"clerk-taken-{lang}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.locator("[data-take-over]").click()
    page.locator("#seat [type=submit]").click()
    expect(page.locator("#seat")).to_be_visible()  # not without a reason
    page.locator("#seat [name=reason]").fill("Li has gone home")
    page.locator("#seat [type=submit]").click()
    expect(page.locator("#seat")).to_be_hidden()
    expect(page.locator("#message")).to_be_visible()
    assert [(one.path, one.body) for one in hall.asked] == [("windows/3/session", {"reason": "Li has gone home"})]


def test_the_floor_names_who_is_gone_what_is_too_full_and_who_is_on_duty(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    gone = {"clerk": "clerk:wu", "unattended_since": at(-400), "label": "A027", "state": "called"}
    first, *others = FLOOR.windows
    hall.pages.floor_view = FLOOR.model_copy(update={"windows": (first.model_copy(update=gone), *others)})
    hall.pages.day_view = DAY
    page = desk("manager", "/floor", lang="en")
    expect(page.locator(".banner.alarm", has_text="A027 at window")).to_be_visible()
    expect(page.locator(".banner.alarm", has_text="Tax is too full")).to_contain_text(
        "42 waiting · about 49 min · no tickets are given out · Could help: window 2: end its pause; window 5: help out"
    )
    expect(page.locator(".strip .duty")).to_contain_text("wu (Window 2) not signed in")
    expect(page.locator(".strip li").first).to_contain_text("Nobody there")
    page.screenshot(path=SCREENS / "floor-busy.png")
