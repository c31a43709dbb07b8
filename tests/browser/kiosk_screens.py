"""The kiosk's screens for tests in a browser: a state for each, what can be wrong with them, and how to draw one."""

import math
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from display.board import Call, Contacts, Group, Name, Opening, Special
from display.phrases import Phrases
from hall_server.contract import SlipState
from hall_server.contract.content import GuideEntry, GuideView
from hall_server.station import LinkState
from kiosk.app import phrases
from kiosk.aside import Aside, AsideFace
from kiosk.touch import CheckIn, CheckInFace, Help, HelpFace, Kiosk, Taken
from tests.kiosk.kiosk_page import Page, closing, home, notice, ticket, visiting, with_notices
from tests.soak import SOAK
from tests.station.fake_hall import AT, demo_board

SCREENS = Path(__file__).parents[2] / "build" / "screens"
SIZES = ((1080, 1920), (1920, 1080), (1366, 768), (768, 1366))
# 20 mm on the smallest panel that we support, 15.6 inches, in pixels of the design.
TARGET_PX = 111
TEXT_PX = 24
GAP_PX = 17  # 3 mm there
REACH_PX = 946  # of 1920: what is below it is within reach of somebody who sits


def paper(state: str = "printing", **fields: Any) -> SlipState:
    return SlipState.model_validate({"state": state, "printer": "P1", "kiosk": "K1", **fields})


def issued(state: str = "printing", **fields: Any) -> Kiosk:
    return visiting(paper=paper(state, **fields), ticket=ticket())


def many_services() -> Kiosk:
    rows = demo_board().services
    return home(replace(demo_board(), services=(*rows, *(replace(row, id=f"{row.id}-2") for row in rows))))


def grouped() -> Kiosk:
    """More services than fit on a page, in two groups, and some in none."""
    groups = (Group("home", Name("住房", "Housing"), "house"), Group("work", Name("企业", "Business"), "briefcase"))
    of = {"property": "home", "property-2": "home", "business": "work", "tax": "work"}
    board = many_services().board or demo_board()
    rows = tuple(replace(row, group=of.get(row.id)) for row in board.services)
    return home(replace(board, services=rows, groups=groups))


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


def helped(step: HelpFace) -> Kiosk:
    return home(help=Help("k", "zh", time.monotonic(), step))


def calling() -> Kiosk:
    """A hall that calls, with everything that the home screen can offer."""
    calls = tuple(Call(n, f"A{n:03}", str(n), AT) for n in range(1, 8))
    board = replace(demo_board(), calls=calls, appointments=True, codes=True, several=True, info=("guide", "fees"))
    return replace(many_services(), board=replace(board, services=(many_services().board or board).services))


CONTACTS = Contacts(
    "12345", "office@hall.example", Name("大厅出口右侧", "right of the exit"), "http://hall.lan/complaint"
)


def entry(n: int, text: Name, service: str = "") -> GuideEntry:
    title = Name(f"居民身份证换领补领第{n}项", f"Renew or replace an ID card, part {n}")
    return GuideEntry(
        id=f"g{n}", service=service, title=title, text=text, begins="2020-01-01T00:00:00Z", ends="2099-01-01T00:00:00Z"
    )


def reading(step: AsideFace) -> Kiosk:
    """A hall that has much to read."""
    steps = Name(
        "\n".join(["带上身份证原件和复印件，在取号机上选择业务，听到叫号后到窗口办理手续"] * 9),
        "\n".join(
            ["Bring your ID card and a copy, choose the service at a kiosk and go to the window when called"] * 9
        ),
    )
    fee = Name("每证20元", "CNY 20 each")
    guide = tuple(entry(n, steps) for n in range(1, 9))
    fees = tuple(entry(n, fee, "tax" if n % 2 else "") for n in range(1, 25))
    view = GuideView(rev=1, guide=guide, fees=fees)
    topic = "g3" if step == "topic" else ""
    return informed(home(aside=Aside("k", "zh", time.monotonic(), step, view, topic)))


def informed(kiosk: Kiosk) -> Kiosk:
    return replace(kiosk, board=replace(kiosk.board or demo_board(), info=("guide", "fees"), contacts=CONTACTS))


def late() -> Kiosk:
    return replace(visiting("late"), board=closing(demo_board(), demo_board().services[0].id))


FACES: dict[str, Callable[[], Kiosk]] = {
    "home": home,
    "notices": broken,
    "more": many_services,
    "groups": grouped,
    "stale": lambda: home(link=LinkState.LOST),
    "asking": lambda: visiting("asking"),
    "printing": issued,
    "printed": lambda: issued("printed"),
    "elsewhere": lambda: issued(kiosk="K2"),
    "elsewhere-printed": lambda: issued("printed", kiosk="K2"),
    "unknown": lambda: issued("unconfirmed"),
    "failed": lambda: issued("failed", reason="paper_end"),
    "everything": calling,
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
    "help": lambda: helped("help"),
    "help-told": lambda: helped("help_told"),
    "help-untold": lambda: helped("help_untold"),
    "guide": lambda: reading("guide"),
    "topic": lambda: reading("topic"),
    "fees": lambda: reading("fees"),
    "menu": lambda: reading("menu"),
    "fetching": lambda: reading("fetching"),
    "complaint": lambda: reading("complaint"),
    "complaint-contact": lambda: reading("complaint_contact"),
    "complained": lambda: reading("complained"),
    "uncomplained": lambda: reading("uncomplained"),
    "unread": lambda: reading("unread"),
    "offline": lambda: home(link=LinkState.LOST, cut=True),
    "out-of-service": lambda: home(link=LinkState.REFUSED),
    "late": late,
    "closed": closed,
    "emergency": lambda: home(replace(demo_board(), emergency=Name("请立即离开大厅", "Please leave the hall now"))),
    "loading": lambda: Kiosk(id="K1", since=time.monotonic()),
}

# Everything that leaves the picture or its own box, letters or targets that are too small or too near to each other
# or out of reach, faint letters, anything that scrolls.
FLAWS = """([target, letters, gap, reach]) => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map((n) => n / 255)
      .map((n) => (n <= 0.03928 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    const own = getComputedStyle(element).backgroundColor;
    return own !== "rgba(0, 0, 0, 0)" || !element.parentElement ? own : ground(element.parentElement);
  };
  const contrast = (element) => {
    const [low, high] = [light(getComputedStyle(element).color), light(ground(element))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const flaws = [];
  const zoom = document.documentElement.hasAttribute("data-large") ? 1.35 : 1;
  const unit = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 / zoom;
  const visible = [...document.querySelectorAll("body *")].filter(e => e.checkVisibility() && !e.closest("template"));
  const buttons = visible.filter(e => e.tagName === "BUTTON").map(e => [e, e.getBoundingClientRect()]);
  for (const element of visible) {
    const box = element.getBoundingClientRect(), button = element.closest("button")?.getBoundingClientRect();
    const words = [...element.childNodes].filter(n => n.nodeType === 3).map(n => n.data.trim()).join("");
    if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) {
      flaws.push(`outside: ${element.tagName} ${words}`);
    }
    if (words && contrast(element) < 7 && !element.closest(":disabled")) flaws.push(`faint: ${words}`);
    if (words && parseFloat(getComputedStyle(element).fontSize) / unit < letters - 0.1) flaws.push(`small: ${words}`);
    if (words && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline") {
      flaws.push(`cut: ${words}`);
    }
    const inside = !button || (box.top >= button.top && box.bottom <= button.bottom
      && box.left >= button.left && box.right <= button.right);
    if (words && !inside) {
      flaws.push(`beyond its button: ${words}`);
    }
  }
  for (const [button, box] of buttons) {
    if (box.width / unit < target || box.height / unit < target) flaws.push(`target: ${button.innerText}`);
    if (button.scrollWidth > button.clientWidth + 1 || button.scrollHeight > button.clientHeight + 1) {
      flaws.push(`overfull: ${button.innerText}`);
    }
    if (box.top / unit < reach - 0.5) flaws.push(`out of reach: ${button.innerText}`);
    for (const [other, its] of buttons) {
      const apart = Math.max(its.left - box.right, box.left - its.right, its.top - box.bottom, box.top - its.bottom);
      if (other !== button && apart / unit < gap - 0.1) flaws.push(`near: ${button.innerText}, ${other.innerText}`);
    }
  }
  const section = document.querySelector("main > section:not([hidden])");
  const main = section.closest("main").getBoundingClientRect();
  for (const child of section.children) {
    const box = child.getBoundingClientRect();
    const within = box.top >= main.top - 1 && box.bottom <= main.bottom + 1;
    if (child.checkVisibility() && !within) flaws.push(`overlap: ${child.innerText}`);
  }
  const page = document.documentElement;
  if (page.scrollHeight > innerHeight || page.scrollWidth > innerWidth) flaws.push("scrolls");
  return flaws;
}"""
# Large letters and contrast change nothing at the smaller sizes: these have the same shape.
MODES = (("large", 1080, 1920), ("large", 1920, 1080), ("low", 1080, 1920), ("contrast", 1080, 1920))
PICTURES = (
    "everything",
    "topic",
    "guide",
    "complaint",
    "complaint-contact",
    "notices",
    "late",
    "failed",
    "check-in",
    "help",
    "emergency",
)
BARS = [TARGET_PX, TEXT_PX, GAP_PX, 0]


def longer(text: str) -> str:
    """The text as another language may need it: 1.4 times as long."""
    plain = re.sub(r"\{\w+\}", "", text)
    more = plain[: math.ceil(len(plain) * 0.4)]
    return f"{text} {more[1:].strip()}" if text.isascii() else text + more


def pseudo() -> Phrases:
    known = phrases().texts
    return Phrases({lang: {key: longer(text) for key, text in known[lang].items()} for lang in ("zh", "en")})


def stretched(kiosk: Kiosk) -> Kiosk:
    """The same state in a hall whose own names are that long."""
    if kiosk.board is None:
        return kiosk
    rows = (replace(row, name=Name(longer(row.name.zh), longer(row.name.en))) for row in kiosk.board.services)
    return replace(kiosk, board=replace(kiosk.board, services=tuple(rows)))


def draw(tab: Tab, page: Page, kiosk: Kiosk) -> None:
    """Show a state and wait until the page has drawn exactly that one."""
    page.show(kiosk)
    number, _ = page.screen.get()
    expect(tab.locator("html")).to_have_attribute("data-drawn", str(number))


def flaws(tab: Tab, page: Page, kiosk: Kiosk, bars: Sequence[int], picture: str = "") -> list[str]:
    """Everything that is wrong with a screen in either language."""
    draw(tab, page, kiosk)
    found: list[str] = []
    upright = tab.evaluate("innerHeight > innerWidth")
    for _ in range(2):
        tab.locator("[data-language-switch]").click()
        language = tab.locator("html").get_attribute("data-language")
        if picture and (SOAK or (language == "zh") is upright):  # in CI one language of each shape is enough to look at
            tab.screenshot(path=SCREENS / f"kiosk-{picture}-{language}.png")
        found += [f"{language} {flaw}" for flaw in tab.evaluate(FLAWS, bars)]
    return found
