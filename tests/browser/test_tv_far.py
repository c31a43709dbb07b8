"""A TV for far seats: no letter under the floor at any size, in either language, in any state, and nothing cut off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from display.board import Board, Name, Opening, Special
from display.distance import Distance
from tests.browser.hall_with_a_tv import TvHall
from tests.browser.test_promo import LONGEST, item
from tests.browser.test_tv import CLIPPED, SCREENS, SIZES, called
from tests.display.boards import iso
from tests.soak import SOAK, rounds

pytestmark = pytest.mark.needs("chromium")

# Every text that can be seen now or on a later page of its place, with its size in pixels of 1080 lines.
LETTERS = """() => {
  const [short, long] = [innerWidth, innerHeight].sort((a, b) => a - b), unit = Math.min(short / 1080, long / 1920);
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const shown = element.checkVisibility({ visibilityProperty: true });
    const seen = node.data.trim() && shown && !element.closest("template, script, .sr-only");
    if (seen) found.push([node.data.trim(), parseFloat(getComputedStyle(element).fontSize) / unit]);
  }
  return found;
}"""
ROUNDING_PX = 0.1
SEEN = "[document.body.dataset.turn, document.querySelector('.message-text').scrollTop]"
PAGES = 2  # forty hanzi, ninety letters


def quiet(board: Board) -> Board:
    rows = tuple(replace(row, state="idle", label=None, since=None, to=()) for row in board.windows)
    return replace(board, hero=None, calls=(), windows=rows, notices=())


def closed(board: Board) -> Board:
    opens = datetime.now(UTC) + timedelta(days=2)
    day = opens.date().isoformat()
    hours = (Opening(iso(opens), iso(opens + timedelta(hours=3))),)
    return replace(quiet(board), open=False, hours=hours, special=(Special(Name("国庆节", "National Day"), day, day),))


def shut(board: Board) -> Board:
    """Its services open again on another day, and its names are long."""
    hours = closed(board).hours
    name = Name("出入境证件办理大厅综合业务", "Exit and entry documents, all kinds")
    return replace(board, services=tuple(replace(row, name=name, hours=hours) for row in board.services))


def wordy(board: Board) -> Board:
    labels = tuple(replace(row, label=row.label and "AB1027") for row in board.windows)
    return replace(board, windows=labels, promo=(item("i1", text=LONGEST),))


WORDS = Name("有人需要急救，请让出通道", "Somebody needs urgent medical help. Please keep the way clear.")
STATES: dict[str, tuple[Callable[[Board], Board], str]] = {
    "live": (lambda board: board, "#hero[data-look=call]"),
    "six": (lambda board: replace(board, windows=board.windows[:6]), "#windows .win:nth-child(6):last-child"),
    "shut": (shut, ".service-name:text('出入境')"),
    "wordy": (wordy, "#promo[data-playing=text]"),
    "empty": (quiet, "#hero[data-look=empty]"),
    "closed": (closed, "body[data-cover=closed]"),
    "emergency": (lambda board: replace(quiet(board), emergency=WORDS), "body[data-cover=emergency]"),
}


# The others have the same shape: in CI the fullest states of them will do.
ALL_STATES = tuple(SIZES) if SOAK else ("1080",)
FULLEST = ("live", "shut", "wordy")


@pytest.fixture
def opened(browser: Browser, tv_hall: TvHall) -> Iterator[Callable[[str], Page]]:
    pages: list[Page] = []

    def page_of(size: str) -> Page:
        width, height = SIZES[size]
        page = browser.new_context(viewport=ViewportSize(width=width, height=height)).new_page()
        pages.append(page)
        page.goto(f"{tv_hall.url}/tv")
        expect(page.locator("body[data-state=live]")).to_be_attached()
        return page

    yield page_of
    for page in pages:
        page.context.close()


def flaws(page: Page, floor_px: float) -> list[object]:
    """In either language: texts under the floor, and texts that are cut."""
    found: list[object] = []
    for language in ("zh", "en"):
        page.evaluate("(language) => { document.body.dataset.turn = language; }", language)
        letters: list[tuple[str, float]] = page.evaluate(LETTERS)
        assert letters
        found += [(language, text, size) for text, size in letters if size < floor_px - ROUNDING_PX]
        found += [(language, text) for text in page.evaluate(CLIPPED)]
    return found


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_under_the_floor_of_ten_metres_on_55_inches(
    opened: Callable[[str], Page], tv_hall: TvHall, size: str
) -> None:
    page, found, floor_px = opened(size), {}, Distance().floor_px
    board, looked_at = tv_hall.board, STATES if size in ALL_STATES else FULLEST
    for name in looked_at:
        change, sign = STATES[name]
        tv_hall.push(lambda old, change=change: replace(change(board), rev=old.rev))  # type: ignore[misc]
        expect(page.locator(sign).first).to_be_attached()
        found[name] = flaws(page, floor_px)
        page.screenshot(path=SCREENS / f"tv-far-{name}-{size}.png")
    tv_hall.push(lambda old: called(300, "A101", "3")(replace(board, rev=old.rev)))
    expect(page.locator("#hero[data-look=call]")).to_be_attached()
    tv_hall.stop()
    expect(page.locator("body[data-state=stale]")).to_be_attached()
    found["stale"] = flaws(page, floor_px)
    page.screenshot(path=SCREENS / f"tv-far-stale-{size}.png")
    tv_hall.start()
    assert found == {name: [] for name in (*looked_at, "stale")}


OTHERS = [(43, 10), (55, 2), (65, 10), (55, 6)]


@pytest.mark.parametrize(("inches", "farthest_m"), OTHERS[: rounds(2, len(OTHERS))])
def test_other_screens_and_distances_keep_their_own_floor(
    opened: Callable[[str], Page], tv_hall: TvHall, inches: float, farthest_m: float
) -> None:
    tv_hall.distance = Distance(inches, farthest_m)
    letters_px = tv_hall.distance.layout().letters_px
    for size in ("1080", "portrait"):
        page = opened(size)
        assert (size, flaws(page, letters_px)) == (size, [])
        page.screenshot(path=SCREENS / f"tv-{inches}-{farthest_m}-{size}.png")


def test_a_long_text_is_turned_page_by_page_and_languages_take_turns(
    opened: Callable[[str], Page], tv_hall: TvHall
) -> None:
    tv_hall.push(lambda board: replace(board, notices=(), messages=(item("i1", text=LONGEST),)))
    page = opened("1080")
    turns: dict[str, set[float]] = {"zh": set(), "en": set()}

    def turned() -> bool:
        turn, top = page.evaluate(SEEN)
        turns[turn].add(top)
        return min(len(tops) for tops in turns.values()) >= PAGES

    tv_hall.wait_for(turned, limit_s=60)
