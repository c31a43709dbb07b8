"""What pages say of numbers: the entries of a paper roll, ranges that run out, tickets that stay overnight."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from display.board import Board, Name
from hall_server.contract import SeriesRow
from hall_server.contract.rolls import RollRow, RollsView, RollTicket
from hall_server.web.ports import Principal
from tests.web.hall import BOARD, FLOOR, FakePages, at, hall_app, ticket
from tests.web.reading import tags, texts

ID = Name("户籍与身份证", "ID card")
ROLL = RollRow(
    roll="P", first=1, last=500, next=43, first_label="P001", last_label="P500", entered=3, waiting=1,
    tickets=(
        RollTicket(number=42, label="P042", state="void"),
        RollTicket(number=2, label="P002", state="waiting", service_name=ID, came_at=at(60)),
        RollTicket(
            number=1, label="P001", state="done", service_name=ID, came_at=at(80), window="2",
            called_at=at(70), ended_at=at(65),
        ),
    ),
)  # fmt: skip
ROLLS = RollsView(
    rev=0,
    at=at(0),
    day_open=True,
    begins="2026-11-21T00:30:00.000Z",
    rolls=(ROLL,),
    services={"id": ID},
    windows=("1",),
)


def opened(role: str, pages: FakePages) -> FlaskClient:
    pages.sessions["secret"] = Principal(role, "somebody", "3" if role == "clerk" else None)
    browser = hall_app(pages).test_client()
    browser.set_cookie("hallcall", "secret")
    return browser


def test_the_page_shows_who_had_which_number_and_what_became_of_them() -> None:
    page = opened("concierge", FakePages(rolls_view=ROLLS)).get("/concierge/rolls/body").text
    assert texts(page) == [
        "导办台", "号卷 P001–P500", "已补录 3 个，其中 1 人仍在等候 · 最早可填 08:30",
        "号码", "业务", "到达时间", "叫号时间", "结束", "状态",
        "P042", "–", "–", "–", "–", "作废",
        "P002", "户籍与身份证", "09:42", "–", "–", "等候中",
        "P001", "户籍与身份证", "09:22", "09:32 · 2号窗口", "09:37", "已办结",
    ]  # fmt: skip


@pytest.mark.parametrize(("role", "status"), [("concierge", 200), ("clerk", 200), ("manager", 200), ("tv", 403)])
def test_whoever_helps_customers_may_enter_numbers(role: str, status: int) -> None:
    answer = opened(role, FakePages(rolls_view=ROLLS)).get("/concierge/rolls?lang=en")
    assert answer.status_code == status
    if status == 200:
        forms = [tag["data-roll"] for tag in tags(answer.text, "form") if "data-roll" in tag]
        assert forms == ["handed-out", "served", "left", "spoiled"]


def test_a_hall_without_a_roll_is_told_how_to_have_one_and_the_concierge_sees_no_link() -> None:
    browser = opened("concierge", FakePages())
    assert "设置中没有号卷" in browser.get("/concierge/rolls").text
    assert "/concierge/rolls" not in browser.get("/concierge/body").text
    for role, path in (("concierge", "/concierge/body"), ("clerk", "/clerk/body?window=3")):
        assert "/concierge/rolls" in opened(role, FakePages(rolls_view=ROLLS)).get(path).text


class Unasked(FakePages):
    """Whose paper rolls nobody may ask for, row by row."""

    def rolls(self) -> RollsView:
        raise AssertionError("this page shows no row of a roll")


@pytest.mark.parametrize(
    ("role", "path"),
    [("clerk", "/clerk?window=3"), ("clerk", "/clerk/body?window=3"), ("concierge", "/concierge"),
     ("concierge", "/concierge/body")],
)  # fmt: skip
def test_a_page_that_only_links_to_the_rolls_builds_none(role: str, path: str) -> None:
    answer = opened(role, Unasked(rolls_view=ROLLS)).get(path)
    assert (answer.status_code, "/concierge/rolls" in answer.text) == (200, True)


@pytest.mark.parametrize("path", ["/floor/body", "/maintenance/body"])
def test_manager_and_maintenance_are_told_when_numbers_run_out(path: str) -> None:
    rows = (
        SeriesRow(label="A450", last_label="A499", left=49), SeriesRow(label="B1002", last_label="B999", left=0),
        SeriesRow(label="P470", last_label="P500", left=30, printed=True),
    )  # fmt: skip
    found = texts(opened("admin", FakePages(floor_view=FLOOR.model_copy(update={"series": rows}))).get(path).text)
    assert [one for one in found if "号段" in one or "号卷" in one] == [
        "A450 已发出，号段 A499 只剩 49 个号码；B1002 已发出：号段 B999 已用完，号码增加一位；"
        "号卷只剩 30 个号码（到 P500）：请准备新号卷"
    ]


class Closed(FakePages):
    """A hall in the night."""

    def board(self) -> Board:
        return replace(BOARD, open=False)


@pytest.mark.parametrize("state", ["waiting", "held"])
def test_at_night_whoever_kept_a_ticket_reads_that_it_goes_on_counting_and_of_which_day_it_is(state: str) -> None:
    answer = hall_app(Closed(tickets={"code": ticket(state)})).test_client().get("/t/code")
    said = ["您的号码次日继续有效", "大厅已结束营业，下次开门后按原顺序叫号。", "取号 2026-11-21 10:30"]
    assert texts(answer.text)[3:6] == said
