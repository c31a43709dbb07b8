"""The TV's picture: slides in turn and within their dates only, no hole for a missing file, nothing at night."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from display.board import Name, Promo
from tests.browser.hall_with_a_tv import TvHall
from tests.browser.test_tv import CLIPPED, SCREENS, SIZES
from tests.display.boards import hall, iso

pytestmark = pytest.mark.needs("chromium")
ROUNDS_MS = 60_000  # more than a slide stays while both languages of everything are read
LONGEST = ("业" * 40, "Longest words. " * 6)  # as long as an item's text may be


def now() -> datetime:
    return datetime.now(UTC)


def item(name: str, kind: str = "text", text: tuple[str, str] = ("", ""), *, days: int = 0) -> Promo:
    begins = now() + timedelta(days=days, hours=-1)
    url = "" if kind == "text" else f"/media/{name}"
    return Promo(name, kind, url, Name(*text), iso(begins), iso(begins + timedelta(hours=2)))


@pytest.fixture
def tv_hall() -> Iterator[TvHall]:
    drawn = BytesIO()
    Image.radial_gradient("L").resize((640, 360)).convert("RGB").save(drawn, "WEBP")
    server = TvHall(hall(windows=8, now=now()), files={"blue.webp": drawn.getvalue()})
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(browser: Browser, tv_hall: TvHall) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.clock.install()
    page.goto(f"{tv_hall.url}/tv")
    expect(page.locator("body[data-state=live]")).to_be_attached()
    yield page
    context.close()


def show(hall: TvHall, *items: Promo) -> None:
    hall.push(lambda board: replace(board, promo=items))


def test_slides_follow_each_other_and_what_is_not_yet_or_no_longer_due_is_never_shown(
    page: Page, tv_hall: TvHall
) -> None:
    picture = page.locator("#promo")
    expect(picture).to_contain_text("请提前准备好证件")
    first, second = item("i1", text=("第一", "First")), item("blue.webp", "image", ("第二", "Second"))
    show(tv_hall, item("i0", text=("昨天", ""), days=-1), first, second, item("i9", text=("明天", ""), days=1))
    expect(picture.locator(".slide")).to_have_text("第一First")
    expect(picture.locator(".promo-text")).to_be_hidden()
    page.clock.fast_forward(ROUNDS_MS)
    expect(picture.locator(".slide")).to_contain_text("第二")
    expect(picture.locator("img")).to_have_js_property("naturalWidth", 640)
    page.screenshot(path=SCREENS / "tv-promo.png")
    tv_hall.wait_for(lambda: tv_hall.shown and tv_hall.shown[-1]["promo_item"] == "blue.webp", limit_s=20)
    page.clock.fast_forward(ROUNDS_MS)
    expect(picture.locator(".slide")).to_contain_text("第一")
    show(tv_hall)
    expect(picture.locator(".slide")).to_have_count(0)
    expect(picture).to_contain_text("请提前准备好证件")


def test_a_file_that_cannot_be_shown_leaves_the_place_to_the_others(page: Page, tv_hall: TvHall) -> None:
    show(tv_hall, item("gone.webp", "image"), item("gone.mp4", "video"), item("i1", text=("在", "Here")))
    expect(page.locator("#promo .slide")).to_have_text("在Here")
    show(tv_hall, item("gone.webp", "image"))
    expect(page.locator("#promo")).to_have_attribute("data-playing", "no")
    expect(page.locator("#promo .promo-text")).to_be_visible()


def test_nothing_plays_while_the_hall_is_closed_or_an_alarm_stands(page: Page, tv_hall: TvHall) -> None:
    show(tv_hall, item("i1", text=("在", "Here")))
    expect(page.locator("#promo .slide")).to_have_count(1)
    tv_hall.push(lambda board: replace(board, emergency=Name("撤离", "Leave")))
    expect(page.locator("#promo .slide")).to_have_count(0)


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_texts_fit_at_every_size(browser: Browser, tv_hall: TvHall, size: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{tv_hall.url}/tv")
    for kind in ("text", "image"):
        show(tv_hall, replace(item("blue.webp", kind, LONGEST), id=kind))
        expect(page.locator(f"#promo .slide[data-kind={kind}]")).to_have_count(1)
        page.screenshot(path=SCREENS / f"tv-promo-{kind}-{size}.png")
        assert page.evaluate(CLIPPED) == []
    context.close()
