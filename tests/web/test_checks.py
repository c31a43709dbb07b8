"""The pages of checks, and what the consoles say of them and of repairs that are late."""

import pytest

from display.board import Name
from hall_server.contract import PartyRow
from hall_server.web.checks import Summary, summary
from tests.web.hall import CHECKS, DEVICES, FLOOR, PRINTER, FakePages, at
from tests.web.reading import texts
from tests.web.test_pages import client

CHECKS_PAGE, LIST_PAGE = "/maintenance/checks", "/maintenance/checks/printer-1/weekly"
PARTY = PartyRow(name=Name("信息中心", "IT"), phone="8001", escalate="8000")


def late() -> FakePages:
    """A hall whose printer nobody has come for."""
    assert PRINTER.repair is not None
    repair = PRINTER.repair.model_copy(update={"due": at(2), "escalated": at(1), "party": PARTY})
    rows = tuple(PRINTER.model_copy(update={"repair": repair}) if one is PRINTER else one for one in DEVICES)
    return FakePages(device_rows=rows, floor_view=FLOOR.model_copy(update={"devices": rows}))


@pytest.mark.parametrize("path", ["/maintenance/body", "/floor/body"])
def test_a_late_repair_is_an_alarm_that_names_whom_to_call(path: str) -> None:
    said = texts(client("manager", late()).get(path).text)
    start = said.index("逾期未处理：1号取号机打印机")
    assert said[start : start + 3] == ["逾期未处理：1号取号机打印机", "· 已报修，应于 10:40 前处理 ·", "请上报 8000"]


def test_a_repair_in_time_is_no_alarm() -> None:
    assert "逾期未处理" not in client("manager", FakePages()).get("/floor/body").text


def test_consoles_say_in_a_line_how_the_checks_stand() -> None:
    pages = FakePages(checks_view=CHECKS)
    assert summary(pages) == Summary("not_ready", 2, "", overdue=1, due=1)
    for path in ("/maintenance/body", "/floor/body"):
        said = texts(client("manager", pages).get(path).text)
        start = said.index("开门检查：不能开门：2 台设备未通过")
        assert said[start + 1] == "定期检查：逾期 1，今天应做 1"


def test_a_day_that_was_opened_all_the_same_says_why() -> None:
    assert CHECKS.check is not None
    opened = CHECKS.check.model_copy(update={"despite": "先用2号机"})
    pages = FakePages(checks_view=CHECKS.model_copy(update={"check": opened, "day_open": True}))
    assert "仍然营业，原因：先用2号机" in texts(client("manager", pages).get("/floor/body").text)


def test_the_checks_page_names_the_worst_first_and_what_is_due() -> None:
    said = texts(client("maintenance", FakePages(checks_view=CHECKS)).get(f"{CHECKS_PAGE}/body").text)
    names = ["1号取号机打印机", "复印机", "3号窗口屏"]
    assert [text for text in said[: said.index("定期检查")] if text in names] == names
    whens = ("已逾期", "今天应做", "下次 2027-02-20")
    assert [text for text in said if text in whens] == list(whens)


def test_only_who_may_open_the_day_is_offered_to() -> None:
    pages = FakePages(checks_view=CHECKS)
    offered = {
        role: "开始营业" in texts(client(role, pages).get(CHECKS_PAGE).text) for role in ("manager", "maintenance")
    }
    assert offered == {"manager": True, "maintenance": False}


def test_checks_are_for_who_looks_after_devices_and_unknown_lists_are_not_found() -> None:
    pages = FakePages(checks_view=CHECKS)
    roles = ("maintenance", "manager", "admin", "clerk", "tv")
    assert [client(role, pages).get(LIST_PAGE).status_code for role in roles] == [200, 200, 200, 403, 403]
    assert client("admin", pages).get(f"{CHECKS_PAGE}/printer-1/none").status_code == 404
    answer = client("admin", pages).get(f"{LIST_PAGE}/body")
    again = client("admin", pages).get(f"{LIST_PAGE}/body", headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.status_code, again.status_code) == (200, 304)
