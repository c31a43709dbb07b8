"""What a hall learns of itself: service times from day to day, and the bound from its own last thousand waits."""

from hall_server.core import commands as c
from hall_server.core.hall import SAMPLES
from hall_server.core.policy import learning
from hall_server.core.policy.estimate import Estimate, estimate
from tests.core.scene import Scene, scene


def serve(hall: Scene, times: int, seconds: float) -> None:
    for _ in range(times):
        hall.issue("loans")
        hall.call("4")
        hall.do(c.Start("4"))
        hall.pass_time(seconds)
        hall.do(c.Finish("4"))


def next_day(hall: Scene) -> None:
    hall.do(c.CloseDay("we close"))
    hall.do(c.OpenDay("2026-11-23"))


def test_each_day_moves_what_the_next_begins_with_by_three_tenths() -> None:
    hall = scene()
    serve(hall, 30, 200)
    next_day(hall)
    assert hall.hall.priors == {"loans": 480.0}  # 0.7 x 600 + 0.3 x 200
    assert learning.service_time_s(hall.hall, "loans") == 480
    serve(hall, 1, 1000)
    next_day(hall)
    assert (hall.hall.priors, hall.hall.finished) == ({"loans": 636.0}, 31)  # 0.7 x 480 + 0.3 x 1000
    assert learning.service_time_s(hall.hall, "id") == 300, "a service that nobody wanted keeps its norm"


def test_a_hall_that_has_served_few_goes_by_the_norm() -> None:
    hall = scene()
    serve(hall, 29, 200)
    next_day(hall)
    assert learning.service_time_s(hall.hall, "loans") == 600


def test_the_bound_is_the_halls_own_as_soon_as_two_hundred_have_waited() -> None:
    hall = scene()
    for n in range(199):
        learning.sample(hall.hall, n / 100)
    assert (learning.factor(hall.hall, 80), learning.factor(hall.hall, 90)) == (2.17, 3.19)
    learning.sample(hall.hall, 9.0)
    assert (learning.factor(hall.hall, 80), learning.factor(hall.hall, 90)) == (1.59, 1.79)
    hall.issue_many(["loans", "loans"])
    assert estimate(hall.hall, "loans") == Estimate(2, 1800, 3222)  # 3 x 600; x 1.79
    next_day(hall)
    assert learning.factor(hall.hall, 90) == 1.79, "it outlives the night"


def test_only_the_last_thousand_count() -> None:
    hall = scene()
    for ratio in [9.0] * 500 + [1.0] * SAMPLES:
        learning.sample(hall.hall, ratio)
    assert (len(hall.hall.ratios), hall.hall.ratios_sorted) == (SAMPLES, [1.0] * SAMPLES)


def test_a_wait_is_held_against_what_its_ticket_was_told() -> None:
    hall = scene()
    hall.issue_many(["loans"] * 2)  # 0 s: nobody is told to wait
    hall.call("4")
    hall.pass_time(100)
    hall.do(c.Finish("4"))
    hall.pass_time(798)  # the second was told 600 s... of a window that was free and one ahead
    hall.call("4")
    hall.do(c.Finish("4"))
    quoted = hall.hall.tickets["t2"].wait_quoted
    assert quoted is not None
    waited = (hall.hall.tickets["t2"].called_at or 0) - hall.hall.tickets["t2"].arrival
    first = 2.0 / learning.SHORTEST_S  # was told no wait and called two seconds later
    assert list(hall.hall.ratios) == [first, round(waited / quoted[0], 3)]
