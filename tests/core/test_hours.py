"""The calendar: hours of a hall and its services, days off and make-up days, and tickets outside of them."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from hall_server import views
from hall_server.core import commands as c
from hall_server.core import hours
from hall_server.core.calendar import Calendar, Hours, Span, SpecialDays
from hall_server.core.config import HallConfig
from tests.core.scene import CONFIG, OPENED_AT, Scene, scene
from tests.core.test_views import OUTSIDE

WEEKDAYS, ALL = (0, 1, 2, 3, 4), (0, 1, 2, 3, 4, 5, 6)
MORNING, AFTERNOON = Span("08:30", "12:00"), Span("13:30", "17:00")
HALL = Hours(ALL, (MORNING, AFTERNOON))


def said(config: HallConfig, day: str, service: str = "") -> list[str]:
    """The openings of a day as clocks on the wall show them."""
    found = hours.on(config, date.fromisoformat(day), service)
    return [f"{hours.told(config, o.opens, o.opens)}-{hours.told(config, o.closes, o.opens)}" for o in found]


def with_calendar(*rows: Hours, special: tuple[SpecialDays, ...] = ()) -> HallConfig:
    return replace(CONFIG, calendar=Calendar(rows, special))


def test_hours_are_those_of_the_weekday_and_a_service_may_have_its_own() -> None:
    config = with_calendar(Hours(WEEKDAYS, (MORNING, AFTERNOON)), Hours((1,), (Span("09:00", "11:00"),), "loans"))
    assert said(config, "2026-11-23") == ["08:30-12:00", "13:30-17:00"]
    assert said(config, "2026-11-22") == []
    assert said(config, "2026-11-24", "loans") == ["09:00-11:00"]
    assert said(config, "2026-11-23", "loans") == []
    assert said(config, "2026-11-24", "tax") == ["08:30-12:00", "13:30-17:00"]


def test_hours_hold_from_their_first_day_to_their_last() -> None:
    winter, summer = Hours(ALL, (MORNING,), last="2026-11-30"), Hours(ALL, (AFTERNOON,), first="2026-12-01")
    config = with_calendar(winter, summer)
    assert (said(config, "2026-11-30"), said(config, "2026-12-01")) == (["08:30-12:00"], ["13:30-17:00"])


def test_a_holiday_closes_a_make_up_day_works_as_another_and_a_short_day_is_shorter_for_everybody() -> None:
    special = (
        SpecialDays("国庆节", "National Day", "2026-10-01", "2026-10-07"),
        SpecialDays("调休", "Make-up day", "2026-10-10", "2026-10-10", like=4),
        SpecialDays("除夕", "New Year's Eve", "2026-12-31", "2026-12-31", spans=(Span("08:00", "14:00"),)),
    )
    config = with_calendar(Hours(WEEKDAYS, (MORNING, AFTERNOON)), special=special)
    assert (said(config, "2026-10-01"), said(config, "2026-10-07")) == ([], [])
    assert said(config, "2026-10-10") == ["08:30-12:00", "13:30-17:00"]  # a Saturday
    assert said(config, "2026-12-31") == ["08:30-12:00", "13:30-14:00"]


def test_a_day_may_end_at_midnight_and_clocks_may_change_in_it() -> None:
    config = replace(with_calendar(Hours(ALL, (Span("00:00", "24:00"),))), timezone="Europe/Berlin")
    lengths = [(o.closes - o.opens) / 3600 for day in (24, 25, 26) for o in hours.on(config, date(2026, 10, day))]
    assert lengths == [24, 25, 24]


def test_the_next_opening_is_found_behind_holidays_and_none_where_nobody_says() -> None:
    config = with_calendar(HALL, special=(SpecialDays("节", "Holiday", "2026-11-23", "2026-11-29"),))
    evening = datetime(2026, 11, 22, 10, tzinfo=UTC).timestamp()  # six in the evening where the hall stands
    found = hours.following(config, evening)
    assert found is not None
    assert hours.told(config, found.opens, evening) == "2026-11-30 08:30"
    assert hours.following(with_calendar(Hours(ALL, (MORNING,), last="2026-11-22")), evening) is None


def opened(*rows: Hours, **more: object) -> Scene:
    return scene(calendar=Calendar(rows or (HALL,)), **more)


def at(hall: Scene, clock: str) -> None:
    """Move the clock on the wall; the scene begins at ten in the morning."""
    hour, minute = map(int, clock.split(":"))
    hall.now = OPENED_AT + ((hour - 10) * 60 + minute) * 60


def test_a_ticket_outside_of_its_hours_is_refused_with_the_time_from_which_there_are_some() -> None:
    hall = opened()
    hall.issue()
    at(hall, "12:00")
    ask = c.Issue("t9", "code-t9", "id")
    assert hall.refusal(ask) == ("outside_hours", "No tickets for ID card now: they are given out from 13:30.")
    at(hall, "13:30")
    hall.issue()
    at(hall, "17:00")
    assert hall.refusal(ask) == (
        "outside_hours",
        "No tickets for ID card now: they are given out from 2026-11-23 08:30.",
    )


def test_a_hall_whose_hours_end_for_good_says_that_nobody_knows_more() -> None:
    hall = opened(Hours(ALL, (MORNING,), last="2026-11-22"))
    at(hall, "12:30")
    assert hall.refusal(c.Issue("t9", "code-t9", "id"))[1] == "No tickets for ID card now: nobody has said when."


def test_who_holds_a_ticket_is_called_outside_of_the_hours() -> None:
    hall = opened()
    hall.issue_many(["id", "id"])
    at(hall, "17:30")
    assert hall.call("1") == "A001"


def test_the_board_carries_the_openings_of_today_and_of_the_next_day_as_times_for_pages() -> None:
    hall = opened(HALL, Hours((1,), (Span("09:00", "11:00"),), "loans"))
    board = views.board(hall.hall, OUTSIDE)
    rows = {row.id: [(span.opens, span.closes) for span in row.hours] for row in board.services}
    assert rows["loans"] == [("2026-11-24T01:00:00.000Z", "2026-11-24T03:00:00.000Z")]
    assert rows["id"] == []  # as the hall
    assert [(span.opens, span.closes) for span in board.hours] == [
        ("2026-11-22T00:30:00.000Z", "2026-11-22T04:00:00.000Z"),
        ("2026-11-22T05:30:00.000Z", "2026-11-22T09:00:00.000Z"),
        ("2026-11-23T00:30:00.000Z", "2026-11-23T04:00:00.000Z"),
        ("2026-11-23T05:30:00.000Z", "2026-11-23T09:00:00.000Z"),
    ]


def test_without_a_calendar_the_business_day_alone_decides(hall: Scene) -> None:
    hall.pass_time(12 * 3600)
    hall.issue()
    assert views.board(hall.hall, OUTSIDE).hours == ()


@pytest.mark.parametrize("day", ["2026-11-22", "2026-11-24"])
def test_told_is_a_clock_today_and_a_date_else(day: str) -> None:
    config = with_calendar(HALL)
    at_noon = hours.on(config, date.fromisoformat(day))[0].closes
    assert hours.told(config, at_noon, OPENED_AT) == ("12:00" if day == "2026-11-22" else f"{day} 12:00")
