"""A concierge gives out a ticket, notes a need and brings somebody back, by touch."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console_hall import SCREENS, ConsoleHall

pytestmark = pytest.mark.needs("chromium")
TARGET_PX = 48  # a finger, standing


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_screen_fits_and_each_target_is_as_big_as_a_finger(desk: Callable[..., Page], lang: str) -> None:
    page = desk("concierge", "/concierge", lang=lang)
    page.set_viewport_size({"width": 1280, "height": 800})
    expect(page.locator(".long li")).to_have_count(3)
    page.screenshot(path=SCREENS / f"concierge-{lang}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    buttons = page.locator("main button:visible")
    heights = buttons.evaluate_all("all => all.map((one) => one.getBoundingClientRect().height)")
    assert min(heights) >= TARGET_PX


def test_a_ticket_is_given_out_and_printed_at_a_chosen_kiosk(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("concierge", "/concierge")
    page.locator("[data-give=social]").click()
    page.locator("#give [name=need]").check()
    page.locator("#give [data-then=tax]").click()
    page.locator("#give [data-then=residence]").click()
    expect(page.locator("#give [data-then=residence]")).to_contain_text("3. ")
    expect(page.locator("#give [data-then=residence]")).to_have_css("color", "rgb(255, 255, 255)")  # on blue, hovered
    expect(page.locator("#give [data-then=social]")).to_be_hidden()
    page.screenshot(path=SCREENS / "concierge-give.png")
    page.locator("#give [type=submit]").click()
    expect(page.locator("#message")).to_contain_text("B012")
    (asked,) = hall.asked
    assert (asked.path, asked.body) == (
        "tickets", {"service": "social", "language": "zh", "need": True, "kiosk": "K1", "then": ["tax", "residence"]},
    )  # fmt: skip


def test_C4_who_asked_for_help_stands_on_top_until_somebody_was_there(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("concierge", "/concierge")
    (wanted,) = page.locator(".helps li").all()
    expect(wanted).to_contain_text("一号取号机 · 视力不便")
    expect(wanted).to_contain_text("A030")
    wanted.locator("[data-do=need]").click()
    expect(page.locator("#message")).to_contain_text("A030")
    wanted.locator("[data-help]").click()
    expect(page.locator("#message")).to_contain_text("一号取号机")
    assert [(one.path, one.body) for one in hall.asked] == [
        ("tickets/t-A030/need", {"need": True}), ("helps/h1/done", {}),
    ]  # fmt: skip


def test_a_need_is_noted_by_one_touch_and_who_is_brought_back_needs_a_reason(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("concierge", "/concierge")
    page.locator(".long li").first.locator("[data-do=need]").click()
    expect(page.locator("#message")).to_be_visible()
    page.locator(".others [data-do=reinstate]").first.click()
    page.locator("#why [name=reason]").fill("was in the other hall")
    page.locator("#why [type=submit]").click()
    expect(page.locator("#why")).to_be_hidden()
    expect(page.locator("#message")).to_contain_text("A011")
    assert [(one.path.rpartition("/")[2], one.body) for one in hall.asked] == [
        ("need", {"need": True}), ("reinstate", {"reason": "was in the other hall"}),
    ]  # fmt: skip


def test_C18_one_tap_notes_what_was_said_to_somebody_who_waits_long(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("concierge", "/concierge")
    patient, cared, recent = page.locator(".long li").all()
    expect(recent.locator(".care button").first).to_be_hidden()
    expect(cared.locator(".care")).to_contain_text("已致歉")
    expect(cared.locator(".care button")).to_have_count(1)
    patient.locator("[data-care=offered]").click()
    expect(page.locator("#message")).to_contain_text("A028")
    assert [(one.path, one.body) for one in hall.asked] == [("tickets/t-A028/care", {"what": "offered"})]


def test_who_leaves_is_given_up_without_a_reason_and_the_concierge_takes_it_back(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("concierge", "/concierge")
    page.locator(".long li").first.locator("[data-do=cancel]").click()
    page.locator("#why [type=submit]").click()
    expect(page.locator("#message")).to_contain_text("A028")
    page.locator("[data-undo]").click()
    expect(page.locator("#message")).to_contain_text("A027")
    assert [(one.path.rpartition("/")[2], one.body) for one in hall.asked] == [("cancel", {"reason": ""}), ("undo", {})]


def test_T7_one_tap_puts_a_notice_on_the_tv_and_another_takes_it_away(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("concierge", "/concierge")
    page.locator("[data-notice=snow]").click()
    expect(page.locator("#message")).to_contain_text("已在大屏显示")
    page.locator("[data-notice=rain]").click()
    expect(page.locator("#message")).to_contain_text("已撤下")
    assert [one.path for one in hall.asked] == ["notices/snow", "notices/rain/lift"]
