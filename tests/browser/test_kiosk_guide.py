"""The kiosk's audio guide in a real browser: who sees nothing hears every target before it acts, and has a ticket."""

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qsl, unquote_plus, urlsplit

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from hall_server.station import LinkState
from tests.browser.kiosk_screens import draw, reading
from tests.kiosk.help_hall import HelpHall
from tests.kiosk.kiosk_page import Page, home, kiosk_page
from tests.station.fake_hall import demo_board

pytestmark = pytest.mark.needs("chromium")

SWITCH, TILE, NUMBER = "[data-mode=guide]", ".tile", "[data-face=failed] .number"
PLAYED = """
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function () {
    document.documentElement.dataset.played = Number(document.documentElement.dataset.played ?? 0) + 1;
    start.call(this);
  };
"""
Said = dict[str, list[str]]


@pytest.fixture(autouse=True)
def counted(tab: Tab) -> None:
    """The page counts the sounds that it begins."""
    tab.add_init_script(PLAYED)


def heard(tab: Tab, act: Callable[[], None], text: str = "") -> Said:
    """What the page asks to have said after that, when the sound (of this text) has come."""
    with tab.expect_response(lambda answer: "/hear/" in answer.url and text in unquote_plus(answer.url)) as answer:
        act()
    assert (answer.value.status, answer.value.headers["content-type"]) == (200, "audio/ogg")
    said: Said = {}
    for name, value in parse_qsl(urlsplit(answer.value.url).query):
        said.setdefault(name, []).append(value)
    return said


def test_one_ticket_is_three_touches_away_and_the_first_one_on_a_tile_only_says_it(
    kiosk: Page, tab: Tab, help_hall: HelpHall
) -> None:
    on = heard(tab, tab.locator(SWITCH).click)
    assert on == {
        "before": ["语音引导已打开。点一下听，再点一下选择。用方向键移动，用确认键选择。", "请选择要办理的业务"]
    }
    expect(tab.locator("html")).to_have_attribute("data-played", "1")
    tile = tab.locator(TILE).nth(1)
    assert heard(tab, tile.click) == {"tile": ["insurance"], "place": ["2"], "say": ["等候", "5", "约10–20分钟"]}
    assert help_hall.tickets == {}
    ring = tile.evaluate("(tile) => [getComputedStyle(tile).outlineWidth, getComputedStyle(tile).outlineColor]")
    assert ring == ["8px", "rgb(255, 200, 61)"]
    tile.click()
    expect(tab.locator(NUMBER)).to_have_text("A001")


def test_keys_alone_switch_it_on_hear_a_tile_and_take_its_ticket(kiosk: Page, tab: Tab) -> None:
    heard(tab, lambda: tab.keyboard.press("F1"))
    expect(tab.locator(SWITCH)).to_have_attribute("aria-pressed", "true")
    assert heard(tab, lambda: tab.keyboard.press("ArrowDown"))["tile"] == [demo_board().services[0].id]
    said = heard(tab, lambda: tab.keyboard.press("ArrowRight"))
    assert (said["tile"], said["place"]) == ([demo_board().services[1].id], ["2"])
    tab.keyboard.press("Enter")
    expect(tab.locator(NUMBER)).to_have_text("A001")


def test_a_tile_that_was_drawn_anew_between_two_touches_still_acts(kiosk: Page, tab: Tab) -> None:
    heard(tab, tab.locator(SWITCH).click)
    heard(tab, tab.locator(TILE).first.click)
    draw(tab, kiosk, home(replace(demo_board(), rev=9), slow=True))
    tab.locator(TILE).first.click()
    expect(tab.locator(NUMBER)).to_have_text("A001")


def test_a_screen_is_read_when_it_comes_and_again_in_another_language(kiosk: Page, tab: Tab) -> None:
    heard(tab, tab.locator(SWITCH).click)
    heard(tab, tab.locator("[data-help]").click)
    assert heard(tab, tab.locator("[data-help]").click) == {"before": ["需要什么帮助？", "无需出示证件"]}
    heard(tab, tab.locator("[data-language-switch]").click)
    said = heard(tab, tab.locator("[data-language-switch]").click)
    assert said == {"before": ["What help would you like?", "You need not show anything"]}


def test_whoever_says_that_seeing_is_hard_hears_the_screen(kiosk: Page, tab: Tab) -> None:
    tab.locator("[data-help]").click()
    said = heard(tab, tab.locator("[data-reason=sight]").click, "工作人员")
    assert said == {"before": ["工作人员会来帮您", "可在此等候，也可继续取号"]}
    expect(tab.locator(SWITCH)).to_have_attribute("aria-pressed", "true")


def test_what_nobody_has_spoken_is_a_choice_by_its_place(kiosk: Page, tab: Tab) -> None:
    heard(tab, tab.locator(SWITCH).click)
    heard(tab, lambda: draw(tab, kiosk, replace(reading("guide"), slow=True)))
    said = heard(tab, tab.locator("[data-topic]").nth(1).click)
    assert said == {"place": ["2"], "say": ["居民身份证换领补领第2项"]}
    expect(tab.locator("[data-face=guide]")).to_be_visible()


def test_keys_that_show_a_sign_only_have_a_name_in_either_language(kiosk: Page, tab: Tab) -> None:
    heard(tab, tab.locator(SWITCH).click)
    heard(tab, lambda: draw(tab, kiosk, replace(reading("complaint_contact"), slow=True)))
    signs = tab.locator("main button:visible").filter(has_not_text=re.compile(r"\S"))
    for names in (["清除", "删除"], ["Clear", "Delete"]):
        assert [signs.nth(n).get_attribute("aria-label") for n in range(signs.count())] == names
        assert heard(tab, signs.first.click)["say"] == names[:1]
        heard(tab, tab.locator("[data-language-switch]").click)
        heard(tab, tab.locator("[data-language-switch]").click)


def test_it_speaks_while_the_hall_cannot_be_reached(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    draw(tab, page, home(link=LinkState.LOST))
    heard(tab, tab.locator(SWITCH).click)
    assert heard(tab, tab.locator(TILE).first.click)["tile"] == [demo_board().services[0].id]
    expect(tab.locator("html")).to_have_attribute("data-played", "2")
    tab.goto("about:blank")


def test_who_listens_has_three_times_as_long_and_the_next_customer_hears_nothing(help_hall: HelpHall, tab: Tab) -> None:
    with kiosk_page(help_hall.url) as page:
        tab.clock.install()
        tab.goto(page.url)
        draw(tab, page, home())
        ring = tab.locator("[data-stay]")
        tab.locator(SWITCH).click()
        page.screen.wait(page.screen.get()[0], 0)
        tab.clock.run_for(88_000)
        expect(ring).to_be_hidden()
        tab.clock.run_for(3_000)
        expect(ring).to_be_visible()
        tab.clock.run_for(46_000)
        expect(tab.locator(SWITCH)).to_have_attribute("aria-pressed", "false")
        draw(tab, page, home())
        assert not page.screen.get()[1].slow
        tab.goto("about:blank")
