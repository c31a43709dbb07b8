"""What stands on the paper."""

import pytest

from display.board import Name, Wait
from display.phrases import Phrases
from drivers.ports import Slip
from hall_server.contract import MissingOrder, SlipOrder
from hall_server.station.slips import LOCALE, shown_minutes, to_slip

PHRASES = Phrases.load(LOCALE)
ORDER = SlipOrder(
    slip="s7",
    ticket="t7",
    printer="P1",
    attempt=2,
    copied=False,
    hall=Name("市民服务中心", "Citizen Service Centre"),
    label="A013",
    service=Name("税务", "Tax"),
    language="zh",
    issued_at="2026-11-21T02:42:10+00:00",
    timezone="Asia/Shanghai",
    ahead=5,
    estimate=Wait(840, 1740),
    url="http://hall/t/k3v9",
)


def test_the_slip_says_everything_in_both_languages_and_in_the_time_of_the_hall() -> None:
    assert to_slip(ORDER, PHRASES) == Slip(
        slip_id="s7.2",
        hall="市民服务中心",
        number="A013",
        lines=("税务", "Tax", "前面5人  5 ahead"),
        small=(
            "约15分钟，九成把握不超过30分钟",
            "about 15 min, 9 in 10 under 30 min",
            "取号时间 2026-11-21 10:42  Issued",
        ),
        qr="http://hall/t/k3v9",
        closing="请留意屏幕叫号 Please watch the screens",
        copy_mark="",
    )


def test_what_follows_stands_on_the_slip_a_line_each() -> None:
    order = ORDER.model_copy(update={"then": (Name("复核", "Review"), Name("贷款", "Loans"))})
    assert to_slip(order, PHRASES).small[:2] == ("之后：复核  then: Review", "之后：贷款  then: Loans")


def test_the_number_to_complain_at_stands_last_where_the_hall_has_one() -> None:
    order = ORDER.model_copy(update={"complaints": "12345"})
    assert to_slip(order, PHRASES).small == (*to_slip(ORDER, PHRASES).small, "投诉电话：12345  Complaints: 12345")


def test_a_copy_is_marked() -> None:
    assert to_slip(ORDER.model_copy(update={"copied": True}), PHRASES).copy_mark == "补打 COPY"


@pytest.mark.parametrize(
    ("fields", "small"),
    [
        ({"estimate": None}, ("取号时间 2026-11-21 10:42  Issued",)),
        ({"estimate": Wait(0, 60), "ahead": 0}, ("无需等候  No wait", "取号时间 2026-11-21 10:42  Issued")),
    ],
)
def test_an_unknown_wait_is_not_mentioned_and_no_wait_is_said_as_such(
    fields: dict[str, object], small: tuple[str, ...]
) -> None:
    assert to_slip(ORDER.model_copy(update=fields), PHRASES).small == small


def test_a_slip_without_a_public_address_has_no_code() -> None:
    assert to_slip(ORDER.model_copy(update={"url": None}), PHRASES).qr is None


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [(0, 1), (60, 1), (61, 2), (600, 10), (601, 15), (900, 15), (901, 20), (1740, 30)],
)
def test_waits_are_rounded_up_above_ten_minutes_in_steps_of_five(seconds: int, minutes: int) -> None:
    assert shown_minutes(seconds) == minutes


def test_a_test_slip_says_that_it_is_one_and_can_be_taken_for_no_ticket() -> None:
    order = ORDER.model_copy(update={"slip": "test-x", "attempt": 1, "label": "TEST", "test": True})
    assert to_slip(order, PHRASES) == Slip(
        slip_id="test-x.1",
        hall="市民服务中心",
        number="测试 TEST",
        lines=("税务", "Tax"),
        small=("2026-11-21 10:42",),
        qr=None,
        closing="测试小票，不能排队 Not a ticket",
        copy_mark="",
        probing=True,
    )


def test_a_slip_that_was_printed_while_nobody_answered_says_so_and_promises_no_wait() -> None:
    order = ORDER.model_copy(update={"attempt": 1, "estimate": None, "ahead": 0, "away": True})
    slip = to_slip(order, PHRASES)
    assert slip.lines == ("税务", "Tax", "离线取号  Issued offline")
    assert len(slip.small) == 1


MISSING = MissingOrder(
    items=(
        Name(
            "居民户口簿原件及首页、本人页复印件各一份（加盖公章）",
            "Household register: the original, and one copy of each page",
        ),
        Name("申请表", "Form"),
    ),
    code="0123456789", until="2026-11-28T16:00:00Z",
)  # fmt: skip


def test_a_list_of_what_is_missing_can_be_taken_for_no_ticket_and_breaks_no_word() -> None:
    order = ORDER.model_copy(
        update={"slip": "m-1", "attempt": 1, "missing": MISSING, "url": "http://hall/m/p/0123456789"}
    )
    assert to_slip(order, PHRASES) == Slip(
        slip_id="m-1.1",
        hall="市民服务中心",
        number="一次性告知单",
        lines=(
            "税务",
            "Tax",
            "A013 还需以下材料 Still missing",
            "□ 居民户口簿原件及首页、本人页复印件各一",
            "  份（加盖公章）",
            "  Household register: the original, and",
            "  one copy of each page",
            "□ 申请表",
            "  Form",
            "再来取号码 01234 56789 Return code",
        ),
        small=(
            "2026-11-28 当日及以前，扫码或输入号码可优先取号一次",
            "Until 2026-11-28: scan or type it for one quicker ticket",
            "告知时间 2026-11-21 10:42 Told",
        ),
        qr="http://hall/m/p/0123456789",
        closing="本单不是排队号 Not a ticket",
    )


def test_one_more_list_says_that_it_is_a_copy() -> None:
    order = ORDER.model_copy(update={"missing": MISSING, "copied": True})
    assert to_slip(order, PHRASES).copy_mark == "补打 COPY"


def test_a_pick_up_slip_names_its_code_and_nothing_to_bring() -> None:
    missing = MissingOrder(items=(), code="0123456789", until="2026-12-21T16:00:00Z", pick_up=True)
    order = ORDER.model_copy(
        update={"slip": "u-1", "attempt": 1, "missing": missing, "url": "http://hall/m/p/0123456789"}
    )
    assert to_slip(order, PHRASES) == Slip(
        slip_id="u-1.1",
        hall="市民服务中心",
        number="领取单",
        lines=("税务", "Tax", "A013 待领取 To be picked up", "领取号码 01234 56789 Pick-up code"),
        small=(
            "可领取后在取号机扫码或输入号码，暂定 2026-12-21 当日及以前",
            "Once ready: scan or type it at the kiosk. First until 2026-12-21",
            "开单时间 2026-11-21 10:42 Given out",
        ),
        qr="http://hall/m/p/0123456789",
        closing="本单不是排队号 Not a ticket",
    )
