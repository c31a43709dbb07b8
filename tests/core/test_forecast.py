"""Demand by half hours from the same weekday of the weeks before, and the windows that Erlang C asks for."""

from datetime import datetime
from zoneinfo import ZoneInfo

from hall_server.core.figures.forecast import Basis, Came, Demand, Staffing, first_day, forecast, staffing
from hall_server.core.figures.theory import Load, waits_longer

ZONE = "Asia/Shanghai"
MONDAYS = ("2026-11-02", "2026-11-09", "2026-11-16")
ID = Demand("id", "身份证", "ID card", 300.0, 300, 80, ("1", "2", "3"))
TAX = Demand("tax", "税务", "Tax", 300.0, 600, 80, ("3",))
LOANS = Demand("loans", "贷款", "Loans", 600.0, 600, 80, ("4",))
HALL = Basis(ZONE, (ID, TAX, LOANS))


def came(day: str, clock: str, service: str, count: int) -> list[Came]:
    at = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ZoneInfo(ZONE)).timestamp()
    return [Came(day, at + n, service) for n in range(count)]


BEFORE = [
    *came("2026-11-02", "09:05", "id", 6), *came("2026-11-09", "09:10", "id", 9),
    *came("2026-11-16", "09:29", "id", 12),
    *came("2026-11-16", "10:00", "loans", 3), *came("2026-11-10", "09:00", "id", 500),
]  # fmt: skip
FOUND = forecast("2026-11-23", HALL, (*MONDAYS, "2026-11-10"), BEFORE)


def test_a_half_hour_is_the_mean_of_the_same_weekday_with_the_fewest_and_the_most() -> None:
    nine, half_past, ten = FOUND.slots
    assert FOUND.days == MONDAYS
    assert (nine.begins, nine.mean, nine.low, nine.high) == ("09:00", 9.0, 6, 12)
    assert (half_past.begins, half_past.mean, half_past.windows) == ("09:30", 0.0, 0)
    assert (ten.begins, ten.mean, ten.low, ten.high, ten.by_service["loans"]) == ("10:00", 1.0, 0, 3, 1.0)


def test_the_windows_are_the_fewest_that_reach_the_target() -> None:
    nine = FOUND.slots[0]
    late = {count: waits_longer(Load(9 / 30, 5.0, count), 5.0) for count in (2, 3)}
    assert late[3] <= 0.2 < late[2]
    assert (nine.windows, nine.enough) == (3, True)


def test_services_that_share_no_window_are_lines_of_their_own_and_too_few_windows_are_said_to_be() -> None:
    ten = FOUND.slots[2]
    assert (ten.windows, ten.enough) == (1, True)
    crowded = forecast("2026-11-23", HALL, MONDAYS, came("2026-11-16", "09:00", "loans", 300))
    assert [(slot.windows, slot.enough) for slot in crowded.slots] == [(1, False)]


def test_a_day_without_any_like_it_is_not_guessed() -> None:
    unknown = forecast("2026-11-24", HALL, MONDAYS, BEFORE)
    assert (unknown.slots, unknown.days) == ((), ())


def test_the_week_shows_its_peaks_as_the_mean_of_the_days_that_were_open() -> None:
    monday, tuesday, *others = FOUND.week
    assert (monday.days, monday.by_hour) == (3, {"09:00": 9.0, "10:00": 1.0})
    assert (tuesday.days, tuesday.by_hour) == (1, {"09:00": 500.0})
    assert [day.days for day in others] == [0] * 5


def test_the_look_back_is_eight_weeks() -> None:
    assert first_day("2026-11-23") == "2026-09-28"


def test_windows_to_spare_are_idle_ones_beyond_this_and_the_next_half_hour() -> None:
    at = datetime(2026, 11, 23, 9, 40, tzinfo=ZoneInfo(ZONE)).timestamp()
    assert staffing(FOUND, at, ZONE, calling=4, idle=2) == Staffing(4, 1, 2, 0, "10:30")
    assert staffing(FOUND, at - 1800, ZONE, calling=2, idle=2) == Staffing(2, 3, 0, 1, "10:00")
    assert staffing(FOUND, at + 7200, ZONE, calling=2, idle=2) is None
