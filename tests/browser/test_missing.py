"""A clerk ticks what is missing and prints it, is reminded before finishing, and prints once more what did not come."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from display.board import Name
from hall_server.contract import MaterialRow, MissingRow, SlipState
from hall_server.contract.lobby import LobbyClass
from hall_server.contract.slips import MissingView
from tests.browser.console_hall import SCREENS, ConsoleHall, wait_for
from tests.web.hall import LOBBY, RESIDENCE, clerk_view, serving_view

pytestmark = pytest.mark.needs("chromium")

MATERIALS = (
    MaterialRow(id="form", name=Name("申请表", "Application form")),
    MaterialRow(id="photo", name=Name("两寸白底照片两张", "Two photos, 2 in, white background")),
    MaterialRow(
        id="register", name=Name("户口簿原件及本人页复印件", "Household register, and a copy of your own page")
    ),
)
REMIND = (Name("核对姓名和住址", "Check name and address"), Name("告知领证时间", "Say when the card will be ready"))
FAILED = MissingRow(
    slip="m-1", label="A027", items=(MATERIALS[0].name,), until="2026-11-28T16:00:00Z", code="0123456789",
    paper=SlipState(state="failed", printer="printer1", kiosk="K1", reason="paper_end"),
)  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_missing_is_ticked_by_keyboard_and_the_service_is_over(
    desk: Callable[..., Page], hall: ConsoleHall, lang: str
) -> None:
    page = desk("clerk", "/clerk", lang=lang)
    hall.show(serving_view(materials=MATERIALS, remind=REMIND))
    hall.announce()
    expect(page.locator(".remind li")).to_have_count(2)
    page.screenshot(path=SCREENS / f"clerk-remind-{lang}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.keyboard.press("m")
    submit = page.locator("#missing [type=submit]")
    expect(submit).to_be_disabled()
    page.locator("#missing .tick").nth(1).click()
    page.locator("#missing .tick").nth(2).click()
    page.screenshot(path=SCREENS / f"clerk-missing-{lang}.png")
    submit.click()
    expect(page.locator(".ticket .label")).to_have_count(0)
    assert [(one.path, one.body) for one in hall.asked] == [("windows/3/missing", {"items": ["photo", "register"]})]


def test_the_one_key_still_finishes_at_once_beside_a_reminder(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", "/clerk")
    hall.show(serving_view(remind=REMIND))
    hall.announce()
    expect(page.locator(".remind li")).to_have_count(2)
    expect(page.locator("[data-open=missing]")).to_be_disabled()
    page.keyboard.press("Space")
    expect(page.locator(".remind")).to_have_count(0)
    assert [one.path for one in hall.asked] == ["windows/3/finish"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_paper_that_did_not_come_shows_the_code_and_is_printed_again(
    desk: Callable[..., Page], hall: ConsoleHall, lang: str
) -> None:
    page = desk("clerk", "/clerk", lang=lang)
    hall.show(clerk_view(missing=FAILED))
    hall.announce()
    expect(page.locator(".told span")).to_contain_text("0123456789")
    page.screenshot(path=SCREENS / f"clerk-told-{lang}.png")
    page.locator("[data-print]").click()
    wait_for(lambda: hall.asked)
    assert [(one.path, one.body) for one in hall.asked] == [("windows/3/missing/m-1/print", {})]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_shows_what_to_bring_and_the_code(desk: Callable[..., Page], hall: ConsoleHall, lang: str) -> None:
    hall.pages.missing_views["p1"] = MissingView(
        rev=1, service="residence", service_name=RESIDENCE, items=tuple(one.name for one in MATERIALS),
        code="0123456789", until="2036-11-28T16:00:00Z",
    )  # fmt: skip
    page = desk("clerk", f"/m/p1/0123456789?lang={lang}", size=(390, 844))
    expect(page.locator(".items li")).to_have_count(3)
    expect(page.locator(".code")).to_have_text("01234 56789")
    page.screenshot(path=SCREENS / f"phone-missing-{lang}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_concierge_gives_a_ticket_for_a_code_and_one_of_a_class(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    hall.pages.lobby_view = LOBBY.model_copy(update={"classes": (LobbyClass(id="vip", name=Name("贵宾", "VIP")),)})
    hall.pages.codes_taken = True
    page = desk("concierge", "/concierge", size=(1280, 800))
    page.locator("[data-code]").click()
    page.locator("#code [name=digits]").fill("0123456789")
    page.screenshot(path=SCREENS / "concierge-code.png")
    page.locator("#code [type=submit]").click()
    expect(page.locator("#message")).to_contain_text("B012")
    page.locator("[data-give=social]").click()
    page.locator("#give [name=class]").select_option("vip")
    page.screenshot(path=SCREENS / "concierge-class.png")
    page.locator("#give [type=submit]").click()
    expect(page.locator("#give")).to_be_hidden()
    wait_for(lambda: len(hall.asked) == 2)
    assert [(one.path, one.body) for one in hall.asked] == [
        ("checkins", {"digits": "0123456789", "language": "zh", "kiosk": "K1"}),
        ("tickets", {"service": "social", "language": "zh", "need": False, "customer_class": "vip", "kiosk": "K1"}),
    ]
