"""What stands on the paper."""

import pytest

from display.board import Name, Wait
from display.phrases import Phrases
from drivers.ports import Slip
from hall_server.contract import SlipOrder
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
