"""Each screen of the kiosk at each size, in both languages and each mode: nothing cut, small, near or out of reach."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from display.board import Group, Name
from tests.browser.kiosk_screens import (
    BARS,
    FACES,
    MODES,
    PICTURES,
    REACH_PX,
    SCREENS,
    SIZES,
    checking,
    draw,
    flaws,
    pseudo,
    stretched,
)  # fmt: skip
from tests.kiosk.kiosk_page import Page, home, kiosk_page
from tests.station.fake_hall import demo_board

pytestmark = pytest.mark.needs("chromium")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_screen_fits_in_both_languages(page: Page, tab: Tab, width: int, height: int) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(page.url)
    whole = (width, height) in SIZES[:2]  # the two smaller ones have the same shapes: the fullest screens will do
    for name in FACES if whole else PICTURES:
        picture = f"{name}-{width}x{height}" if whole else ""
        assert (name, flaws(tab, page, FACES[name](), BARS, picture)) == (name, [])


@pytest.mark.parametrize(("mode", "width", "height"), MODES)
def test_every_screen_fits_in_each_mode_with_all_targets_where_they_belong(
    page: Page, tab: Tab, mode: str, width: int, height: int
) -> None:
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(page.url)
    tab.locator(f"[data-mode={mode}]").click()
    bars = [*BARS[:3], REACH_PX if mode == "low" else 0]
    chosen = PICTURES if mode == "contrast" else tuple(FACES)  # colours move nothing
    for name in chosen:
        make = FACES[name]
        picture = f"{name}-{mode}-{width}x{height}" if name in PICTURES else ""
        assert (name, flaws(tab, page, make(), bars, picture)) == (name, [])


@pytest.mark.parametrize(("width", "height"), SIZES[:2])
def test_texts_and_names_that_are_much_longer_still_fit(tab: Tab, width: int, height: int) -> None:
    tab.set_viewport_size({"width": width, "height": height})
    with kiosk_page(texts=pseudo()) as page:
        tab.goto(page.url)
        for name, make in FACES.items():
            assert (name, flaws(tab, page, stretched(make()), BARS)) == (name, [])
        tab.goto("about:blank")


def test_markup_in_a_name_is_text_and_one_that_turns_around_turns_no_other(page: Page, tab: Tab) -> None:
    rtl = "\u202eright to left\u2067"
    for evil in ('<img src=x onerror="document.title=1">', "<script>document.title=1</script>", rtl):
        first, second, *_ = demo_board().services
        rows = (replace(first, name=Name(evil, evil)), second)
        tab.goto(page.url)
        groups = (Group("g", Name(evil, evil), "house"),)
        draw(tab, page, home(replace(demo_board(), services=rows, groups=groups, hall=Name(evil, evil))))
        expect(tab.locator(".tile [lang=zh]").first).to_have_text(evil)
        expect(tab.locator(".tile [data-foot] [lang=zh]").first).to_have_text("约20–30分钟")
        assert (tab.locator("img").count(), tab.locator("script").count()) == (0, 1)
        assert tab.title() != "1"
    texts = tab.locator(".pair > [lang]:visible")
    display = texts.evaluate_all("all => all.map((one) => getComputedStyle(one).display)")
    assert set(display) == {"block"}, "each text is a paragraph of its own"


KEY_PX = 139  # 25 mm on the smallest panel that we support


def test_the_keys_of_the_pad_are_25_mm_wide_and_high(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    draw(tab, page, checking("check_in"))
    for width, height in SIZES:
        tab.set_viewport_size({"width": width, "height": height})
        keys: list[float] = tab.evaluate("""() => {
          const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
          const boxes = [...document.querySelectorAll("[data-key]")].map((key) => key.getBoundingClientRect());
          return boxes.flatMap((box) => [box.width / unit, box.height / unit]);
        }""")
        assert (len(keys), min(keys) >= KEY_PX) == (24, True)
