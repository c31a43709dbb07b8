"""A window loses its sign, then itself: where its customers go, in what order, who tells them, and how it ends."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from drivers.sim.bus import SimBus
from drivers.sim.signs import A090Board
from tests.e2e.cabled import cabled
from tests.e2e.hall import until
from tests.found import headless
from tests.server.program import Program

pytestmark = pytest.mark.needs("chromium")

PATIENCE_MS = 60_000  # a slow machine may take its time
RECOVER_S = 1.0  # a hall waits half a minute before it trusts a sign again
BOARD = 128
HALL = """
[hall]
zh = "三窗大厅"
en = "Hall of three windows"

[limits]
issue_every_s = 0
issue_burst = 1000

[redirect]
sign = "cover"

[[service]]
id = "id"
prefix = "A"
zh = "身份证"
en = "ID card"

[[device]]
id = "tv1"
kind = "tv"
zh = "大屏"
en = "Hall TV"

[[device]]
id = "scanner2"
kind = "asset"
zh = "2号窗口高拍仪"
en = "Document scanner of window 2"
window = "2"

[[device]]
id = "board1"
kind = "sign"
zh = "综合屏"
en = "Board over the seats"
lines = 3
columns = 16
url = "{url}#128"
"""
WINDOW = """
[[window]]
id = "{n}"
services = ["id"]

[[device]]
id = "sign{n}"
kind = "sign"
zh = "{n}号屏"
en = "Sign {n}"
window = "{n}"
url = "{url}#{n}"
"""


@pytest.fixture
def line() -> Iterator[SimBus]:
    boards = {address: A090Board() for address in (1, 2, 3, BOARD)}
    bus = SimBus(boards=boards)
    bus.start()
    yield bus
    bus.stop()


@pytest.fixture
def hall(line: SimBus, tmp_path: Path) -> Iterator[Program]:
    """The server of that hall, its day open, and a station that has the line."""
    url = line.url(1).partition("#")[0]
    settings = HALL.format(url=url) + "".join(WINDOW.format(n=n, url=url) for n in "123")
    with cabled(tmp_path, settings, tmp_path / "station", RECOVER_S) as server:
        yield server


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        engine = playwright.chromium.launch(executable_path=headless(), args=["--no-sandbox"])
        opened = engine.new_context(viewport={"width": 1366, "height": 768}, locale="en-US").new_page()
        opened.set_default_timeout(PATIENCE_MS)
        expect.set_options(timeout=PATIENCE_MS)
        yield opened
        engine.close()


def enter(page: Page, hall: Program, role: str, window: str | None = None) -> Page:
    """A console of its own, signed in."""
    assert page.context.browser is not None
    console = page.context.browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US").new_page()
    made = hall.post("/links", {"role": role, "subject": f"{role}{window or ''}", "window": window})
    console.goto(hall.url + made["secret"])
    console.wait_for_url(lambda url: "login" not in url)
    return console


def said(line: SimBus, address: int) -> str:
    return next(str(sign["text"]) for sign in line.state() if sign["address"] == address)


def window(hall: Program, name: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = hall.ask("GET", "/api/v1/board")[1]["windows"]
    return next(row for row in rows if row["id"] == name)


def call(hall: Program, name: str, **body: str) -> str:
    return str(hall.post(f"/windows/{name}/next", body)["label"])


def test_a_window_loses_its_sign_and_then_itself(hall: Program, line: SimBus, page: Page) -> None:
    tickets = [hall.post("/tickets", {"service": "id"}) for _ in range(4)]
    assert [call(hall, "1"), call(hall, "2")] == ["A001", "A002"]
    until(lambda: said(line, 2) == "请A002号", "the sign calls")
    page.goto(f"{hall.url}/tv")

    # The sign dies: the window goes on calling, the TV and the signs beside it stand in.
    line.set_fault("off", True, 2)
    ticker = page.locator("#ticker")
    expect(ticker).to_contain_text("Window 2 is under repair: please watch this screen and listen")
    until(lambda: said(line, 3) == "2看大屏", "the sign beside it says where to look")
    assert (window(hall, "2")["state"], window(hall, "2")["label"]) == ("called", "A002")

    # Then the scanner: its clerk reads what that does to whom, and says so.
    clerk = enter(page, hall, "clerk", "2")
    clerk.keyboard.press("d")
    clerk.locator('#fault input[value="scanner2"]').check()
    expect(clerk.locator("#fault .effect")).to_contain_text("A002")
    clerk.locator("#fault [name=note]").fill("lamp is dark")
    clerk.locator("#fault [type=submit]").click()
    expect(page.locator(".hero")).to_contain_text("A002")
    until(lambda: window(hall, "3")["label"] == "A002", "who was called there is called next door")
    until(lambda: said(line, 3) == "请A002号", "and the sign there says so")
    assert (window(hall, "2")["state"], window(hall, "2")["to"]) == ("redirected", ["1", "3"])
    row = page.locator(".win").nth(1)
    expect(row).to_contain_text("To 1")
    hall.post("/windows/1/start")
    hall.post("/windows/1/finish")
    until(lambda: said(line, 1) == "2号到1号", "a sign that is free says where to go")
    assert said(line, BOARD) == f"{'A002 请到3号窗口'}{'A001 请到1号窗口'}2号请到1号"
    electrician = enter(page, hall, "maintenance")
    expect(electrician.locator('li[data-window="2"]')).to_contain_text("of waiting")
    customer = electrician.context.new_page()
    customer.goto(f"{tickets[2]['url']}?lang=en")
    expect(customer.locator(".notice")).to_have_text("Window 2 is under repair: its numbers are called at window 1")

    # Who waits is called in the order of the tickets.
    assert [call(hall, "1"), call(hall, "3", previous="served")] == ["A003", "A004"]

    _is_repaired(hall, line, electrician)
    expect(row).to_contain_text("Ready")
    expect(ticker).not_to_contain_text("under repair")
    assert {window(hall, name)["label"] for name in "13"} == {"A003", "A004"}, "who has gone elsewhere stays there"
    hall.post("/tickets", {"service": "id"})
    assert call(hall, "2") == "A005"
    customer.reload()
    expect(customer.locator(".notice")).to_have_count(0)

    _is_told(electrician)


def _repairs(hall: Program) -> set[str]:
    devices = hall.ask("GET", "/api/v1/devices", token=hall.admin)[1]["devices"]
    return {row["id"] for row in devices if row["repair"]}


def _is_repaired(hall: Program, line: SimBus, electrician: Page) -> None:
    """The sign comes back by itself; the window waits for whoever tries the scanner."""
    line.set_fault("off", False, 2)
    until(lambda: _repairs(hall) == {"scanner2"}, "the sign's repair has proved itself")
    assert (window(hall, "2")["state"], window(hall, "2")["reason"]) == ("redirected", "declared")
    until(lambda: said(line, 2) in ("设备故障", "请到1号"), "the sign says where to go")
    electrician.goto(f"{hall.url}/maintenance/devices/scanner2")
    electrician.locator('[data-verb="verify"]').click()
    electrician.locator("#ask [data-confirm]").click()
    until(lambda: window(hall, "2")["state"] == "idle", "the window is back")


def _is_told(electrician: Page) -> None:
    """The log of the scanner says what was done about it, step by step."""
    log = electrician.locator(".log tbody tr")
    electrician.reload()
    expect(log.first).to_be_visible()
    assert [" ".join(row.locator("td").all_inner_texts()[1:3]) for row in reversed(log.all())] == [
        "Repair opened declared · lamp is dark",
        "Fault reported lamp is dark",
        "Window redirected 2 · declared",
        "Ticket sent to another window A002 2 → 3",
        "Repair verified person",
        "Window calls again 2",
    ]
