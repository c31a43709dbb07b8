"""Who has a window: one clerk at a time, taken over for a reason, released by silence and by signing out."""

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import folds as fold
from hall_server.core import routing
from hall_server.core.calendar import DayRules
from hall_server.core.config import Clerk, Device
from hall_server.core.day_state import Seat
from hall_server.core.figures.devices import Told
from hall_server.core.figures.visits import day_of
from hall_server.core.hall import Hall
from hall_server.core.policy.because import LeftOut
from hall_server.core.policy.estimate import estimate
from hall_server.views import lobby as lobby_views
from hall_server.views import window_row
from tests.core.scene import CONFIG, Scene, picture, scene

FIVE_MIN = DayRules(release_min=5)


@pytest.fixture
def hall() -> Scene:
    made = scene(day=FIVE_MIN)
    sign_in(made, "li", "1", "s1")
    return made


def sign_in(hall: Scene, clerk: str, window: str, credential: str) -> None:
    hall.do(c.Grant(credential, "session", "clerk", clerk, window))


def silent(hall: Scene, seconds: float = 300.0) -> list[f.Fact]:
    """Nobody has heard Li at window 1 for so long."""
    hall.pass_time(seconds)
    return hall.do(c.FallSilent("1", "clerk:li", seconds))


def test_the_second_clerk_at_a_window_is_refused_until_they_say_why_they_take_it_over(hall: Scene) -> None:
    hall.issue()
    began = hall.hall.seats["1"].since
    sign_in(hall, "wu", "1", "s2")
    assert hall.hall.seats["1"] == Seat("1", "clerk:li", "s1", began)
    refused = ("taken_over", "clerk:li has window 1: take it over, and say why.")
    assert hall.refusal(c.AtDesk("1", "clerk:wu", c.CallNext("1"))) == refused
    assert hall.refusal(c.Attend("1", "clerk:wu", "s2")) == refused
    taken = c.AtDesk("1", "clerk:wu", c.Attend("1", "clerk:wu", "s2", "Li has gone home"))
    assert hall.do(taken) == [f.WindowAttended("1", "clerk:wu", "s2", "Li has gone home", "clerk:li")]
    assert hall.refusal(c.AtDesk("1", "clerk:li", c.CallNext("1")))[0] == "taken_over"
    hall.do(c.AtDesk("1", "clerk:wu", c.CallNext("1")))
    assert hall.at("1") == "A001"


def test_the_same_clerk_may_have_the_page_open_twice(hall: Scene) -> None:
    sign_in(hall, "li", "1", "s2")
    assert hall.do(c.Attend("1", "clerk:li", "s2")) == []
    assert hall.do(c.Revoke("s1")) == [f.AccessRevoked("s1")]
    assert hall.hall.seats["1"].credential == "s2"


def test_a_page_that_is_still_heard_after_signing_out_does_not_have_the_window_again(hall: Scene) -> None:
    assert hall.do(c.Revoke("s1")) == [f.WindowReleased("1", "clerk:li"), f.AccessRevoked("s1")]
    assert hall.do(c.Attend("1", "clerk:li", "s1")) == []
    sign_in(hall, "li", "1", "s2")
    assert hall.hall.seats["1"].credential == "s2"


def test_a_window_whose_clerk_is_silent_is_released_with_the_ticket_that_stands_there(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    hall.call("1")
    hall.do(c.Start("1"))
    assert silent(hall, 299) == []
    hall.pass_time(1)
    assert hall.do(c.FallSilent("1", "clerk:li", 300)) == [f.WindowReleased("1", "clerk:li", 300, hall.id_of("A001"))]
    assert hall.do(c.FallSilent("1", "clerk:li", 301)) == []
    (row,) = lobby_views.interrupted(hall.hall)
    assert (row.label, row.window, row.clerk) == ("A001", "1", "clerk:li")
    assert (hall.state("A001"), hall.at("1")) == ("serving", "A001")


def test_whoever_comes_goes_on_with_the_interrupted_customer(hall: Scene) -> None:
    hall.issue()
    hall.call("1")
    silent(hall)
    assert hall.do(c.Attend("1", "clerk:wu", "s2")) == [f.WindowAttended("1", "clerk:wu", "s2")]
    assert lobby_views.interrupted(hall.hall) == ()
    hall.do(c.AtDesk("1", "clerk:wu", c.Start("1")))
    hall.do(c.AtDesk("1", "clerk:wu", c.Transfer("1", "tax")))
    assert hall.state("A001") == "waiting"


def test_a_key_pressed_at_the_window_is_as_good_as_a_page_that_is_heard(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    hall.pass_time(200)
    hall.call("1")
    hall.pass_time(299)
    assert hall.do(c.FallSilent("1", "clerk:li", 500)) == []
    hall.pass_time(1)
    assert [type(fact) for fact in hall.do(c.FallSilent("1", "clerk:li", 501))] == [f.WindowReleased]


def test_nobody_waits_for_a_window_where_nobody_is(hall: Scene) -> None:
    silent(hall)
    assert routing.windows_for(hall.hall, "id") == ("2", "3")
    assert routing.windows_for(hall.hall, "tax") == ("2",)
    row = window_row(hall.hall, "1")
    assert (row.state, row.to) == ("paused", ("2",))
    hall.do(c.Pause("2"))
    assert estimate(hall.hall, "tax") is None
    assert hall.refusal(c.Issue("t9", "code-t9", "tax"))[0] == "service_closed"
    sign_in(hall, "wu", "1", "s2")
    assert estimate(hall.hall, "tax") is not None


def test_nobody_is_sent_to_a_window_where_nobody_is_and_whom_it_kept_the_others_take(hall: Scene) -> None:
    hall.issue_many(["id", "id", "id"])
    hall.call("2")
    hall.do(c.Transfer("2", to="1"))
    hall.call("1")
    hall.do(c.Hold("1", "window", "papers"))
    hall.call("2")
    silent(hall)
    assert hall.refusal(c.Transfer("2", to="1")) == ("window_unattended", "Nobody is at window 1 now.")
    hall.do(c.Finish("2"))
    assert hall.call("2") == "A003"
    hall.do(c.Finish("2"))
    hall.do(c.TakeUp("2", hall.id_of("A001")))
    assert hall.at("2") == "A001"


def test_who_calls_where_nobody_was_is_there(hall: Scene) -> None:
    silent(hall)
    assert hall.do(c.CallNext("1")) == [f.WindowAttended("1")]
    assert routing.windows_for(hall.hall, "tax") == ("1", "2")


def test_a_window_that_is_run_by_pad_alone_loses_nothing() -> None:
    pad = Device("pad1", "pad", "呼叫器", "Pad", "window", "1", "hall")
    hall = scene(day=FIVE_MIN, devices=(*CONFIG.devices, pad))
    hall.issue()
    sign_in(hall, "li", "1", "s1")
    assert silent(hall) == [f.WindowReleased("1", "clerk:li", 300, None, pad=True)]
    assert routing.windows_for(hall.hall, "tax") == ("1", "2")
    sign_in(hall, "li", "1", "s2")
    hall.health("pad1", "failed", "no_answer")
    assert hall.do(c.Revoke("s2")) == [f.WindowReleased("1", "clerk:li"), f.AccessRevoked("s2")]
    assert routing.windows_for(hall.hall, "tax") == ("2",)


def test_nobody_is_released_where_the_hall_does_not_want_that() -> None:
    hall = scene()
    sign_in(hall, "li", "1", "s1")
    assert silent(hall, 90_000) == []


def test_signing_for_the_hand_over_takes_the_window_over_without_another_reason(hall: Scene) -> None:
    hall.do(c.AtDesk("1", "clerk:li", c.HandOver("1", "clerk:li")))
    signed = hall.do(c.AtDesk("1", "clerk:wu", c.SignHandover("1", "clerk:wu", "s2")))
    assert signed[1:] == [f.WindowAttended("1", "clerk:wu", "s2", "", "clerk:li")]
    assert hall.hall.seats["1"].clerk == "clerk:wu"


def test_a_seat_outlives_the_night_and_an_empty_one_does_not_also_for_a_start_from_the_opening(hall: Scene) -> None:
    sign_in(hall, "wu", "2", "s2")
    silent(hall)
    hall.do(c.CloseDay())
    assert hall.do(c.FallSilent("2", "clerk:wu", 299)) == []
    opened = hall.do(c.OpenDay("2026-11-23"))[0]
    assert list(hall.hall.seats) == ["2"]
    assert routing.windows_for(hall.hall, "tax") == ("1", "2")
    fresh = Hall()
    fold.apply(fresh, opened, hall.hall.seq, hall.now, "test")
    assert picture(fresh) == picture(hall.hall)


def test_the_time_without_anybody_is_no_idling_in_the_figures(hall: Scene) -> None:
    rows = [Told(hall.now, "test", fact) for fact in hall.facts]
    for seconds, command in ((0, c.Issue("t1", "code", "id")), (300, c.FallSilent("1", "clerk:li", 300)),
                             (60, c.Attend("1", "clerk:wu", "s2"))):  # fmt: skip
        hall.pass_time(seconds)
        rows += [Told(hall.now, "test", fact) for fact in hall.do(command)]
    rows.append(Told(hall.now + 40, "test", f.StationLost("hall")))
    day = day_of(rows)
    assert day is not None
    assert (day.desks["1"].idle_s, day.desks["1"].away_s) == (340.0, 60.0)


def test_a_call_says_who_was_left_out_because_the_clerk_has_not_the_skill() -> None:
    hall = scene(clerks=(Clerk("li", ("id",)),))
    hall.issue_many(["tax", "loans", "id"])
    sign_in(hall, "li", "1", "s1")
    (called,) = hall.do(c.CallNext("1"))
    assert isinstance(called, f.TicketCalled)
    assert called.because is not None
    assert called.because.left_out == (LeftOut("B001", "skill"), LeftOut("C001", "other_service"))
    assert called.ticket == hall.id_of("A001")
