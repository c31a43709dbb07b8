"""Busy hours: windows that help out, windows that idle, a crowd, and tickets that nobody could serve."""

from hall_server.core import closing, routing
from hall_server.core import day_facts as d
from hall_server.core.calendar import DayRules
from hall_server.core.day_state import Gap
from hall_server.core.rules import commands as c
from hall_server.views import day as day_views
from tests.core.scene import Scene, scene


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


def test_tickets_that_no_window_could_serve_are_on_a_list_and_come_off_it(hall: Scene) -> None:
    hall.issue_many(["loans", "id", "loans"])
    assert closing.orphans(hall.hall) == []
    hall.do(c.Pause("4"))
    assert [ticket.label for ticket in closing.orphans(hall.hall)] == ["C001", "C002"]
    assert [row.label for row in day_views.view(hall.hall).orphans] == ["C001", "C002"]
    hall.do(c.Substitute("1", "loans", 15))
    assert closing.orphans(hall.hall) == []


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
    assert view.crowded_since is None
