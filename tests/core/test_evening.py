"""Closing time: windows drain, the last ticket, everybody who holds one is served, overtime, the closing check."""

import pytest

from hall_server import views
from hall_server.core import closing, routing
from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.calendar import DayRules, Hours, Span
from hall_server.core.facts import day as d
from hall_server.core.figures import theory
from hall_server.views import day as day_views
from hall_server.views.signs import sign
from tests.core.scene import Scene
from tests.core.test_hours import ALL, HALL, at, opened
from tests.core.test_views import OUTSIDE

# ---- the last ticket


@pytest.mark.parametrize(
    ("windows", "service_min", "places"),
    [(3, 6, (2, 4, 10, 23)), (5, 5, (6, 10, 23, 50)), (8, 4, (14, 23, 50, 106))],
)
def test_so_many_waiting_customers_all_begin_in_10_15_30_and_60_minutes(
    windows: int, service_min: float, places: tuple[int, ...]
) -> None:
    assert tuple(theory.last_places(windows, service_min, t, 0.9) for t in (10, 15, 30, 60)) == places


def test_the_time_for_a_number_of_places_is_the_inverse_of_the_places_in_a_time() -> None:
    for places in (1, 4, 23, 106, 900):
        minutes = theory.minutes_for(places, 5, 5.0, 0.9)
        assert theory.last_places(5, 5.0, minutes + 1e-6, 0.9) == places
        assert theory.last_places(5, 5.0, minutes - 1e-6, 0.9) == places - 1


def test_five_windows_of_five_minutes_are_done_11_4_minutes_after_the_last_start() -> None:
    assert round(5 * theory.harmonic(5), 1) == 11.4


def test_the_board_says_from_when_on_a_ticket_may_not_be_served_before_closing() -> None:
    hall = opened(Hours(ALL, (Span("08:30", "17:00"),)))
    at(hall, "16:00")
    hall.issue_many(["loans"] * 3)  # one window, ten minutes each: the fourth needs 61 min to begin nine times in ten
    row = next(row for row in views.board(hall.hall, OUTSIDE).services if row.id == "loans")
    needed = theory.minutes_for(5, 1, 10.0, 0.9)  # with the place that is taken off beyond a quarter of an hour
    closes = closing.closed_at(hall.hall)
    assert closes is not None
    assert row.last_at == views.iso(closes - needed * 60)


def test_a_hall_that_stops_early_gives_no_ticket_that_may_not_be_served_and_goes_on_with_room_for_two() -> None:
    hall = opened(Hours(ALL, (Span("08:30", "17:00"),)), day=DayRules(stop_early=True, drain_min=0))
    at(hall, "16:10")
    assert hall.do(c.Tick()) == []
    hall.issue_many(["loans"] * 3)
    assert hall.do(c.Tick()) == [d.DayTicketsStopped("loans")]
    refused = hall.refusal(c.Issue("t9", "code-t9", "loans"))
    assert refused == ("last_ticket", "Loans: whoever takes a ticket now might not be served before closing.")
    hall.issue("id")
    hall.serve("4")
    assert hall.do(c.Tick()) == []  # one place is not enough
    hall.serve("4")
    hall.serve("4")
    assert hall.do(c.Tick()) == [d.DayTicketsResumed("loans")]


# ---- draining


def test_a_window_takes_nobody_new_a_quarter_of_an_hour_before_it_closes_and_the_rest_go_on() -> None:
    hall = opened(day=DayRules(duty=("3", "4")))
    closes = hall.now + 2 * 3600
    at(hall, "11:44")
    hall.issue_many(["id", "tax"])
    assert hall.do(c.Tick()) == []
    at(hall, "11:45")
    assert hall.do(c.Tick()) == [d.WindowDraining("1", closes, 15), d.WindowDraining("2", closes, 15)]
    assert routing.windows_for(hall.hall, "id") == ("3",)
    assert routing.windows_for(hall.hall, "tax") == ("1", "2")  # nobody on duty has it: who waits is served
    assert hall.call("1") == "B001"
    hall.do(c.Finish("1"))
    assert hall.call("1") is None
    assert hall.call("3") == "A001"


def test_a_draining_window_still_calls_whoever_is_its_own() -> None:
    hall = opened(day=DayRules(duty=("3",)))
    hall.issue("id")
    hall.call("3")
    hall.do(c.Transfer("3", to="1"))
    at(hall, "11:50")
    hall.do(c.Tick())
    assert hall.call("3") is None
    assert hall.call("1") == "A001"


def test_minutes_pass_in_one_fact_and_the_sign_counts_them() -> None:
    hall = opened(day=DayRules(duty=("3", "4")))
    at(hall, "11:54")
    assert [type(fact) for fact in hall.do(c.Tick())] == [d.WindowDraining, d.WindowDraining]
    assert sign(hall.hall, "1", OUTSIDE, 8).pages == ("剩6分钟",)
    hall.pass_time(59)
    assert hall.do(c.Tick()) == []
    hall.pass_time(1)
    assert hall.do(c.Tick()) == [d.WindowMinutesLeft(("1", "2"), 5)]
    assert sign(hall.hall, "1", OUTSIDE, 8).pages == ("剩5分钟",)
    assert views.window_row(hall.hall, "1").until == "2026-11-22T04:00:00.000Z"
    at(hall, "12:00")
    assert hall.do(c.Tick()) == [d.WindowMinutesLeft(("1", "2"), 0)]
    hall.do(c.Pause("4"))
    assert sign(hall.hall, "1", OUTSIDE, 16).pages[0] in ("暂停服务", "欢迎光临")


def test_a_window_that_drained_for_lunch_calls_again_in_the_afternoon() -> None:
    hall = opened(day=DayRules(duty=("3", "4")))
    at(hall, "11:50")
    hall.do(c.Tick())
    at(hall, "13:30")
    assert hall.do(c.Tick()) == [d.WindowReopened("1"), d.WindowReopened("2")]
    assert hall.do(c.Tick()) == []


def test_a_person_drains_a_window_or_keeps_it_open() -> None:
    hall = opened(day=DayRules(duty=("4",)))
    assert hall.refusal(c.KeepOpen("1")) == ("not_draining", "Window 1 is not draining.")
    assert hall.do(c.Drain("1", 20)) == [d.WindowDraining("1", hall.now + 1200, 20, by_hand=True)]
    assert hall.refusal(c.Drain("1", 5))[0] == "already_draining"
    hall.do(c.KeepOpen("1"))
    at(hall, "11:50")
    assert [fact.window for fact in hall.do(c.Tick()) if isinstance(fact, d.WindowDraining)] == ["1", "2", "3"]
    hall.do(c.KeepOpen("2"))
    hall.pass_time(1)
    assert hall.do(c.Tick()) == []  # once said, it is not drained for the same closing time again
    hall.do(c.CloseDay())
    assert hall.refusal(c.Drain("3", 5))[0] == "day_closed"


# ---- closing


def test_a_day_is_not_closed_over_customers_unless_somebody_says_why(hall: Scene) -> None:
    hall.issue_many(["id", "id", "tax"])
    hall.call("1")
    code, why = hall.refusal(c.CloseDay())
    assert (code, why) == (
        "tickets_left",
        "3 customers are still to be served (A001, A002, B001): say why they are not.",
    )
    assert hall.do(c.CloseDay("power is cut")) == [
        *(f.TicketExpired(f"t{n}") for n in (1, 2, 3)),
        f.DayClosed("2026-11-22/1", despite="power is cut"),
    ]


def test_who_did_not_come_keeps_no_hall_open(hall: Scene) -> None:
    hall.issue("id")
    for _ in range(2):
        hall.call("1")
        hall.do(c.Absent("1", force=True))
    assert hall.state("A001") == "no_show"
    assert hall.do(c.CloseDay("nobody")) == [f.TicketExpired("t1"), f.DayClosed("2026-11-22/1")]


def test_overtime_is_from_closing_until_the_last_customer_was_done() -> None:
    hall = opened()
    at(hall, "16:59")
    hall.issue("id")
    at(hall, "17:04")
    hall.call("1")
    at(hall, "17:12")
    hall.do(c.Finish("1"))
    at(hall, "17:40")
    assert hall.do(c.CloseDay()) == [f.DayClosed("2026-11-22/1", overtime_s=720)]


def test_the_closing_check_lists_what_still_answers_and_is_signed_once_by_the_day(hall: Scene) -> None:
    assert hall.refusal(c.SignOffDay()) == ("day_open", "The business day is open: close it first.")
    hall.health("sign1", "ok")
    hall.health("printer1", "degraded", "paper_low")
    hall.health("sign2", "failed", "no_ack")
    hall.do(c.CloseDay())
    states = {item.device: item.state for item in closing.evening(hall.hall)}
    assert states == {
        "sign1": "on", "sign2": "off", "sign3": "unknown", "sign4": "unknown",
        "printer1": "on", "printer2": "unknown", "tv1": "unknown",
    }  # fmt: skip
    signed = d.DaySignedOff("2026-11-22/1", ("sign1", "printer1"), "lights out")
    assert hall.do(c.SignOffDay("lights out"), "manager:wang") == [signed]
    assert hall.refusal(c.SignOffDay()) == ("already_signed", "2026-11-22/1 has been signed off by manager:wang.")
    hall.do(c.OpenDay("2026-11-23"))
    assert hall.hall.signed_off is not None  # the next morning knows
    assert day_views.view(hall.hall).signed_off is not None


def test_the_manager_sees_who_is_still_here_and_when_the_last_one_will_be_done() -> None:
    hall = opened(HALL)
    at(hall, "16:50")
    hall.issue_many(["id"] * 4)
    view = day_views.view(hall.hall)
    assert (view.here, view.closes) == (4, "2026-11-22T09:00:00.000Z")
    assert view.ends_at is not None
    assert view.ends_at > view.at
