"""What a pad's key means at its window, and what a rating unit's customer is taken to have said."""

from dataclasses import replace

import pytest

from hall_server import contract
from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.config import Device
from hall_server.core.facts import windows as w
from hall_server.core.facts.life import TicketHeld
from hall_server.core.policy.because import Overtaken
from hall_server.owed import owed
from tests.core.scene import CONFIG, Scene, early, scene
from tests.core.test_views import OUTSIDE

PAD = Device("pad1", "pad", "1号呼叫器", "Pad 1", "window", "1", "hall")
RATING = Device("rating1", "rating", "1号评价器", "Rating 1", "window", "1", "hall")


@pytest.fixture
def desk() -> Scene:
    """A hall whose window 1 has a pad and a rating unit."""
    return scene(devices=(*CONFIG.devices, PAD, RATING))


def press(desk: Scene, action: str, digits: str = "") -> list[f.Fact]:
    """A key, pressed by somebody who sees what the pad should show."""
    return desk.do(c.PressKey("pad1", action, digits, desk.at("1") or ""))


def refused(desk: Scene, action: str, digits: str = "") -> str:
    return desk.refusal(c.PressKey("pad1", action, digits, desk.at("1") or ""))[0]


def test_a_window_is_run_by_its_pad_alone(desk: Scene) -> None:
    desk.issue_many(["id", "tax", "id"])
    assert press(desk, "next") == [f.TicketCalled("t1", "1", "fifo", 0)]
    desk.pass_time(10)
    assert press(desk, "recall") == [f.TicketRecalled("t1", "1")]
    assert press(desk, "start") == [f.TicketStarted("t1", "1")]
    assert press(desk, "finish") == [f.TicketFinished("t1", "1", "rating1")]
    assert press(desk, "call", "1") == [f.TicketCalled("t2", "1", "chosen", 0, reason="pad")]


def test_digits_before_the_call_key_choose_a_number(desk: Scene) -> None:
    desk.issue_many(["id", "tax", "id"])
    because = early(2, 5, Overtaken("A001", 2), Overtaken("B001", 1))
    assert press(desk, "call", "2") == [f.TicketCalled("t3", "1", "chosen", 2, reason="pad", because=because)]
    assert refused(desk, "call", "9") == "unknown_ticket"


@pytest.mark.parametrize(("means", "became"), [("served", "done"), ("absent", "waiting")])
def test_next_over_a_customer_who_was_only_called_means_what_the_hall_chose(means: str, became: str) -> None:
    desk = scene(devices=(*CONFIG.devices, PAD), pad_next=means)
    desk.issue_many(["id", "id"])
    press(desk, "next")
    press(desk, "next")
    assert (desk.state("A001"), desk.at("1")) == (became, "A002")


def test_one_key_pauses_and_resumes_and_a_second_one_may_resume_too(desk: Scene) -> None:
    assert press(desk, "pause") == [w.WindowPaused("1")]
    assert refused(desk, "next") == "window_paused"
    assert press(desk, "pause") == [w.WindowResumed("1")]
    press(desk, "pause")
    assert press(desk, "resume") == [w.WindowResumed("1")]
    assert refused(desk, "resume") == "not_paused"


def test_a_key_about_something_that_the_pad_no_longer_shows_does_nothing(desk: Scene) -> None:
    desk.issue_many(["id", "id"])
    press(desk, "next")
    assert desk.refusal(c.PressKey("pad1", "next")) == ("pad_behind", "The pad of window 1 showed nobody: look again.")
    assert desk.refusal(c.PressKey("pad1", "next", seen="A009"))[0] == "pad_behind"
    assert desk.at("1") == "A001"


def test_only_a_pad_at_a_window_has_keys_and_only_known_ones_do_something(desk: Scene) -> None:
    assert (refused(desk, "transfer"), refused(desk, "dance", "2")) == ("no_such_key", "no_such_key")
    assert desk.refusal(c.PressKey("sign1", "next"))[0] == "unknown_device"
    assert desk.refusal(c.PressKey("nothing", "next"))[0] == "unknown_device"
    assert refused(desk, "absent") == "illegal_move"


def test_digits_before_the_transfer_key_are_a_window_or_the_place_of_a_service(desk: Scene) -> None:
    desk.issue_many(["id", "id"])
    press(desk, "next")
    assert press(desk, "transfer", "03") == [w.TicketTransferred("t1", "1", "id", "3")]
    press(desk, "next")
    assert (refused(desk, "transfer", "9"), refused(desk, "transfer", "1")) == ("unknown_window", "same_place")
    assert (refused(desk, "transfer_service", "0"), refused(desk, "transfer_service", "4")) == ("unknown_service",) * 2
    assert press(desk, "transfer_service", "2") == [w.TicketTransferred("t2", "1", "tax")]
    assert refused(desk, "transfer", "3") == "illegal_move"


def test_absence_needs_two_recalls_also_from_a_pad(desk: Scene) -> None:
    desk.issue()
    press(desk, "next")
    assert refused(desk, "absent") == "recalls_needed"
    for _ in range(2):
        desk.pass_time(10)
        press(desk, "recall")
    assert press(desk, "absent") == [f.TicketRequeued("t1", "1", 3)]


def test_a_broken_pad_or_rating_unit_closes_no_window_and_tells_no_customer(desk: Scene) -> None:
    desk.health("pad1", "failed", "no_answer")
    desk.do(c.DeclareFault("rating1", "r-rating"))
    assert desk.hall.windows["1"].incidents == {}
    assert desk.issue() == desk.call("1")
    assert {"pad1", "rating1"} == set(desk.hall.repairs)


# ---- what the pad shows


def test_a_pad_is_told_how_many_wait_for_its_window_and_who_is_there(desk: Scene) -> None:
    desk.issue_many(["id", "tax", "loans", "id"])
    press(desk, "next")
    orders = {
        name: ("hall", contract.DeviceOrder(id=name, kind=name[:-1], url="sim://")) for name in ("pad1", "rating1")
    }
    told = owed(desk.hall, "hall", orders, OUTSIDE)
    assert (told.pads, told.ratings) == ({"pad1": contract.PadOrder(waiting=2, ticket="A001")}, {})
    press(desk, "finish")
    told = owed(desk.hall, "hall", orders, OUTSIDE)
    assert (told.pads, told.ratings) == ({"pad1": contract.PadOrder(waiting=2)}, {"rating1": "t1"})


# ---- ratings


def served(desk: Scene) -> None:
    desk.issue()
    desk.serve("1")


def test_a_customer_is_asked_when_the_service_is_over_and_the_first_answer_stands(desk: Scene) -> None:
    served(desk)
    assert desk.hall.asking == {"rating1": "t1"}
    assert desk.do(c.Rate("rating1", "t1", 4)) == [w.TicketRated("t1", 4, "rating1")]
    assert desk.do(c.Rate("rating1", "t1", 1)) == []
    assert (desk.hall.tickets["t1"].rating, desk.hall.asking) == (4, {})


def test_silence_is_no_rating(desk: Scene) -> None:
    served(desk)
    desk.pass_time(30)
    assert desk.do(c.Tick()) == []
    desk.pass_time(1)
    assert desk.do(c.Tick()) == [w.TicketNotRated("t1", "rating1")]
    assert (desk.hall.tickets["t1"].rating, desk.hall.asking) == (None, {})


def test_an_answer_that_was_on_its_way_when_the_time_was_over_still_counts(desk: Scene) -> None:
    served(desk)
    desk.pass_time(31)
    desk.do(c.Tick())
    served(desk)
    assert desk.do(c.Rate("rating1", "t1", 5)) == [w.TicketRated("t1", 5, "rating1")]
    assert desk.hall.asking == {"rating1": "t2"}, "the next customer is still asked"


def test_the_next_customer_ends_the_question_to_the_one_before(desk: Scene) -> None:
    served(desk)
    desk.issue()
    desk.call("1")
    assert desk.hall.asking == {"rating1": "t1"}
    assert desk.do(c.Finish("1")) == [w.TicketNotRated("t1", "rating1"), f.TicketFinished("t2", "1", "rating1")]


def test_nobody_is_asked_by_a_broken_unit_or_answers_for_another_ticket(desk: Scene) -> None:
    desk.health("rating1", "failed", "no_answer")
    served(desk)
    assert desk.hall.asking == {}
    assert desk.do(c.Rate("rating1", "t1", 5)) == []
    assert desk.do(c.Rate("rating1", "unknown", 5)) == []
    desk.health("rating1", "ok")
    served(desk)
    assert desk.do(c.Rate("pad1", "t2", 5)) == []


def test_the_page_of_a_ticket_takes_one_answer_and_ends_the_question_of_the_unit(desk: Scene) -> None:
    desk.issue()
    assert desk.do(c.Rate("", "t1", 5)) == [], "nobody was served yet"
    desk.serve("1")
    assert desk.do(c.Rate("", "t1", 2)) == [w.TicketRated("t1", 2, "")]
    assert desk.do(c.Rate("", "t1", 5)) == desk.do(c.Rate("rating1", "t1", 5)) == []
    assert (desk.hall.tickets["t1"].rating, desk.hall.asking) == (2, {})


def test_each_window_counts_who_was_served_asked_and_what_they_said(desk: Scene) -> None:
    for level in (5, 5, 2):
        served(desk)
        desk.do(c.Rate("rating1", f"t{len(desk.hall.tickets)}", level))
    desk.issue()
    desk.serve("2")
    assert desk.hall.ratings == {"1": {"served": 3, "asked": 3, "5": 2, "2": 1}, "2": {"served": 1}}


def test_a_unit_without_a_cable_asks_nobody(desk: Scene) -> None:
    desk.do(c.Configure(replace(CONFIG, devices=(replace(RATING, station=None),))))
    served(desk)
    assert desk.hall.asking == {}


def test_a_pad_sets_aside_and_takes_up_the_longest_held_or_a_number(desk: Scene) -> None:
    desk.issue_many(["id", "tax", "id"])
    for _ in range(2):
        press(desk, "next")
        held = press(desk, "hold")
        desk.pass_time(5)
    assert [(fact.ticket, fact.pool, fact.reason) for fact in held if isinstance(fact, TicketHeld)] == [
        ("t2", "window", "pad")
    ]
    assert refused(desk, "take_up", "1") == "ambiguous_number"
    assert press(desk, "take_up") == [f.TicketCalled("t1", "1", "held")]
    assert press(desk, "take_up") == [f.TicketFinished("t1", "1", "rating1"), f.TicketCalled("t2", "1", "held")]
    press(desk, "hold")
    assert (refused(desk, "take_up", "9"), refused(desk, "hold")) == ("nobody_held", "illegal_move")
    assert press(desk, "take_up", "1") == [f.TicketCalled("t2", "1", "held")]
    orders = {"pad1": ("hall", contract.DeviceOrder(id="pad1", kind="pad", url="sim://"))}
    assert owed(desk.hall, "hall", orders, OUTSIDE).pads["pad1"].ticket == "B001"
