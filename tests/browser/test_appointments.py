"""The appointments page in a real browser: one customer, a sheet with mistakes, a sheet without, a row's buttons."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_hall import ConsoleHall

pytestmark = pytest.mark.needs("chromium")

HEAD = "date,time,service,name,contact"
MADE = {"id": "a9", "service": "tax", "at": "2026-11-21T03:32:00.000Z", "state": "booked", "code": "0123456789"}


class Bookings(ConsoleHall):
    """Takes every appointment; a sheet that names a fish has two mistakes."""

    def _decide(self, path: str) -> tuple[int, Any]:
        if path == "appointments":
            return 201, MADE
        if path != "appointments/import":
            return 200, {**MADE, "code": None}
        if "fish" not in self.asked[-1].body["csv"]:
            return 201, {"booked": [MADE, MADE]}
        fields = [{"field": "2", "message": "unknown_service"}, {"field": "4", "message": "slot_full"}]
        return 409, {"code": "sheet_refused", "fields": fields}


@pytest.fixture
def hall() -> Iterator[ConsoleHall]:
    with Bookings() as running:
        yield running


@pytest.fixture
def page(browser: Browser, hall: ConsoleHall) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    cookies = {"hallcall": "manager", "hallcall_lang": "zh"}
    page.context.add_cookies([{"name": name, "value": value, "url": hall.url} for name, value in cookies.items()])
    page.goto(f"{hall.url}/concierge/appointments?day=2026-11-21")
    yield page
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    page.context.close()


def asked(hall: ConsoleHall) -> list[tuple[str, Any]]:
    return [(one.path, one.body) for one in hall.asked]


def test_a_customer_is_booked_and_the_code_stands_there_to_be_written_down(page: Page, hall: ConsoleHall) -> None:
    page.locator("[name=name]").fill("李雷")
    page.locator("[name=contact]").fill("13800138000")
    page.get_by_role("button", name="预约", exact=True).click()
    expect(page.locator("#code")).to_have_text("预约码 0123456789")
    expect(page.locator("[name=name]")).to_have_value("")
    said = {"service": "tax", "at": "2026-11-21T11:32", "name": "李雷", "contact": "13800138000"}
    assert asked(hall) == [("appointments", said)]


def test_every_wrong_line_of_a_sheet_is_named_and_a_right_one_gives_its_codes(
    page: Page, hall: ConsoleHall, tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"{HEAD}\n2026-11-21,11:30,fish,A,12345\n", "utf-8")
    page.locator("[type=file]").set_input_files(sheet)
    page.get_by_role("button", name="导入").click()
    expect(page.locator("#wrong li")).to_have_text(["第2行：没有这个业务", "第4行：这个时间已约满"])
    sheet.write_text(f"{HEAD}\n2026-11-21,11:30,tax,A,12345\n", "utf-8")
    page.locator("[type=file]").set_input_files(sheet)
    with page.expect_download() as taken:
        page.get_by_role("button", name="导入").click()
    expect(page.locator("#wrong li")).to_have_count(0)
    line = f"{MADE['at']},tax,{MADE['code']}"
    assert Path(taken.value.path()).read_text("utf-8").split() == ["at,service,code", line, line]


def test_a_row_is_confirmed_and_cancelled_by_its_buttons(page: Page, hall: ConsoleHall) -> None:
    row = page.locator("[data-appointment=a3]")
    row.get_by_role("button", name="确认").click()
    expect(row.get_by_role("button", name="取消")).to_be_enabled()
    row.get_by_role("button", name="取消").click()
    expect(row.get_by_role("button", name="取消")).to_be_enabled()
    assert asked(hall) == [("appointments/a3/confirm", {}), ("appointments/a3/cancel", {})]
