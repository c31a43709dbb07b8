"""The display of a window in a browser: every state at its size, the question and its answers, a lost server."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from display.board import Board, Display, Name, Notice, Question, WindowRow
from tests.browser.console_hall import SCREENS
from tests.browser.hall_with_a_tablet import WINDOW, TabletHall
from tests.browser.screens.audit import Complaints, cut, violations, wider
from tests.display.boards import hall, iso
from tests.server.halls import HALL
from tests.server.opened import open_hall
from tests.server.program import Program
from tests.server.test_tablet import TABLET
from tests.web.hall import CSRF

pytestmark = pytest.mark.needs("chromium")

MM_A_PX = 0.17  # of such a tablet: ten inches, 1280 pixels
FINGER_MM = 25
TALLER = "document.documentElement.scrollHeight - innerHeight"
SMALL = """() => [...document.querySelectorAll("button")].filter((one) => one.checkVisibility())
  .map((one) => one.getBoundingClientRect()).flatMap((box) => [box.width, box.height])"""


def now() -> datetime:
    return datetime.now(UTC)


def board(asks: Question | None = None, **row: object) -> Board:
    """A hall whose window 3 is like that."""
    rows = {one.id: one for one in hall(windows=8, now=now()).windows}
    rows[WINDOW] = replace(WindowRow(WINDOW, "idle"), **row)  # type: ignore[arg-type]
    display = Display(WINDOW, "017", asks)
    return replace(hall(windows=8, now=now()), windows=tuple(rows.values()), notices=(), displays=(display,))


def asked(label: str = "A027", seconds_ago: float = 0) -> Question:
    return Question(label, iso(now() - timedelta(seconds=seconds_ago)))


def shown(wanted: Board) -> Callable[[Board], Board]:
    return lambda old: replace(wanted, epoch=old.epoch, rev=old.rev, build=old.build)


@pytest.fixture
def served() -> Iterator[TabletHall]:
    server = TabletHall(board(state="called", label="A027", since=iso(now())))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(browser: Browser, served: TabletHall) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce") as context:
        complaints = Complaints(context, (served.url,))
        page = context.new_page()
        page.goto(f"{served.url}/tablet/{WINDOW}")
        expect(page.locator("body[data-state=live]")).to_be_attached()
        yield page
        assert complaints.said == []


BROKEN = Notice("r", "window", WINDOW, "sign-3", "sign", Name("显示屏", "Sign"), "no_ack", iso(now()))
STATES: dict[str, tuple[Callable[[], Board], str]] = {
    "called": (lambda: board(state="called", label="A027", since=iso(now())), "A027 请到本窗口办理"),
    "called-long": (lambda: board(state="called", label="AB1027", since=iso(now())), "AB1027"),
    "serving": (lambda: board(state="serving", label="A027", since=iso(now())), "正在办理 Being served"),
    "draining": (
        lambda: board(state="serving", label="A027", until=iso(now() + timedelta(minutes=12, seconds=30))),
        "还有13分钟",
    ),
    "empty": (board, "欢迎光临 Welcome"),
    "paused": (lambda: board(state="paused", to=("5", "6")), "暂停服务 请到5、6号窗口"),
    "paused-nowhere": (lambda: board(state="paused"), "请听工作人员安排"),
    "redirected": (lambda: board(state="redirected", to=("5",), reason="no_ack"), "设备故障 请到5号窗口"),
    "closing": (lambda: board(until=iso(now() - timedelta(minutes=1)), to=("5",)), "暂停服务"),
    "fault": (
        lambda: replace(board(state="called", label="A027", since=iso(now())), notices=(BROKEN,)),
        "3号窗口设备维修",
    ),
    "emergency": (
        lambda: replace(board(), emergency=Name("请立即从最近的出口离开", "Leave now by the nearest exit")),
        "请立即从最近的出口离开",
    ),
    "faces": (lambda: board(asks=asked()), "您对本次服务满意吗 非常满意 非常不满意"),
    "faces-and-a-call": (lambda: board(state="called", label="A028", asks=asked()), "A028 请到本窗口办理 非常满意"),
}  # fmt: skip


def test_each_state_is_read_from_afar_and_by_everybody(page: Page, served: TabletHall) -> None:
    found = {}
    for name, (made, texts) in STATES.items():
        served.push(shown(made()))
        for text in texts.split():
            expect(page.locator(f"body :text('{text}'):visible").first).to_be_visible()
        page.screenshot(path=SCREENS / f"tablet-{name}.png")
        found[name] = violations(page), cut(page), wider(page), page.evaluate(TALLER)
    assert found == {name: ([], [], 0, 0) for name in STATES}


def test_a_closed_hall_leaves_the_display_dark(page: Page, served: TabletHall) -> None:
    served.push(shown(replace(board(), open=False, hero=None, windows=(WindowRow(WINDOW, "idle"),))))
    expect(page.locator(".night")).to_be_visible()
    page.screenshot(path=SCREENS / "tablet-night.png")


def test_a_number_can_be_read_from_five_metres_and_a_face_is_as_wide_as_a_thumb(page: Page, served: TabletHall) -> None:
    size = page.locator(".label").evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
    assert size * MM_A_PX * 0.668 >= 5 * 5, "5 mm of capital letter for each metre"
    served.push(shown(board(asks=asked())))
    expect(page.locator("[data-level='5']")).to_be_visible()
    assert min(page.evaluate(SMALL)) * MM_A_PX >= FINGER_MM
    page.locator("[data-level='1']").click()
    expect(page.locator("[data-reason=wait]")).to_be_visible()
    assert min(page.evaluate(SMALL)) * MM_A_PX >= FINGER_MM
    page.screenshot(path=SCREENS / "tablet-reasons.png")
    assert (violations(page), cut(page), page.evaluate(TALLER)) == ([], [], 0)


def test_a_good_word_is_one_press_and_is_told_until_somebody_has_heard_it(page: Page, served: TabletHall) -> None:
    served.statuses = [503]
    served.push(shown(board(asks=asked())))
    page.locator("[data-level='4']").click()
    expect(page.locator(".thanks")).to_be_visible()
    page.screenshot(path=SCREENS / "tablet-thanks.png")
    (key, csrf, said), again = served.answers
    assert again == (key, csrf, said)
    assert (csrf, said) == (CSRF, {"label": "A027", "level": 4})
    expect(page.locator("body[data-asking='']")).to_be_attached()
    expect(page.locator(".word")).to_contain_text("欢迎光临")


def test_a_bad_word_is_asked_why_and_silence_then_keeps_what_was_said(page: Page, served: TabletHall) -> None:
    served.push(shown(board(asks=asked())))
    page.locator("[data-level='2']").click()
    page.locator("[data-reason=unclear]").click()
    served.wait_for(lambda: served.answers)
    served.push(shown(board(asks=asked("A028"))))
    expect(page.locator("[data-level='1']")).to_be_visible()
    page.locator("[data-level='1']").click()
    served.wait_for(lambda: len(served.answers) == 2, limit_s=30)
    assert [said for _, _, said in served.answers] == [
        {"label": "A027", "level": 2, "reason": "unclear"}, {"label": "A028", "level": 1},
    ]  # fmt: skip


def test_what_cannot_be_kept_is_said_and_who_is_refused_is_not_asked_again(page: Page, served: TabletHall) -> None:
    served.statuses = [409]
    served.push(shown(board(asks=asked())))
    page.locator("[data-level='5']").click()
    expect(page.locator(".failed")).to_be_visible()
    page.screenshot(path=SCREENS / "tablet-failed.png")
    expect(page.locator("body[data-asking='']")).to_be_attached()
    assert len(served.answers) == 1


def test_silence_and_a_question_from_before_ask_nobody(page: Page, served: TabletHall) -> None:
    served.push(shown(board(asks=asked(seconds_ago=18))))
    expect(page.locator("[data-level='5']")).to_be_visible()
    expect(page.locator("body[data-asking='']")).to_be_attached()
    served.push(shown(board(state="called", label="A028", asks=asked(seconds_ago=25))))
    expect(page.locator(".label")).to_have_text("A028")
    expect(page.locator("body[data-asking='']")).to_be_attached()
    assert served.answers == []


def test_whoever_is_not_signed_in_for_the_window_sees_it_and_asks_nobody(browser: Browser, served: TabletHall) -> None:
    served.principal = None
    served.board = replace(board(state="called", label="A027", asks=asked()), rev=7)
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        page = context.new_page()
        page.goto(f"{served.url}/tablet/{WINDOW}")
        expect(page.locator(".label")).to_have_text("A027")
        expect(page.locator("body[data-asking='']")).to_be_attached()
        assert page.request.get(f"{served.url}/tablet/99").status == 404


def test_a_frozen_server_is_said_an_old_number_goes_and_a_question_is_not_asked_meanwhile(
    page: Page, served: TabletHall
) -> None:
    page.clock.install()
    served.push(shown(board(state="called", label="A027", since=iso(now()))))
    served.beating = False
    page.clock.run_for(7000)
    expect(page.locator("body[data-state=stale]")).to_be_attached()
    expect(page.locator(".head .stale")).to_contain_text("显示暂停更新")
    expect(page.locator(".label")).to_have_text("A027")
    page.screenshot(path=SCREENS / "tablet-stale.png")
    assert (violations(page), cut(page)) == ([], [])
    page.clock.fast_forward(301_000)
    page.clock.run_for(1000)
    expect(page.locator("body[data-state=blank]")).to_be_attached()
    expect(page.locator(".label")).to_be_hidden()
    expect(page.locator(".window strong")).to_have_text(WINDOW)
    page.screenshot(path=SCREENS / "tablet-offline.png")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    with open_hall(tmp_path, HALL + TABLET) as running:
        yield running


def signed_in(browser: Browser, server: Program, role: str, name: str, window: str | None = None) -> Page:
    link = server.post("/links", {"role": role, "subject": name, "window": window})["secret"]
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en").new_page()
    page.goto(server.url + link)
    return page


def test_a_customer_is_called_served_and_asked_and_the_manager_reads_the_answer(
    browser: Browser, program: Program
) -> None:
    display = signed_in(browser, program, "tv", "tablet1", "1")
    expect(display.locator(".word")).to_contain_text("欢迎光临")
    label = program.post("/tickets", {"service": "id"})["label"]
    program.post("/windows/1/next")
    expect(display.locator("body[data-look=call] .label")).to_have_text(label)
    program.post("/windows/1/finish")
    display.locator("[data-level='3']").click()
    expect(display.locator(".thanks")).to_be_visible()
    manager = signed_in(browser, program, "manager", "wang")
    expect(manager.locator("#body")).to_be_attached()
    manager.goto(f"{program.url}/floor/ratings")
    expect(manager.locator("tbody tr").first.locator("td")).to_have_text(["1", "1", "1", *["–"] * 7])
    for page in (display, manager):
        page.context.close()


def test_before_the_hall_answers_only_the_windows_number_is_there(browser: Browser, served: TabletHall) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 800}, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served.url}/tablet/{WINDOW}")
        expect(page.locator(".window strong")).to_have_text(WINDOW)
        expect(page.locator(".label")).to_be_hidden()
        page.screenshot(path=SCREENS / "tablet-loading.png")
