"""The kiosk's page in a real browser: every screen at every size in both languages, and touches that take tickets."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from playwright.sync_api import Page as Tab

from display.board import Name, Opening, Special
from hall_server.contract import SlipState
from hall_server.station import LinkState
from kiosk.touch import CheckIn, CheckInFace, Kiosk, Taken
from tests.found import chromium
from tests.kiosk.kiosk_page import Page, closing, home, kiosk_page, notice, ticket, visiting, with_notices
from tests.station.fake_hall import FakeHall, demo_board

pytestmark = pytest.mark.needs("chromium")

SCREENS = Path(__file__).parents[2] / "build" / "screens"
SIZES = ((1080, 1920), (1920, 1080), (1366, 768), (768, 1366))
# 20 mm on the smallest panel that we support, 15.6 inches, in pixels of the design.
TARGET_PX = 111
TEXT_PX = 24


def paper(state: str = "printing", **fields: Any) -> SlipState:
    return SlipState.model_validate({"state": state, "printer": "P1", "kiosk": "K1", **fields})


def issued(state: str = "printing", **fields: Any) -> Kiosk:
    return visiting(paper=paper(state, **fields), ticket=ticket())


def many_services() -> Kiosk:
    rows = demo_board().services
    return home(replace(demo_board(), services=(*rows, *(replace(row, id=f"{row.id}-2") for row in rows))))


def broken() -> Kiosk:
    return with_notices(notice("kiosk", "K1", "paper_end", "K2"), notice("window", "3", "no_ack", "5"))


def checking(step: CheckInFace, **said: str) -> Kiosk:
    board = replace(demo_board(), appointments=True)
    asked = CheckIn("k", "zh", time.monotonic(), step, "8000", said=said)
    return home(board, check_in=asked)


def expecting() -> Kiosk:
    return replace(broken(), board=replace(broken().board or demo_board(), appointments=True))


def closed() -> Kiosk:
    """A holiday begins; one service opens later than the others."""
    now = datetime.now(UTC)
    spans = [
        Opening((now + timedelta(days=n)).isoformat(), (now + timedelta(days=n, hours=3)).isoformat()) for n in (4, 5)
    ]
    days = [(now + timedelta(days=n)).date().isoformat() for n in (0, 3, 6)]
    off = Special(Name("国庆节", "National Day"), days[0], days[1])
    extra = Special(Name("国庆节调休", "Make-up day"), days[2], days[2], ("08:30–12:00", "13:30–17:00"))
    first, *others = demo_board().services
    services = (replace(first, hours=(spans[1],)), *others)
    return home(replace(demo_board(), open=False, hours=(spans[0],), services=services, special=(off, extra)))


def late() -> Kiosk:
    return replace(visiting("late"), board=closing(demo_board(), demo_board().services[0].id))


FACES: dict[str, Callable[[], Kiosk]] = {
    "home": home,
    "notices": broken,
    "more": many_services,
    "stale": lambda: home(link=LinkState.LOST),
    "asking": lambda: visiting("asking"),
    "printing": issued,
    "printed": lambda: issued("printed"),
    "elsewhere": lambda: issued(kiosk="K2"),
    "elsewhere-printed": lambda: issued("printed", kiosk="K2"),
    "unknown": lambda: issued("unconfirmed"),
    "failed": lambda: issued("failed", reason="paper_end"),
    "again": lambda: replace(visiting("again"), taken=Taken("residence", "k", time.monotonic(), "A013")),
    "refused": lambda: visiting("refused", code="rate_limited"),
    "appointments": expecting,
    "codes": lambda: home(replace(demo_board(), appointments=True, codes=True, several=True)),
    "check-in": lambda: checking("check_in"),
    "which-time": lambda: checking("which_time", **{f"a{n}": f"2026-11-22T0{n}:30:00Z" for n in range(1, 7)}),
    "too-early": lambda: checking("too_early", opens="2026-11-22T05:45:00Z"),
    "too-late": lambda: checking("too_late"),
    "not-found": lambda: checking("not_found"),
    "checked-in": lambda: checking("checked_in", label="A012"),
    "offline": lambda: home(link=LinkState.LOST, cut=True),
    "out-of-service": lambda: home(link=LinkState.REFUSED),
    "late": late,
    "closed": closed,
    "emergency": lambda: home(replace(demo_board(), emergency=Name("请立即离开大厅", "Please leave the hall now"))),
    "loading": lambda: Kiosk(id="K1", since=time.monotonic()),
}

# Everything that leaves the picture or its own box, letters or targets that are too small, anything that scrolls.
FLAWS = """([target, letters]) => {
  const flaws = [];
  const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const visible = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest("template"));
  for (const element of visible) {
    const box = element.getBoundingClientRect();
    const words = [...element.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join("");
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) {
      flaws.push(`outside: ${element.tagName} ${words}`);
    }
    if (words && parseFloat(getComputedStyle(element).fontSize) / unit < letters - 0.1) flaws.push(`small: ${words}`);
    if (words && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline") {
      flaws.push(`cut: ${words}`);
    }
    if (element.tagName === "BUTTON") {
      if (box.width / unit < target || box.height / unit < target) flaws.push(`target: ${element.innerText}`);
      if (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 1) {
        flaws.push(`overfull: ${element.innerText}`);
      }
    }
  }
  const section = document.querySelector("main > section:not([hidden])");
  const main = section.closest("main").getBoundingClientRect();
  for (const child of section.children) {
    const box = child.getBoundingClientRect();
    if (child.checkVisibility() && (box.top < main.top - 1 || box.bottom > main.bottom + 1)) flaws.push("overlap");
  }
  const page = document.documentElement;
  if (page.scrollHeight > innerHeight || page.scrollWidth > innerWidth) flaws.push("scrolls");
  return flaws;
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Tab]:
    """A tab that fails the test when its page complains or asks anybody else."""
    tab = browser.new_page(viewport={"width": 1080, "height": 1920})
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text))
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("request", lambda asked: complaints.append(asked.url) if not is_ours(asked.url) else None)
    yield tab
    tab.close()
    assert complaints == []


@pytest.fixture
def page() -> Iterator[Page]:
    with kiosk_page() as page:
        yield page


def is_ours(url: str) -> bool:
    return url.startswith("http://127.0.0.1:") or url == "about:blank"


def draw(tab: Tab, page: Page, kiosk: Kiosk) -> None:
    """Show a state and wait until the page has drawn exactly that one."""
    page.show(kiosk)
    number, _ = page.screen.get()
    expect(tab.locator("html")).to_have_attribute("data-drawn", str(number), timeout=15_000)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_every_screen_fits_in_both_languages(page: Page, tab: Tab, width: int, height: int) -> None:
    SCREENS.mkdir(parents=True, exist_ok=True)
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(page.url)
    flaws: dict[str, list[str]] = {}
    for name, make in FACES.items():
        draw(tab, page, make())
        for language in ("zh", "en"):
            if tab.locator("html").get_attribute("data-language") != language:
                tab.locator("[data-language-switch]").click()
            tab.screenshot(path=SCREENS / f"kiosk-{name}-{width}x{height}-{language}.png")
            found = tab.evaluate(FLAWS, [TARGET_PX, TEXT_PX])
            if found:
                flaws[f"{name} {language}"] = found
    assert flaws == {}


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_names_of_services_that_are_much_longer_still_fit(page: Page, tab: Tab, width: int, height: int) -> None:
    tab.set_viewport_size({"width": width, "height": height})
    tab.goto(page.url)
    rows = tuple(
        replace(row, name=Name(row.name.zh + row.name.zh[:3], row.name.en + " and more"))
        for row in demo_board().services
    )
    draw(tab, page, replace(broken(), board=replace(broken().board or demo_board(), services=rows)))
    for _ in range(2):
        assert tab.evaluate(FLAWS, [TARGET_PX, TEXT_PX]) == []
        tab.locator("[data-language-switch]").click()


def test_markup_in_a_name_is_text(page: Page, tab: Tab) -> None:
    evil = '<img src=x onerror="document.title=1">'
    first = replace(demo_board().services[0], name=Name(evil, evil))
    tab.goto(page.url)
    draw(tab, page, home(replace(demo_board(), services=(first,), hall=Name(evil, evil))))
    expect(tab.locator(".tile [lang=zh]").first).to_have_text(evil)
    assert tab.locator("img").count() == 0


def test_a_hasty_customer_gets_one_number(tab: Tab) -> None:
    hall = FakeHall((("P1", "K1", "tcp://127.0.0.1:9"),)).start()
    try:
        with kiosk_page(hall.url) as page:
            tab.goto(page.url)
            tab.locator(".tile").nth(1).click(click_count=5)
            expect(tab.locator("[data-face=printing] [data-label]")).to_have_text("A001", timeout=15_000)
            assert len(hall.tickets) == 1
            tab.goto("about:blank")
    finally:
        hall.kill()


def test_the_hidden_waits_come_back_with_the_line(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    waiting = tab.locator(".tile b").first
    expect(waiting).to_have_text("12")
    draw(tab, page, home(link=LinkState.LOST))
    expect(tab.locator(".tile b").first).to_be_hidden()
    draw(tab, page, home())
    expect(tab.locator(".tile b").first).to_be_visible()


def test_more_than_six_services_are_turned_over_not_scrolled(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    draw(tab, page, many_services())
    assert tab.locator(".tile").count() == 6
    tab.locator("[data-pager]").click()
    expect(tab.locator(".tile")).to_have_count(4)
    tab.locator("[data-pager]").click()
    expect(tab.locator(".tile")).to_have_count(6)


def test_the_question_leaves_the_screen_by_an_answer_and_the_failed_number_by_got_it(page: Page, tab: Tab) -> None:
    tab.goto(page.url)
    draw(tab, page, issued("failed", reason="no_printer"))
    tab.locator("[data-face=failed] [data-post]").click()
    expect(tab.locator("[data-face=home]")).to_be_visible()


def test_a_program_that_died_is_admitted_by_the_page_itself(browser: Browser) -> None:
    tab = browser.new_page(viewport={"width": 1080, "height": 1920})
    with kiosk_page() as page:
        tab.goto(page.url)
        expect(tab.locator("[data-face=home]")).to_be_visible()
    expect(tab.locator("[data-face=offline]")).to_be_visible(timeout=15_000)
    tab.close()


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


def test_a_customer_types_four_digits_and_a_scanner_ten_without_any_touch(tab: Tab) -> None:
    """This hall knows no appointments, and says so at once."""
    hall = FakeHall().start()
    try:
        with kiosk_page(hall.url) as page:
            tab.goto(page.url)
            draw(tab, page, expecting())
            tab.locator("[data-check-in]").click()
            enter = tab.locator("[data-key=enter]")
            for key in ("8", "0", "0", "7", "7"):
                tab.locator(f"[data-key='{key}']").click()
            expect(enter).to_be_disabled()
            for key in ("back", "back", "0"):
                tab.locator(f"[data-key='{key}']").click()
            expect(tab.locator("[data-digits]")).to_have_text("8000")
            enter.click()
            assert answered(tab, page) == "8000"
            draw(tab, page, expecting())
            tab.keyboard.type("1234567890")
            tab.keyboard.press("Enter")
            assert answered(tab, page) == "1234567890"
            draw(tab, page, expecting())
            tab.keyboard.type("http://192.168.1.10:8800/m/0f12ab/0987654321")
            tab.keyboard.press("Enter")
            assert answered(tab, page) == "0987654321"
            tab.goto("about:blank")
    finally:
        hall.kill()


def test_one_ticket_is_taken_for_several_services_in_the_order_of_the_touches(tab: Tab) -> None:
    hall = FakeHall().start()
    try:
        with kiosk_page(hall.url) as page:
            tab.goto(page.url)
            draw(tab, page, home(replace(demo_board(), several=True)))
            tab.locator("[data-several]").click()
            expect(tab.locator("[data-take]")).to_be_disabled()
            tiles = tab.locator(".tile:not(.shut)")
            for number in (2, 0, 1, 2):  # the third one is let go again
                tiles.nth(number).click()
            expect(tiles.nth(1).locator("[data-place]")).to_have_text("2")
            assert tab.evaluate(FLAWS, [TARGET_PX, TEXT_PX]) == []
            tab.screenshot(path=SCREENS / "kiosk-several.png")
            services = demo_board().services
            tab.locator("[data-take]").click()
            expect(tab.locator("[data-face=failed] .number")).to_have_text("A001", timeout=15_000)
            (asked,) = hall.asked
            assert (asked.service, asked.then) == (services[0].id, (services[1].id,))
            expect(tab.locator("[data-face=failed]")).to_be_visible()
            tab.goto("about:blank")
    finally:
        hall.kill()


def answered(tab: Tab, page: Page) -> str:
    """The digits that were asked for, once their answer is on the screen."""
    expect(tab.locator("[data-face=refused]")).to_be_visible(timeout=15_000)
    asked = page.screen.get()[1].check_in
    assert asked is not None
    return asked.digits
