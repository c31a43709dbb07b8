"""A clerk serves a hall of people with the keyboard alone, before a real server, one press for an ordinary customer."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screens.audit import Complaints
from tests.server.databases import fresh_database
from tests.server.halls import HALL, write_settings
from tests.server.program import Program, free_port
from tests.server.test_materials import LISTS
from tests.soak import rounds

pytestmark = pytest.mark.needs("chromium")

CUSTOMERS = rounds(14, 40)
ORDINARY = CUSTOMERS - 8  # the others come after them
GAP_MS = 10_000  # so long is a call heard out before it is repeated
LABEL, MESSAGE = ".ticket .label", "#message"


@dataclass
class Desk:
    """The clerk's page and fingers: every press is counted, and none may come sooner than a person's."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed.append(key)

    def at_window(self, label: str, primary: str) -> None:
        """Who stands there, what the one button would do, and that the page is ready for the next press."""
        expect(self.page.locator(LABEL)).to_have_text([label] if label else [])
        expect(self.page.locator("[data-primary]")).to_contain_text(primary)
        expect(self.page.locator("body:not(.sending)")).to_be_visible()
        self.page.wait_for_timeout(800)  # until the second half of a double press would be over

    def opened(self, key: str, dialog: str) -> None:
        self.press(key)
        expect(self.page.locator(f"#{dialog}[open]")).to_be_visible()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Program]:
    write_settings(tmp_path, HALL + LISTS)
    fresh_database(tmp_path / "hall.sqlite3")
    running = Program(tmp_path, free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture
def desk(browser: Browser, server: Program) -> Iterator[Desk]:
    server.post("/day/open")
    for _ in range(CUSTOMERS):
        server.post("/tickets", {"service": "id"})
    link = server.post("/links", {"role": "clerk", "subject": "li", "window": "1"})["secret"]
    with browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN") as context:
        complaints = Complaints(context, (server.url,))
        page = context.new_page()
        page.goto(server.url + link)
        page.wait_for_url("**/clerk")
        expect(page.locator("#body:not([inert])")).to_be_visible()
        yield Desk(page)
        assert complaints.said == []


def test_row_2_a_clerk_serves_everybody_by_keyboard_alone(desk: Desk, server: Program) -> None:
    desk.press("Space")
    desk.at_window("A001", "开始办理")
    for number in range(2, ORDINARY + 2):  # one press each: this one is done, the next one is called
        desk.press("x")
        desk.at_window(f"A{number:03}", "开始办理")
    assert desk.pressed == ["Space", *["x"] * ORDINARY]
    double_press_and_undo(desk)
    recall_and_absent(desk)
    set_aside_and_sent_on(desk)
    sent_home_and_pause(desk)
    desk.press("Space")
    desk.at_window(f"A{ORDINARY + 2:03}", "开始办理")  # who had not come has his turn after three others
    for number in range(ORDINARY + 6, CUSTOMERS + 1):
        desk.press("x")
        desk.at_window(f"A{number:03}", "开始办理")
    desk.press("x")
    expect(desk.page.locator(MESSAGE)).to_have_text("当前无人等候。")
    desk.at_window("", "呼叫下一位")
    done = Counter(row["kind"] for row in server.journal() if row["actor"] == "clerk:li")
    once = "Undone Recalled Requeued Held Transferred Started MaterialsMissing".split()
    assert done == {
        "TicketCalled": CUSTOMERS + 2,  # once more after the step taken back, and after the absence
        "TicketFinished": CUSTOMERS - 2 + 1,  # all but who was set aside or sent on; once more before it was taken back
        **{f"Ticket{kind}": 1 for kind in once},
        **{"SlipOwed": 1, "WindowPaused": 1, "WindowResumed": 1},
    }


def double_press_and_undo(desk: Desk) -> None:
    """Two presses are one step, and one key takes it back."""
    desk.press("x", "x", "Space")
    desk.at_window(f"A{ORDINARY + 2:03}", "开始办理")
    desk.press("Control+z")
    desk.at_window(f"A{ORDINARY + 1:03}", "开始办理")
    desk.press("x")
    desk.at_window(f"A{ORDINARY + 2:03}", "开始办理")


def recall_and_absent(desk: Desk) -> None:
    """Called once more when the first call has been heard out, and after that held to be absent."""
    desk.press("r")
    expect(desk.page.locator(MESSAGE)).to_be_visible()  # not yet, and why
    desk.page.wait_for_timeout(GAP_MS)
    desk.press("r")
    expect(desk.page.locator(".stage .count").first).to_contain_text("1")
    desk.page.keyboard.down("n")
    desk.at_window("", "呼叫下一位")
    desk.page.keyboard.up("n")


def set_aside_and_sent_on(desk: Desk) -> None:
    """One fetches a copy meanwhile, one is sent to another service with a word for the colleague there."""
    desk.press("Space")
    desk.at_window(f"A{ORDINARY + 3:03}", "开始办理")
    desk.opened("h", "hold")
    desk.press("Tab", "Tab", "Tab", "Enter")
    desk.at_window("", "呼叫下一位")
    desk.press("Space")
    desk.at_window(f"A{ORDINARY + 4:03}", "开始办理")
    desk.opened("t", "transfer")
    desk.page.keyboard.type("Loans")
    expect(desk.page.locator("#transfer .asset:visible")).to_have_count(1)
    desk.press("Tab", "Tab")
    desk.page.keyboard.type("xrnf 缺一张照片")  # keys are letters here
    desk.press("Enter")
    desk.at_window("", "呼叫下一位")


def sent_home_and_pause(desk: Desk) -> None:
    """One lacks a paper and is told so in writing; then somebody stands in, and the list of keys is looked at."""
    desk.press("Space")
    desk.at_window(f"A{ORDINARY + 5:03}", "开始办理")
    desk.press("Space")
    desk.at_window(f"A{ORDINARY + 5:03}", "办理完成")
    desk.opened("m", "missing")
    desk.press("Tab", "Space", "Enter")
    desk.at_window("", "呼叫下一位")
    desk.opened("p", "pause")
    desk.press("Tab")
    desk.page.keyboard.type("周敏 2")  # a digit in a name chooses no reason
    desk.press("Tab", "Tab", "Enter")
    expect(desk.page.locator(".work")).to_contain_text("原因：用餐")
    desk.at_window("", "恢复")
    desk.press("p")
    desk.at_window("", "呼叫下一位")
    desk.opened("?", "keys")
    desk.press("x", "f", "Escape")
    desk.at_window("", "呼叫下一位")
