"""Closed forms against published figures, to 1e-4, and each other."""

import pytest

from hall_server.core.figures.theory import (
    Load,
    accumulating_waits,
    mean_wait,
    must_wait,
    strict_waits,
    wait_of,
    waits_longer,
)

# Windows, rate (5 min a service); Erlang C, mean wait, 90 % wait, share that waits longer than 5 min.
TABLE = [
    (1, 0.16, 0.800000, 20.0000, 51.9860, 0.6550),
    (3, 0.54, 0.817061, 13.6177, 35.0091, 0.6053),
    (5, 0.90, 0.762493, 7.6249, 20.3142, 0.4625),
    (8, 1.52, 0.844169, 10.5521, 26.6648, 0.5659),
]


@pytest.mark.parametrize(("windows", "rate", "erlang", "mean", "p90", "longer"), TABLE)
def test_a_queue_in_the_order_of_arrival(
    windows: int, rate: float, erlang: float, mean: float, p90: float, longer: float
) -> None:
    load = Load(rate, 5, windows)
    found = (must_wait(load), mean_wait(load), wait_of(load, 0.9), waits_longer(load, 5))
    assert found == pytest.approx((erlang, mean, p90, longer), abs=1e-4)


def test_a_share_that_finds_a_free_window_does_not_wait() -> None:
    assert wait_of(Load(0.54, 5, 3), 0.18) == 0.0


def test_two_classes() -> None:
    rates = [0.18, 0.72]  # 20 % VIP, 5 windows
    assert strict_waits(rates, 5, 5) == pytest.approx([0.9299, 9.2987], abs=1e-4)
    for weight, expected in ((2, [4.6085, 8.3790]), (4, [2.8649, 8.8150]), (10, [1.7288, 9.0990])):
        found = accumulating_waits(rates, [weight, 1], 5, 5)
        assert found == pytest.approx(expected, abs=1e-4)
        assert 0.2 * found[0] + 0.8 * found[1] == pytest.approx(7.6249, abs=1e-4), "nobody's gain is free"


def test_three_classes() -> None:
    rates = [0.06, 0.12, 0.42]
    assert mean_wait(Load(0.6, 6, 4)) == pytest.approx(11.8163, abs=1e-4)
    assert strict_waits(rates, 6, 4) == pytest.approx([1.2985, 1.7788, 16.1867], abs=1e-4)
    assert accumulating_waits(rates, [4, 2, 1], 6, 4) == pytest.approx([4.4921, 7.7469, 14.0253], abs=1e-4)


def test_equal_weights_are_the_order_of_arrival() -> None:
    assert accumulating_waits([0.3, 0.6], [1, 1], 5, 5) == pytest.approx([mean_wait(Load(0.9, 5, 5))] * 2)


def test_a_queue_that_grows_without_end_has_no_mean() -> None:
    with pytest.raises(ValueError, match="grows without end"):
        mean_wait(Load(1.0, 5, 5))
    with pytest.raises(ValueError, match="falling weight"):
        accumulating_waits([0.1, 0.1], [1, 2], 5, 5)
