"""The TV under texts that nobody chose for it: half as long again, written the other way round, full of markup."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

import display
from display.board import Board, Name, Opening, Special
from display.phrases import Phrases
from tests.browser.hall_with_a_tv import TvHall
from tests.browser.test_promo import item
from tests.browser.test_tv import CLIPPED, SCREENS, SIZES, called
from tests.display.boards import hall, iso

pytestmark = pytest.mark.needs("chromium")
LONGER = 0.4
# Right-to-left letters, an override that is never closed, markup, and what ends a script.
NASTY = Name("\u202eאבג</script><b>粗</b>", "\u2067\u202emirror<script>document.title='evil'</script>")


def longer(text: str) -> str:
    """The same with two fifths more at its end; what stands in braces is filled in later."""
    plain = "".join(part.partition("}")[2] for part in f"}}{text}".split("{"))
    more = round(len(plain) * LONGER)
    return text + (plain * 2)[:more]


def long_names(board: Board) -> Board:
    def name(one: Name) -> Name:
        return Name(longer(one.zh), longer(one.en))

    return replace(
        board, hall=name(board.hall), services=tuple(replace(row, name=name(row.name)) for row in board.services),
        notices=tuple(replace(one, name=name(one.name)) for one in board.notices),
    )  # fmt: skip


@pytest.fixture
def tv_hall() -> Iterator[TvHall]:
    server = TvHall(hall(windows=8, now=datetime.now(UTC)))
    yield server
    server.stop()


def opened(browser: Browser, server: TvHall, size: str = "1080") -> Page:
    width, height = SIZES[size]
    page = browser.new_context(viewport=ViewportSize(width=width, height=height)).new_page()
    page.goto(f"{server.url}/tv")
    expect(page.locator("body[data-state=live]")).to_be_attached()
    return page


@pytest.mark.parametrize("size", ["1080", "768", "portrait"])
def test_words_that_are_two_fifths_longer_fit_at_every_size(browser: Browser, tv_hall: TvHall, size: str) -> None:
    known = Phrases.load(Path(display.__file__).parent / "locale")
    pseudo = {language: {key: longer(text) for key, text in texts.items()} for language, texts in known.texts.items()}
    tv_hall.phrases = Phrases(pseudo)
    tv_hall.board = long_names(tv_hall.board)
    tv_hall.start()
    page = opened(browser, tv_hall, size)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=SCREENS / f"tv-longer-{size}.png")
    labels = {label for row in tv_hall.board.services for label in row.next}  # one that has no room is left out whole
    assert [text for text in page.evaluate(CLIPPED) if text not in labels] == []
    page.context.close()


def test_no_text_leaves_its_place_or_turns_its_neighbours_round_or_is_taken_for_markup(
    browser: Browser, tv_hall: TvHall
) -> None:
    begins = datetime.now(UTC) - timedelta(hours=1)
    today = begins.date().isoformat()
    nasty = (NASTY.zh, NASTY.en)
    tv_hall.board = replace(
        tv_hall.board, hall=NASTY, ready=(NASTY.zh,), promo=(item("i1", text=nasty),),
        messages=(item("i2", text=nasty),), special=(Special(NASTY, today, today),),
        services=tuple(replace(row, name=NASTY) for row in tv_hall.board.services),
        notices=tuple(replace(one, name=NASTY) for one in tv_hall.board.notices),
        hours=(Opening(iso(begins), iso(begins + timedelta(hours=9))),),
    )  # fmt: skip
    tv_hall.start()
    page = opened(browser, tv_hall)
    expect(page.locator("#promo .slide")).to_contain_text("粗")
    page.screenshot(path=SCREENS / "tv-nasty.png")
    assert page.locator("main b, header b, footer b, main script").count() == 0
    assert "evil" not in page.title()
    isolated = "all => all.every((one) => getComputedStyle(one).unicodeBidi.startsWith('isolate'))"
    for place in (".service-name", ".service-name-en", "h1 span", ".slide-text span", ".message-text span"):
        assert (place, page.locator(place).evaluate_all(isolated)) == (place, True)
    page.context.close()


def test_ten_calls_in_five_seconds_are_all_seen_in_their_order(browser: Browser, tv_hall: TvHall) -> None:
    tv_hall.start()
    page = browser.new_page(viewport=ViewportSize(width=1366, height=768))
    page.clock.install()
    page.goto(f"{tv_hall.url}/tv")
    expect(page.locator("body[data-state=live]")).to_be_attached()
    page.evaluate("""() => { window.seen = []; new MutationObserver(() => {
        const at = document.querySelector('#hero .hero-label')?.textContent;
        if (at && at !== seen.at(-1)) seen.push(at);
      }).observe(document.getElementById('hero'), {childList: true}); }""")
    labels = [f"A{n}" for n in range(101, 111)]
    for n, label in enumerate(labels):
        tv_hall.push(called(200 + n, label, str(n % 8 + 1)))
        expect(page.locator("#windows")).to_contain_text(label)
        page.clock.run_for(500)
    page.clock.run_for(20_000)
    assert page.evaluate("window.seen") == labels
    page.close()
