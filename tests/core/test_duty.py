"""Who is on duty today: by weekday, by date, on a make-up day, and who of them has signed in."""

from hall_server.contract.day import DutyRow, OnDutyRow
from hall_server.core import commands as c
from hall_server.core.busy import Duty
from hall_server.core.calendar import Calendar, Hours, Span, SpecialDays
from hall_server.views import day as day_views
from tests.core.scene import scene

SUNDAY, MONDAY = 6, 0  # the scene's day is Sunday, 2026-11-22


def test_the_roster_of_the_day_says_who_should_be_where_and_which_clerks_are_here() -> None:
    hall = scene(
        roster=(
            Duty("manager", ("wang",)), Duty("clerk", ("li", "wu"), (SUNDAY,), window="1"),
            Duty("clerk", ("he",), (MONDAY,)), Duty("clerk", ("xu",), first="2026-11-23"),
            Duty("clerk", ("sun",), last="2026-11-22"),
        ),
    )  # fmt: skip
    hall.do(c.Grant("s1", "session", "clerk", "wu", "3"))
    assert day_views.view(hall.hall).duty == (
        DutyRow(role="manager", people=(OnDutyRow(name="wang"),)),
        DutyRow(
            role="clerk",
            people=(
                OnDutyRow(name="li", window="1", here=False), OnDutyRow(name="wu", window="1", here=True),
                OnDutyRow(name="sun", here=False),
            ),
        ),
    )  # fmt: skip


def test_a_make_up_day_has_the_roster_of_the_day_that_it_stands_in_for() -> None:
    made_up = SpecialDays("调休", "Make-up day", "2026-11-22", "2026-11-22", like=MONDAY)
    hours = Hours(tuple(range(7)), (Span("00:00", "24:00"),))
    hall = scene(
        calendar=Calendar((hours,), (made_up,)),
        roster=(Duty("concierge", ("sun",), (SUNDAY,)), Duty("concierge", ("meng",), (MONDAY,))),
    )
    assert day_views.view(hall.hall).duty == (DutyRow(role="concierge", people=(OnDutyRow(name="meng"),)),)
