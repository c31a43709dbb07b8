"""Every screen of the kiosk and every state of the TV has nothing that axe finds, and speaks to its own server only."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from display.distance import Distance
from tests.browser.hall_with_a_tv import TvHall
from tests.browser.kiosk_screens import FACES, draw
from tests.browser.screens.audit import Complaints, violations
from tests.browser.test_tv import SIZES
from tests.browser.test_tv_far import STATES
from tests.kiosk.kiosk_page import kiosk_page
from tests.soak import rounds

pytestmark = pytest.mark.needs("chromium")

MODES = ("", "large", "low", "contrast")
UPRIGHT = ViewportSize(width=1080, height=1920)
# A look costs half a second of a core: every fourth pair of screen and mode each time, every one of either anyway.
STEP = rounds(len(MODES), 1)
NEAR = Distance(55, 2)
TWICE = tuple(STATES)[:: rounds(len(STATES), 1)]  # the languages differ in nothing that axe asks about


def turn(mode: str) -> tuple[str, ...]:
    """The screens that are looked at in a mode: each screen in one of them, or all in all of them."""
    return tuple(FACES)[MODES.index(mode) % STEP :: STEP]


@pytest.mark.parametrize("mode", MODES)
def test_a_kiosk_can_be_read_and_used_by_everybody_in_each_of_its_modes(browser: Browser, mode: str) -> None:
    with kiosk_page() as kiosk, browser.new_context(viewport=UPRIGHT, reduced_motion="reduce") as context:
        complaints = Complaints(context, (kiosk.url,))
        page = context.new_page()
        page.goto(kiosk.url)
        draw(page, kiosk, FACES["home"]())
        if mode:
            page.locator(f"[data-mode={mode}]").click()
            expect(page.locator(f"[data-mode={mode}]")).to_have_attribute("aria-pressed", "true")
        found = {}
        for name in turn(mode):
            draw(page, kiosk, FACES[name]())
            found[name] = violations(page)
        page.goto("about:blank")
        assert ({name: said for name, said in found.items() if said}, complaints.said) == ({}, [])


@pytest.fixture
def tv(browser: Browser, tv_hall: TvHall) -> Iterator[Callable[[str], tuple[Page, Complaints]]]:
    contexts = []

    def opened(size: str) -> tuple[Page, Complaints]:
        width, height = SIZES[size]
        context = browser.new_context(viewport=ViewportSize(width=width, height=height), reduced_motion="reduce")
        contexts.append(context)
        complaints = Complaints(context, (tv_hall.url,))
        page = context.new_page()
        page.clock.install()
        page.goto(f"{tv_hall.url}/tv")
        return page, complaints

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize(("size", "distance"), [("1080", Distance()), ("portrait", Distance()), ("1080", NEAR)])
def test_a_tv_can_be_read_by_everybody_in_each_of_its_states(
    tv: Callable[[str], tuple[Page, Complaints]], tv_hall: TvHall, size: str, distance: Distance
) -> None:
    tv_hall.distance, board, found = distance, tv_hall.board, {}
    page, complaints = tv(size)
    found["loading"] = violations(page)
    expect(page.locator("body[data-state=live]")).to_be_attached()
    for name, (change, sign) in STATES.items():
        tv_hall.push(lambda old, change=change: replace(change(board), rev=old.rev))  # type: ignore[misc]
        page.clock.run_for(1000)
        expect(page.locator(sign).first).to_be_attached()
        for turned in ("zh", "en") if name in TWICE else ("zh",):
            page.evaluate("(turn) => { document.body.dataset.turn = turn; }", turned)
            found[f"{name} {turned}"] = violations(page)
    tv_hall.stop()
    page.clock.run_for(2000)
    expect(page.locator("body[data-state=stale]")).to_be_attached()
    found["stale"] = violations(page)
    page.clock.fast_forward("05:30")
    page.clock.run_for(1000)
    expect(page.locator("body[data-state=blank]")).to_be_attached()
    found["offline"] = violations(page)
    tv_hall.start()
    assert ({name: said for name, said in found.items() if said}, complaints.said) == ({}, [])
