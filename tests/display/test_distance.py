"""How large a TV's letters are for its farthest seat, what then fits, and what a person is told when nothing does."""

import pytest

from display.distance import LARGEST_PX, Distance, Layout, advice


@pytest.mark.parametrize(
    ("inches", "farthest_m", "floor_px"), [(43, 10, 101), (55, 10, 79), (65, 10, 67), (55, 5, 40), (55, 2, 16)]
)
def test_capitals_are_a_three_hundredth_of_the_distance_high(inches: float, farthest_m: float, floor_px: int) -> None:
    assert Distance(inches, farthest_m).floor_px == floor_px


def test_a_screen_that_nobody_measured_is_read_from_ten_metres() -> None:
    assert Distance().layout() == Layout(far=True, letters_px=79, rows=4, headed=3, services=2)


def test_the_nearer_the_seats_the_more_stands_on_the_screen() -> None:
    layouts = [Distance(55, metres).layout() for metres in (2, 6, 9, 11)]
    assert [(one.far, one.letters_px, one.rows, one.services) for one in layouts] == [
        (False, 16, 5, 8), (True, 60, 5, 3), (True, 71, 4, 2), (True, 87, 3, 2),
    ]  # fmt: skip


def test_a_screen_too_small_for_its_hall_has_the_largest_letters_and_says_what_would_do() -> None:
    small = Distance(43, 10)
    assert small.layout().letters_px == LARGEST_PX
    assert list(advice("tv1", small)) == [
        "tv1: 43 inches are too few for 10 m: its letters would have to be 101 pixels of 1080 high and are at most 90. "
        "Take 49 inches or more, or let nobody wait farther away than 8.9 m"
    ]
    assert list(advice("tv1", Distance(49, 10))) == list(advice("tv1", Distance(43, 8.9))) == []
