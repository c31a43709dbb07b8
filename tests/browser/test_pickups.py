"""A clerk promises something by one key; staff mark it ready on the list; a phone says whether it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from display.board import Name
from hall_server.contract import SlipState
from hall_server.contract.slips import MissingRow, MissingView, PickUpRow, PickUps
from tests.browser.console_hall import SCREENS, ConsoleHall, wait_for
from tests.web.hall import clerk_view, serving_view

pytestmark = pytest.mark.needs("chromium")

COLLECT = Name("证件领取", "Document collection")
UNTIL = "2036-12-22T16:00:00Z"


def row(label: str, state: str, day: int = 22, back: str | None = None) -> PickUpRow:
    return PickUpRow.model_validate(
        {
            "slip": f"u-{label}", "label": label, "window": "3", "service_name": COLLECT, "state": state,
            "at": f"2026-11-{day}T02:00:00Z", "until": UNTIL, "back": back,
        }
    )  # fmt: skip


ROWS = PickUps(rev=0, rows=(row("A007", "promised", 20), row("A012", "promised"), row("A003", "ready", 19),
                            row("A001", "come", 18, "L004")))  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("role", "size"), [("clerk", (1366, 768)), ("concierge", (1280, 800))])
def test_what_has_come_is_marked_ready_with_one_touch_and_a_number_is_found_by_typing(
    desk: Callable[..., Page], hall: ConsoleHall, role: str, size: tuple[int, int], lang: str
) -> None:
    hall.pages.pickups_view = ROWS
    page = desk(role, "/concierge/pickups", lang=lang, size=size)
    expect(page.locator("tbody tr:visible")).to_have_count(4)
    page.screenshot(path=SCREENS / f"pickups-{role}-{lang}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("[name=label]").fill("a012")
    expect(page.locator("tbody tr:visible")).to_have_count(1)
    page.locator("[data-ready]:visible").click()
    expect(page.locator("#message")).to_contain_text("A012")
    page.locator("[name=label]").fill("a003")
    page.locator("[data-ready]:visible").click()
    wait_for(lambda: len(hall.asked) == 2)
    assert [(one.path, one.body) for one in hall.asked] == [
        ("pickups/u-A012/ready", {"ready": True}),
        ("pickups/u-A003/ready", {"ready": False}),
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_clerk_ends_a_service_with_a_pick_up_slip_by_one_key(
    desk: Callable[..., Page], hall: ConsoleHall, lang: str
) -> None:
    hall.pages.pickups_view = ROWS
    page = desk("clerk", "/clerk", lang=lang)
    hall.show(serving_view(pick_up=True))
    hall.announce()
    expect(page.locator("[data-verb=pickup]")).to_be_enabled()
    page.screenshot(path=SCREENS / f"clerk-pickup-{lang}.png")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.keyboard.press("k")
    wait_for(lambda: hall.asked)
    assert [(one.path, one.body) for one in hall.asked] == [("windows/3/pickup", {})]
    hall.show(
        clerk_view(missing=MissingRow(slip="u-1", label="A027", items=(), until=UNTIL, pick_up=True,
                                      paper=SlipState(state="printed", printer="printer1", kiosk="K1")))
    )  # fmt: skip
    hall.announce()
    expect(page.locator(".told b")).to_have_text({"zh": "A027 领取单", "en": "Pick-up slip for A027"}[lang])
    page.screenshot(path=SCREENS / f"clerk-pickup-told-{lang}.png")


@pytest.mark.parametrize("ready", [False, True])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_says_whether_it_is_ready(desk: Callable[..., Page], hall: ConsoleHall, lang: str, ready: bool) -> None:
    hall.pages.missing_views["p1"] = MissingView(
        rev=1, service="residence", service_name=COLLECT, items=(), code="0123456789", until=UNTIL, pick_up=True,
        ready=ready,
    )  # fmt: skip
    page = desk("clerk", f"/m/p1/0123456789?lang={lang}", size=(390, 844))
    expect(page.locator(".code")).to_have_text("01234 56789")
    page.screenshot(path=SCREENS / f"phone-pickup-{ready}-{lang}.png")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
