"""The consoles in a real browser: keys, double presses, dialogs, silence of the server, and what they look like."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_hall import LIMIT_S, SCREENS, ConsoleHall, wait_for
from tests.web.hall import called_view, clerk_view, redirected_view, serving_view

pytestmark = pytest.mark.needs("chromium")

CLERK, PRIMARY, LABEL = "/clerk", "[data-primary]", ".ticket .label"


def settle(page: Page) -> None:
    """Until the second half of a double press would be over."""
    page.wait_for_timeout(800)


def test_the_space_bar_calls_starts_and_finishes(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK)
    for shown, label in (("开始办理", "A027"), ("办理完成", "A027"), ("呼叫下一位", None)):
        page.keyboard.press("Space")
        expect(page.locator(PRIMARY)).to_contain_text(shown)
        expect(page.locator(LABEL)).to_have_text([label] if label else [])
        settle(page)
    assert hall.done == ["windows/3/next", "windows/3/start", "windows/3/finish"]
    assert len({asked.key for asked in hall.asked}) == 3
    assert {asked.csrf for asked in hall.asked} == {"csrf-of-this-session"}


def test_two_quick_presses_call_one_person_and_do_not_start_the_next_step(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("clerk", CLERK)
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    page.keyboard.press("F9")
    expect(page.locator(LABEL)).to_have_text("A027")
    settle(page)
    assert hall.done == ["windows/3/next"]


def test_while_an_answer_is_awaited_nothing_else_can_be_pressed(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK)
    hall.show(called_view())
    hall.announce()
    expect(page.locator(LABEL)).to_have_text("A027")
    hall.gate.clear()
    page.keyboard.press("r")
    expect(page.locator(PRIMARY)).to_be_disabled()
    for key in ("Space", "r", "x"):
        page.keyboard.press(key)
    hall.gate.set()
    expect(page.locator(PRIMARY)).to_be_enabled()
    assert [asked.path for asked in hall.asked] == ["windows/3/recall"]


def test_a_command_without_an_answer_is_repeated_under_the_same_key(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("clerk", CLERK)
    hall.lost_answers, hall.silent_change = 1, True
    page.keyboard.press("Space")
    expect(page.locator("#message")).to_contain_text("不会多叫一位")
    settle(page)
    page.keyboard.press("Space")
    wait_for(lambda: len(hall.asked) == 2)
    assert hall.asked[0] == hall.asked[1]
    assert hall.done == ["windows/3/next"]


def test_a_tap_on_absent_asks_and_holding_it_insists(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    hall.show(called_view())
    page = desk("clerk", CLERK)
    hall.refusal = "recalls_needed"
    page.keyboard.press("n")
    expect(page.locator("#message")).to_contain_text("请先重呼两次")
    hall.refusal = None
    expect(page.locator('[data-verb="absent"]')).to_be_enabled()  # what the refusal left fresh stands
    page.keyboard.down("n")
    expect(page.locator('[data-verb="absent"][data-holding]')).to_be_visible()
    expect(page.locator(LABEL)).to_have_count(0)
    page.keyboard.up("n")
    settle(page)
    assert [(asked.path, asked.body) for asked in hall.asked] == [
        ("windows/3/absent", {}),
        ("windows/3/absent", {"force": True}),
    ]


def test_one_press_finishes_a_customer_and_calls_the_next_and_a_second_half_of_it_does_nothing(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    hall.show(called_view())
    page = desk("clerk", CLERK)
    expect(page.locator('[data-verb="next"]')).to_contain_text("办完并叫下一位")
    hall.gate.clear()
    page.keyboard.press("x")
    wait_for(lambda: hall.asked)
    hall.gate.set()
    expect(page.locator(PRIMARY)).to_be_enabled()
    page.keyboard.press("x")  # again, because the answer was slow
    settle(page)
    assert [(asked.path, asked.body) for asked in hall.asked] == [("windows/3/next", {"previous": "served"})]


def test_one_key_pauses_with_a_reason_and_resumes(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK)
    page.keyboard.press("p")
    expect(page.locator("#pause")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator(".work")).to_contain_text("原因：用餐")
    settle(page)
    page.keyboard.press("p")
    expect(page.locator(".work")).to_contain_text("可以叫下一位")
    settle(page)
    page.keyboard.press("p")
    page.locator('[data-pause="work"]').click()
    settle(page)
    page.keyboard.press("Space")
    wait_for(lambda: len(hall.asked) == 4)
    assert [(asked.path, asked.body) for asked in hall.asked] == [
        ("windows/3/pause", {"reason": "meal", "cover": ""}),
        ("windows/3/resume", {}),
        ("windows/3/pause", {"reason": "work", "cover": ""}),
        ("windows/3/resume", {}),
    ]


def test_a_number_is_called_and_asks_about_the_customer_before(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK)
    hall.refusal = "previous_needed"
    page.keyboard.press("l")
    page.locator("#call [name=reason]").fill("has a train")
    page.locator("#call [name=label]").fill("a29 x")
    page.keyboard.press("Enter")  # no number at all: the field says so
    expect(page.locator("#call")).to_be_visible()
    page.locator("#call [name=label]").fill("A029")
    hall.pages.view = called_view(rev=999)
    page.keyboard.press("Enter")
    expect(page.locator("#previous")).to_be_visible()
    hall.refusal = None
    page.keyboard.press("1")
    wait_for(lambda: len(hall.asked) == 2)
    assert [(asked.path, asked.body) for asked in hall.asked] == [
        ("windows/3/call", {"label": "A029", "reason": "has a train"}),
        ("windows/3/call", {"label": "A029", "reason": "has a train", "previous": "served"}),
    ]


def test_the_server_asks_what_became_of_a_customer_whom_the_page_did_not_know(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("clerk", CLERK)
    hall.refusal = "previous_needed"
    hall.pages.view = called_view(rev=999)  # called from the wired pad a moment ago
    page.keyboard.press("Space")
    expect(page.locator("#previous")).to_be_visible()
    page.keyboard.press("Space")  # a clerk in a hurry: this must not be taken for a choice
    hall.refusal = None
    page.keyboard.press("2")
    wait_for(lambda: len(hall.asked) == 2)
    assert [asked.body for asked in hall.asked] == [{}, {"previous": "absent"}]


def test_a_refusal_is_said_in_words_beside_the_fresh_state(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK, lang="en")
    hall.refusal = "window_redirected"
    hall.pages.view = redirected_view(rev=999)
    page.keyboard.press("Space")
    expect(page.locator("#message")).to_have_text(
        "Customers of this window are sent elsewhere, so nobody can be called here."
    )
    expect(page.locator(".banner")).to_contain_text("window 5, 1")
    expect(page.locator(PRIMARY)).to_be_disabled()


def test_nobody_waiting_is_said(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    hall.nobody = True
    page = desk("clerk", CLERK)
    page.keyboard.press("Space")
    expect(page.locator("#message")).to_have_text("当前无人等候。")


def test_a_device_fault_is_reported_by_keyboard_alone(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK)
    page.keyboard.press("d")
    page.locator("#fault input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("no ndrf")  # letters of shortcuts and blanks are text here
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_have_text("已报修。")
    assert [(asked.path, asked.body) for asked in hall.asked] == [("devices/sign-3/fault", {"note": "no ndrf"})]


def test_keys_do_nothing_behind_a_dialog(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    for key in ("F9", "f", "x", "d"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    settle(page)
    assert hall.asked == []


def test_a_cut_line_is_said_and_stops_the_buttons_until_it_is_back(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("clerk", CLERK)
    hall.hang_up()
    expect(page.locator("#stale")).to_contain_text(re.compile("与服务器断开.*已断开 0:0[1-9]"), timeout=LIMIT_S * 1000)
    expect(page.locator(PRIMARY)).to_be_disabled()
    page.screenshot(path=SCREENS / "clerk-stale.png")
    page.keyboard.press("Space")
    hall.show(serving_view())
    hall.reachable = True
    expect(page.locator("#stale")).to_be_hidden(timeout=LIMIT_S * 1000)
    expect(page.locator(PRIMARY)).to_contain_text("办理完成")
    expect(page.locator(PRIMARY)).to_be_enabled()
    assert hall.asked == []


def test_a_console_goes_on_after_a_restart_that_changed_its_token(desk: Callable[..., Page], hall: ConsoleHall) -> None:
    page = desk("clerk", CLERK)
    hall.hang_up()
    expect(page.locator("#stale")).to_be_visible(timeout=LIMIT_S * 1000)
    hall.pages.csrf = "token-of-the-new-process"
    hall.reachable = True
    expect(page.locator("#stale")).to_be_hidden(timeout=LIMIT_S * 1000)
    expect(page.locator("meta[name=csrf]")).to_have_attribute("content", hall.pages.csrf)
    page.keyboard.press("Space")
    expect(page.locator(LABEL)).to_have_text("A027")
    assert hall.done == ["windows/3/next"]


def test_maintenance_accepts_a_repair_with_a_time_and_brings_a_window_back(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    rows = [row.model_copy(update={"by_hand": row.state == "redirected"}) for row in hall.pages.floor_view.windows]
    hall.pages.floor_view = hall.pages.floor_view.model_copy(update={"windows": tuple(rows)})
    page = desk("maintenance", "/maintenance")
    page.locator('.fault[data-device="printer-1"] button', has_text="接单").click()
    page.locator("[name=expected]").fill("2026-11-21T11:30")
    page.locator("#ask [name=note]").fill("roll on its way")
    page.locator("#ask [type=submit]").click()
    expect(page.locator("#message")).to_have_text("已完成。")
    page.locator('.windows [data-window="3"] button').click()
    expect(page.locator("[name=expected]")).to_be_hidden()
    page.locator("#ask [type=submit]").click()
    wait_for(lambda: len(hall.asked) == 2)
    when = page.evaluate("new Date('2026-11-21T11:30').toISOString()")
    assert [(asked.path, asked.body) for asked in hall.asked] == [
        ("devices/printer-1/repair", {"state": "accepted", "note": "roll on its way", "expected": when}),
        ("windows/3/redirect", {"undo": True, "reason": ""}),
    ]


def test_a_change_elsewhere_is_drawn_without_a_reload_and_keeps_the_place(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    page = desk("manager", "/floor")
    hall.pages.floor_view = hall.pages.floor_view.model_copy(update={"waiting": 18})
    hall.show(clerk_view())
    hall.announce()
    expect(page.locator(".kpis b").first).to_have_text("18")


def test_a_sign_in_link_signs_in_once_and_leaves_no_code_in_the_address(browser: Browser, hall: ConsoleHall) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{hall.url}/login#once")
        page.wait_for_url(f"{hall.url}/clerk")
        assert {cookie["name"]: cookie["httpOnly"] for cookie in context.cookies()} == {"hallcall": True}
    with browser.new_context(locale="zh-CN") as context:
        page = context.new_page()
        page.goto(f"{hall.url}/login#once")
        expect(page.locator('[data-step="refused"]')).to_be_visible()
        assert page.url == f"{hall.url}/login"


def test_C10_a_complaint_is_written_down_by_key_and_nothing_typed_is_lost(
    desk: Callable[..., Page], hall: ConsoleHall
) -> None:
    hall.pages.view = called_view()
    page = desk("clerk", CLERK)
    page.keyboard.press("c")
    expect(page.locator("#complaint [name=label]")).to_have_value("A027")
    page.locator("#complaint [name=matter]").select_option("wait")
    page.locator("#complaint [name=said]").fill("等了一小时")
    hall.refusal = "unavailable"
    page.locator("#complaint [type=submit]").click()
    expect(page.locator("#complaint .wrong")).not_to_be_empty()
    hall.refusal = None
    page.locator("#complaint [type=submit]").click()
    expect(page.locator("#complaint")).to_be_hidden()
    assert [asked.body for asked in hall.asked if asked.path == "complaints"][-1] == {
        "matter": "wait", "said": "等了一小时", "label": "A027", "name": "", "contact": "",
    }  # fmt: skip
