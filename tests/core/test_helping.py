"""Busy hours: windows that help out, windows that idle, a crowd, and tickets that nobody could serve."""

from dataclasses import replace

import pytest

from hall_server import views
from hall_server.core import closing, routing
from hall_server.core import commands as c
from hall_server.core.appointments import Slots
from hall_server.core.busy import CrowdRule
from hall_server.core.calendar import DayRules
from hall_server.core.config import Clerk
from hall_server.core.day_state import Gap
from hall_server.core.facts import day as d
from hall_server.core.refusal import Refused
from hall_server.views import day as day_views
from hall_server.views import staff as staff_views
from tests.core.scene import CONFIG, Scene, scene
from tests.core.test_views import OUTSIDE


def test_a_window_helps_another_queue_for_a_while(hall: Scene) -> None:
    hall.issue_many(["loans", "loans"])
    until = hall.now + 1800
    assert hall.do(c.Substitute("3", "loans", 30)) == [d.WindowSubstitutes("3", "loans", until)]
    assert routing.windows_for(hall.hall, "loans") == ("3", "4")
    assert hall.call("3") == "C001"
    hall.pass_time(1800)
    assert hall.do(c.Tick())[0] == d.WindowSubstitutionEnded("3", "loans")
    hall.do(c.Finish("3"))
    assert hall.call("3") is None


def test_help_ends_when_somebody_says_so_and_is_not_given_twice(hall: Scene) -> None:
    assert hall.refusal(c.Substitute("3", "loans", 0))[0] == "not_helping"
    assert hall.refusal(c.Substitute("3", "id", 10)) == ("same_place", "Window 3 serves that anyway.")
    assert hall.refusal(c.Substitute("3", "none", 10))[0] == "unknown_service"
    hall.do(c.Substitute("3", "loans", 30))
    assert hall.do(c.Substitute("3", "loans", 0)) == [d.WindowSubstitutionEnded("3", "loans")]


def test_a_window_that_calls_nobody_although_it_could_is_told_once_and_the_gap_is_kept() -> None:
    hall = scene(day=DayRules(idle_min=5))
    hall.issue("loans")
    came = hall.now
    hall.pass_time(299)
    assert hall.do(c.Tick()) == []
    hall.pass_time(1)
    assert hall.do(c.Tick()) == [d.WindowIdle("4", came)]
    assert hall.do(c.Tick()) == []
    hall.pass_time(60)
    hall.call("4")
    assert hall.do(c.Tick()) == [d.WindowIdleEnded("4")]
    assert hall.hall.gaps == [Gap("4", came, came + 360)]


def test_a_window_does_not_idle_because_of_customers_who_were_sent_to_another() -> None:
    hall = scene(day=DayRules(idle_min=5))
    hall.issue("id")
    hall.call("1")
    hall.do(c.Transfer("1", to="2"))
    sent = hall.now
    hall.pass_time(600)
    assert hall.do(c.Tick()) == [d.WindowIdle("2", sent)]
    assert [row.window for row in staff_views.floor(hall.hall, OUTSIDE).windows if row.idle] == ["2"]


def test_a_clerks_page_outlives_the_service_that_the_window_helps_out_with(hall: Scene) -> None:
    hall.do(c.Substitute("3", "loans", 30))
    hall.do(c.Configure(replace(CONFIG, services=CONFIG.services[:2], windows=CONFIG.windows[:3], devices=())))
    page = staff_views.clerk(hall.hall, "3", OUTSIDE)
    assert page is not None
    assert "loans" not in [row.service for row in page.queues]


def test_a_paused_window_does_not_idle_and_begins_anew_when_it_resumes() -> None:
    hall = scene(day=DayRules(idle_min=5))
    hall.issue("loans")
    hall.do(c.Pause("4"))
    hall.pass_time(600)
    assert hall.do(c.Tick()) == []
    hall.do(c.Resume("4"))
    hall.pass_time(299)
    assert hall.do(c.Tick()) == []
    hall.pass_time(1)
    assert [type(fact) for fact in hall.do(c.Tick())] == [d.WindowIdle]


def test_a_crowd_stops_the_tickets_until_a_tenth_of_it_has_gone() -> None:
    hall = scene(day=DayRules(crowd=10, idle_min=0))
    hall.issue_many(["id"] * 10)
    refused = hall.refusal(c.Issue("t99", "code-t99", "tax"))
    assert refused == ("crowded", "Too many people wait: no tickets are given out for a while.")
    assert hall.do(c.Tick()) == [d.HallCrowded(10)]
    assert hall.do(c.Tick()) == []
    hall.call("1")
    assert hall.do(c.Tick()) == [d.HallEased(9)]
    hall.issue("tax")


def crowded(*rules: CrowdRule, **more: object) -> Scene:
    return scene(crowds=rules, **more)


def test_a_service_may_be_too_full_while_others_go_on_and_it_flickers_not() -> None:
    hall = crowded(CrowdRule("loans", waiting=10))
    hall.issue_many(["loans"] * 10)
    assert hall.refusal(c.Issue("t99", "code-t99", "loans"))[0] == "crowded"
    hall.issue("id")
    assert hall.do(c.Tick()) == [d.HallCrowded(10, "loans")]
    hall.call("4")
    assert hall.do(c.Tick()) == [d.HallEased(9, "loans")]
    assert hall.do(c.Tick()) == []


def test_a_long_wait_is_a_crowd_too_and_a_hall_may_be_told_of_it_and_give_out_tickets_all_the_same() -> None:
    hall = crowded(CrowdRule("loans", wait_s=1800, stop=False))
    hall.issue_many(["loans", "loans"])  # half an hour for the third: ten minutes each at one window
    hall.call("4")
    hall.issue_many(["loans", "loans"])
    assert hall.do(c.Tick()) == [d.HallCrowded(3, "loans", 2400, stop=False)]
    hall.issue("loans")
    assert views.board(hall.hall, OUTSIDE).services[2].open
    for label in ("C003", "C004"):
        hall.do(c.Cancel(hall.id_of(label)))
        assert hall.do(c.Tick()) == []  # half an hour is not yet a tenth less than half an hour
    hall.do(c.Cancel(hall.id_of("C005")))
    assert hall.do(c.Tick()) == [d.HallEased(1, "loans", 1200)]


def test_a_limit_of_the_hall_looks_at_the_longest_wait() -> None:
    hall = crowded(CrowdRule(wait_s=1200))
    hall.issue_many(["id", "loans", "loans", "loans"])
    assert hall.do(c.Tick()) == [d.HallCrowded(4, "", 2400)]
    assert hall.refusal(c.Issue("t99", "code-t99", "id"))[0] == "crowded"


def test_a_limit_that_is_taken_back_ends_the_crowd_and_so_does_the_evening() -> None:
    hall = crowded(CrowdRule("loans", waiting=1))
    hall.issue("loans")
    hall.do(c.Tick())
    hall.do(c.Configure(CONFIG))
    assert hall.do(c.Tick()) == [d.HallEased(1, "loans")]
    hall.issue("loans")


def test_who_is_turned_away_is_offered_what_is_free_of_the_appointments() -> None:
    slots = (Slots("loans", 9 * 60, 12 * 60, slot_min=30),)
    hall = crowded(CrowdRule("loans", waiting=1), appointments=slots)
    half_past = hall.now + 1800 - hall.now % 1800
    hall.do(c.Book("a1", "loans", half_past))
    hall.issue("loans")
    with pytest.raises(Refused) as refused:
        hall.do(c.Issue("t99", "code-t99", "loans"))
    assert str(refused.value) == (
        "Too many people wait: no tickets are given out for a while. Appointments are free at 11:00, 11:30, "
        "2026-11-23 09:00."
    )
    times = "2026-11-22T03:00:00Z 2026-11-22T03:30:00Z 2026-11-23T01:00:00Z"
    assert refused.value.about == {"slots": times}
    hall.do(c.Tick())
    row = views.board(hall.hall, OUTSIDE).services[2]
    assert (row.open, row.crowded) == (False, True)
    assert [one.replace(".000Z", "Z") for one in row.slots] == times.split()


def test_the_manager_is_told_which_windows_could_help_and_how() -> None:
    hall = crowded(CrowdRule("id", waiting=2), clerks=(Clerk("wu", ("loans",)),), day=DayRules(release_min=5))
    for window, clerk in (("1", "li"), ("2", "sun"), ("4", "wu")):
        hall.do(c.Grant(f"s{window}", "session", "clerk", clerk, window))
    hall.issue_many(["id", "id"])
    hall.do(c.Pause("1"))
    hall.do(c.Revoke("s2"))
    hall.do(c.Drain("3", 10))
    hall.do(c.Tick())
    (row,) = day_views.view(hall.hall).crowds
    assert (row.service, row.waiting, row.stop) == ("id", 2, True)
    assert [(one.window, one.do) for one in row.spare] == [("1", "resume"), ("2", "attend"), ("3", "reopen")]
    hall.do(c.Revoke("s4"))
    hall.do(c.Grant("s5", "session", "clerk", "he", "4"))
    (row,) = day_views.view(hall.hall).crowds
    assert [(one.window, one.do) for one in row.spare][-1] == ("4", "help")


def test_tickets_that_no_window_could_serve_are_on_a_list_and_come_off_it(hall: Scene) -> None:
    hall.issue_many(["loans", "id", "loans"])
    assert closing.orphans(hall.hall) == []
    hall.do(c.Pause("4"))
    assert [ticket.label for ticket in closing.orphans(hall.hall)] == ["C001", "C002"]
    assert [row.label for row in day_views.view(hall.hall).orphans] == ["C001", "C002"]
    hall.do(c.Substitute("1", "loans", 15))
    assert closing.orphans(hall.hall) == []


def test_tickets_of_several_services_that_nobody_calls_are_listed_by_arrival(hall: Scene) -> None:
    hall.issue_many(["tax", "loans", "id", "tax", "loans", "id"])
    for window in "1234":
        hall.do(c.Pause(window))
    listed = [ticket.label for ticket in closing.orphans(hall.hall)]
    assert listed == ["B001", "C001", "A001", "B002", "C002", "A002"]


def test_a_closed_hall_has_no_window_that_idles_drains_helps_or_asks() -> None:
    hall = scene(day=DayRules(idle_min=5, leave="approval", crowd=2))
    hall.issue_many(["loans", "loans"])
    began = hall.now - 2
    hall.do(c.Drain("1", 30))
    hall.do(c.Substitute("2", "loans", 30))
    hall.do(c.Pause("3", "meal"))
    hall.pass_time(600)
    hall.do(c.Tick())
    hall.do(c.CloseDay("fire"))
    assert [gap.since for gap in hall.hall.gaps] == [began, began]
    view = day_views.view(hall.hall)
    assert [(row.until, row.idle_since, row.asks, row.helps) for row in view.windows] == [(None, None, None, ())] * 4
    assert view.crowds == ()
