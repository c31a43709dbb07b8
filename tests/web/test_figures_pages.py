"""The manager's figures and the webhooks' page: what they say when there is little to say, and in both languages."""

import pytest

from display.board import Wait
from hall_server.contract.hooks import HookRow
from hall_server.core.figures.forecast import Demand, Forecast, Slot, Staffing, Weekday
from hall_server.core.figures.ledger import Promises
from hall_server.web.ports import Principal
from tests.web.hall import FakePages, hall_app, ticket
from tests.web.reading import tags, texts

ID = Demand("id", "身份证", "ID card", 300.0, 600, 80, ("1", "2"))
SLOTS = (
    Slot("09:00", 9.3, 6, 12, {"id": 9.3}, 2, enough=True),
    Slot("09:30", 40.0, 30, 50, {"id": 40.0}, 2, enough=False),
)
MONDAY = Weekday(0, 3, {"09:00": 49.3})
EXPECTED = Forecast("2026-11-23", ("2026-11-09", "2026-11-16"), 2, (ID,), SLOTS, (MONDAY,))
HANGING = HookRow(
    id="town", to="https://10.0.0.7:8443", events=("called",), state="retrying", behind=41, seq=7, delivered=3,
    refused=1, dropped=2, tries=5, cause="status", trouble="HTTP 500", last="2026-11-21T01:58:00.000Z",
    since="2026-11-21T02:00:00.000Z",
    next_try="2026-11-21T02:05:00.000Z",
)  # fmt: skip


def page(pages: FakePages, path: str, role: str = "manager") -> str:
    pages.sessions["secret"] = Principal(role, "wang")
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "secret")
    return browser.get(path).text


def with_forecast(staff: Staffing | None = None) -> FakePages:
    pages = FakePages()
    pages.day_reports.expected, pages.day_reports.staff = EXPECTED, staff
    return pages


@pytest.mark.parametrize("path", ["figures", "promises", "fairness", "fairness.csv", "forecast"])
def test_figures_are_for_managers(path: str) -> None:
    assert "2026" not in "".join(texts(page(FakePages(), f"/floor/{path}", "clerk")))


def test_a_hall_without_a_day_says_so_and_guesses_nothing() -> None:
    pages = FakePages()
    assert "没有这个营业日" in texts(page(pages, "/floor/figures"))
    assert "没有这个营业日" in texts(page(pages, "/floor/promises"))
    said = texts(page(pages, "/floor/forecast?lang=en"))
    assert "No business day of this weekday in the eight weeks before: nothing is known." in said


def test_a_forecast_is_a_chart_and_a_table_that_can_be_folded_away() -> None:
    html = page(with_forecast(), "/floor/forecast?lang=en")
    said = texts(html)
    assert {"9.3", "6–12", "2 (not enough)", "Monday (3 days)", "49.3"} <= set(said)
    assert len(tags(html, "rect")) == 2
    assert len(tags(html, "details")) == 2
    assert any("80 % should wait no longer than 10:00; windows 1, 2" in text for text in said)


@pytest.mark.parametrize(
    ("staff", "said"),
    [
        (Staffing(5, 2, 2, 0, "10:30"), "现在开放 5 个窗口，到 10:30 只需 2 个：2 个空闲窗口可以暂停或支援别处。"),
        (Staffing(2, 3, 0, 1, "10:30"), "现在开放 2 个窗口，到 10:30 需要 3 个：还差 1 个。"),
    ],
)
def test_the_floor_says_when_windows_are_to_spare_or_missing(staff: Staffing, said: str) -> None:
    assert said in texts(page(with_forecast(staff), "/floor"))
    assert said in texts(page(with_forecast(staff), "/floor/forecast"))


def test_the_floor_says_nothing_of_windows_that_are_as_many_as_needed() -> None:
    fits = Staffing(3, 3, 0, 0, "10:30")
    assert [text for text in texts(page(with_forecast(fits), "/floor")) if "10:30" in text] == []


def test_the_ledger_shows_each_day_with_its_definition() -> None:
    pages = FakePages()
    pages.day_reports.told = (("2026-11-21/1", Promises(40, 95.0, 120.0, -61.0, 55.0, 30.0, 92.5, 60, 90.0)),)
    said = texts(page(pages, "/floor/promises?lang=en"))
    row = said[said.index("2026-11-21/1") :][:9]
    assert row == ["2026-11-21/1", "40", "1:35", "-1:01", "2:00", "55.0 %", "30.0 %", "92.5 %", "90.0 %"]
    assert any("waited no longer than the bound they were told" in text for text in said)


def test_a_webhook_that_does_not_get_through_is_seen_on_the_maintenance_page() -> None:
    pages = FakePages(hook_rows=(HANGING,))
    assert "1 个网络回调没有送达" in texts(page(pages, "/maintenance", "maintenance"))
    said = texts(page(pages, "/maintenance/webhooks?lang=en", "maintenance"))
    assert {"town", "https://10.0.0.7:8443", "Trying again", "41"} <= set(said)
    assert {"It did not take the message", "HTTP 500"} <= set(said)
    healthy = FakePages(hook_rows=(HANGING.model_copy(update={"state": "ok"}),))
    assert "没有送达" not in "".join(texts(page(healthy, "/maintenance", "maintenance")))


def test_a_promise_that_has_risen_is_told_on_the_tickets_page_with_its_reason() -> None:
    waits = {"ahead": 4, "estimate": Wait(900, 1800), "risen": {"by_s": 730, "why": "windows"}}
    browser = hall_app(FakePages(tickets={"code": ticket("waiting", **waits)})).test_client()
    assert "预计比取号时所说的多等约12分钟：开放的窗口变少了" in texts(browser.get("/t/code").text)
    english = "You will wait about 12 min longer than we said: fewer windows are open"
    assert english in texts(browser.get("/t/code?lang=en").text)
