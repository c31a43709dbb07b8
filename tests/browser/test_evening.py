"""A hand-over and an evening in a real browser, before a real server: who has to read, who may close, who signs."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from hall_server.contract import (
    DayView,
    EveningRow,
    HandoverRow,
    LeaveRow,
    ServiceDay,
    SpanRow,
    WindowDay,
)
from tests.browser.console_hall import SCREENS, ConsoleHall
from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import Program, free_port
from tests.web.hall import RESIDENCE, TAX, at
from tests.web.values import SIGN

pytestmark = pytest.mark.needs("chromium")

DAY = "2026-11-21/1"
LEFT = HandoverRow(
    window="3", by="clerk:li", at=at(30), note="复印机卡纸", to="xu", tickets=("B009",), faults=("复印机",),
    served=31, waiting=4,
)  # fmt: skip
BUSY = DayView(
    rev=1, at=at(0), day=DAY, open=True, hours=(SpanRow(opens=at(300), closes=at(-10)),), closes=at(-10), here=7,
    ends_at=at(-35), overtime_s=0,
    services=(
        ServiceDay(service="residence", name=RESIDENCE, hours=(), waiting=6, last_at=at(5)),
        ServiceDay(service="tax", name=TAX, hours=(), waiting=1, stopped=True),
    ),
    windows=(
        WindowDay(window="1", clerk="clerk:li", duty=True),
        WindowDay(window="2", clerk="clerk:wu", until=at(-10), minutes=10),
        WindowDay(window="3", asks=LeaveRow(window="3", by="clerk:xu", at=at(2), reason="meal", cover="Zhou")),
        WindowDay(window="4", uncovered=True, idle_since=at(9)),
    ),
    handovers=(LEFT,),
)  # fmt: skip
OVER = BUSY.model_copy(
    update={
        "open": False, "here": 0, "overtime_s": 540,
        "handovers": (LEFT.model_copy(update={"signed_by": "clerk:xu", "signed_at": at(1)}),),
        "evening": (
            EveningRow(device="sign3", name=SIGN.name, kind="sign", place="window", at="3", state="on"),
            EveningRow(device="printer1", name=RESIDENCE, kind="printer", place="kiosk", at="K1", state="off"),
            EveningRow(device="tv1", name=TAX, kind="tv", place="hall", at="", state="unknown"),
        ),
    }
)  # fmt: skip


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("name", "view"), [("open", BUSY), ("over", OVER)])
def test_the_day_stands_on_one_page_in_both_languages(
    desk: Callable[..., Page], hall: ConsoleHall, name: str, view: DayView, lang: str
) -> None:
    hall.pages.day_view = view
    page = desk("manager", "/floor/day", lang=lang)
    expect(page.locator(".desks > li")).to_have_count(4)
    page.screenshot(path=SCREENS / f"day-{name}-{lang}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    untranslated = re.findall(r"\b(?:day|clerk|js|maint)\.[a-z_.]+", page.locator("main").inner_text())
    assert untranslated == []


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    home = tmp_path_factory.mktemp("hall")
    write_settings(home, HALL)
    fresh_database(home / "hall.sqlite3")
    program = Program(home, free_port())
    program.start()
    yield program
    program.stop()


@pytest.fixture
def sign_in(browser: Browser, server: Program) -> Iterator[Callable[..., Page]]:
    """Opens a console by a sign-in link, as people do."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(role: str, name: str, window: str | None = None, path: str = "") -> Page:
        link = server.post("/links", {"role": role, "subject": name, "window": window})["secret"]
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(server.url + link)
        expect(page.locator("#body")).to_be_visible()
        if path:
            page.goto(server.url + path)
        expect(page.locator("#body[inert]")).to_have_count(0)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def one_waits(server: Program) -> None:
    """A fresh day on which one customer waits."""
    server.ask("POST", "/api/v1/day/close", {"despite": "another test begins"}, token=server.admin)
    server.post("/day/open", {})
    server.post("/tickets", {"service": "id"})


def test_W7_who_comes_next_reads_what_was_left_before_the_first_call(
    server: Program, sign_in: Callable[..., Page]
) -> None:
    one_waits(server)
    li = sign_in("clerk", "li", "1")
    li.keyboard.press("o")
    li.locator("#handover [name=note]").fill("forms ran out")
    li.locator("#handover [name=to]").fill("xu")
    li.locator("#handover [type=submit]").click()
    expect(li.locator("#message")).to_have_text("Done.")
    expect(li.locator("[data-sign-handover]")).to_have_count(0)  # nobody signs what they wrote
    li.locator("header form button, header button").last.click()

    xu = sign_in("clerk", "xu", "1")
    expect(xu.locator(".banner")).to_contain_text("forms ran out")
    xu.screenshot(path=SCREENS / "clerk-handover-en.png")
    xu.locator("[data-primary]").click()
    expect(xu.locator("#message")).to_contain_text("hand-over")
    expect(xu.locator(".work .label")).to_have_count(0)
    xu.locator("[data-sign-handover]").click()
    expect(xu.locator("[data-sign-handover]")).to_have_count(0)
    xu.reload()  # a key pressed twice within a breath counts once, and nobody waits for that here
    xu.locator("#body:not([inert]) [data-primary]").click()
    expect(xu.locator(".work .label")).to_have_text("A001")
    wang = sign_in("manager", "wang", path="/floor/day")
    expect(wang.locator(".said", has_text="forms ran out").locator(".chip")).to_contain_text("xu")


def test_W5_W6_a_window_drains_and_is_kept_open_and_the_day_closes_over_nobody_without_a_reason(
    server: Program, sign_in: Callable[..., Page]
) -> None:
    one_waits(server)
    page = sign_in("manager", "wang", path="/floor/day")
    window = page.locator('[data-desk="2"]')
    window.locator('[data-send$="/drain"] button').click()
    expect(window.locator('[data-send$="/reopen"]')).to_be_visible()
    window.locator('[data-send$="/reopen"] button').click()
    expect(window.locator('[data-send$="/drain"]')).to_be_visible()
    window.locator('[data-send$="/substitute"] [name=service]').select_option("loans")
    window.locator('[data-send$="/substitute"] button').click()
    expect(window.locator(".what")).to_contain_text("Loans")

    closing = page.locator('[data-send="/api/v1/day/close"]')
    closing.locator("button").click()
    expect(page.locator("#message")).to_contain_text("still to be served")
    closing.locator("[name=despite]").fill("the power goes off")
    closing.locator("button").click()
    signing = page.locator('[data-send="/api/v1/day/sign-off"]')
    expect(signing).to_be_visible()
    assert server.ask("POST", "/api/v1/day/close", {}, token=server.admin)[1]["code"] == "day_closed"
    expect(closing).to_have_count(0)
    expect(window.locator("form")).to_have_count(0)  # a closed hall drains nothing and reopens nothing
    signing.locator("[name=note]").fill("lights out")
    signing.locator("button").click()
    expect(page.locator(".verdict.ready")).to_contain_text("lights out")
    expect(page.locator(".verdict.ready")).to_contain_text("wang")
    expect(signing).to_have_count(0)
