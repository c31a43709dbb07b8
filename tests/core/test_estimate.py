"""The estimate against cases worked out by hand: (ahead + 1) x service time / windows, and its 90 % bound."""

from hall_server.core import commands as c
from hall_server.core.policy.estimate import Estimate, competing, estimate
from tests.core.scene import Scene


def test_a_free_window_and_nobody_ahead_means_no_wait(hall: Scene) -> None:
    assert estimate(hall.hall, "id") == Estimate(0, 0, 0)


def test_in_the_first_half_hour_of_a_day_every_window_counts_and_the_norm_is_the_service_time(hall: Scene) -> None:
    hall.issue_many(["id", "id"])
    assert estimate(hall.hall, "id") == Estimate(2, 300, 957)  # 3 x 300 s / 3 windows; x 3.19


def test_a_hall_where_nothing_happened_for_half_an_hour_counts_one_window(hall: Scene) -> None:
    hall.pass_time(1801)
    hall.issue_many(["id", "id"])
    assert estimate(hall.hall, "id") == Estimate(2, 900, 2871)  # 3 x 300 s / 1; x 3.19


def test_windows_count_that_serve_now_or_did_in_the_last_half_hour(hall: Scene) -> None:
    hall.issue_many(["id"] * 4)
    for window in "123":
        hall.call(window)
    assert estimate(hall.hall, "id") == Estimate(1, 200, 638)  # 2 x 300 / 3
    hall.do(c.Cancel(hall.id_of("A003")))
    hall.pass_time(1801)
    hall.issue()
    assert estimate(hall.hall, "id") == Estimate(
        2, 450, 1436
    )  # 3 x 300 / 2: window 3 has gone quiet (450 x 3.19 = 1435.5)


def test_finished_services_move_the_service_time_away_from_the_norm(hall: Scene) -> None:
    hall.issue_many(["loans"] * 22)
    for _ in range(20):
        hall.call("4")
        hall.do(c.Start("4"))
        hall.pass_time(200)
        hall.do(c.Finish("4"))
    # (20 x 200 + 20 x 600) / 40 = 400 s; 2 wait, one window
    assert estimate(hall.hall, "loans") == Estimate(2, 1200, 3828)


def test_all_services_that_compete_for_the_same_windows_stand_ahead(hall: Scene) -> None:
    hall.issue_many(["tax", "tax", "loans", "id"])
    assert competing(hall.hall, ("3",)) == {"id"}
    assert competing(hall.hall, ("1", "3")) == {"id", "tax"}
    found = estimate(hall.hall, "id")
    assert found is not None
    assert found.ahead == 3


def test_a_waiting_ticket_counts_only_those_before_it(hall: Scene) -> None:
    hall.issue_many(["id", "tax", "id", "id"])
    found = [estimate(hall.hall, "id", hall.hall.tickets[f"t{n}"]) for n in (1, 3, 4)]
    assert [one.ahead if one else None for one in found] == [0, 2, 3]


def test_a_service_without_a_window_has_no_estimate(hall: Scene) -> None:
    hall.do(c.Configure(type(hall.hall.config)(zh="", en="", services=hall.hall.config.services)))
    assert estimate(hall.hall, "id") is None


def test_a_redirected_window_neither_serves_nor_counts(hall: Scene) -> None:
    hall.issue_many(["id"] * 3)
    for window in "12":
        hall.call(window)
    hall.do(c.Redirect("1"))
    # windows 2 (busy), 3 (free); A001 was called again at 3: one waits, 2 x 300 / 2
    assert estimate(hall.hall, "id") == Estimate(1, 300, 957)
