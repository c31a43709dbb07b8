"""When a hall opens next and which days are unlike others, as everybody reads it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import display
from display import openings
from display.board import Name, Opening, Special
from display.phrases import Phrases
from tests.display.boards import NOW, hall, iso

PHRASES = Phrases.load(Path(display.__file__).parent / "locale")
NATIONAL = Special(Name("国庆节", "National Day"), "2026-11-22", "2026-11-24")
MAKE_UP = Special(Name("调休", "Make-up day"), "2026-11-28", "2026-11-28", ("09:00–12:00", "13:00–16:00"))


def opening(after_h: float, for_h: float = 2) -> Opening:
    return Opening(iso(NOW + timedelta(hours=after_h)), iso(NOW + timedelta(hours=after_h + for_h)))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((), None),
        ((opening(-1),), None),
        ((opening(-3, 2), opening(2)), Name("12:42 起取号", "Tickets again from 12:42")),
        ((opening(-3, 2), opening(71)), Name("11月23日 星期一 09:42 起取号", "Tickets again from Mon 23 Nov 09:42")),
    ],
)
def test_a_closed_hall_says_when_it_opens_as_far_as_it_knows(found: tuple[Opening, ...], said: Name | None) -> None:
    assert openings.again(replace(hall(), hours=found), PHRASES, NOW) == said


def test_T6_days_off_and_make_up_days_are_announced_a_week_ahead_and_not_when_they_are_over() -> None:
    board = replace(hall(), special=(NATIONAL, MAKE_UP))
    off = Name("国庆节：11月22日 星期日–11月24日 星期二休息", "National Day: closed Sun 22 Nov – Tue 24 Nov")
    extra = Name(
        "调休：11月28日 星期六 09:00–12:00 13:00–16:00 营业", "Make-up day: open Sat 28 Nov, 09:00–12:00 13:00–16:00"
    )
    said = {days: openings.notices(board, PHRASES, NOW + timedelta(days=days)) for days in (-6, -5, 0, 1, 4, 5, 9)}
    assert said == {-6: [], -5: [off], 0: [off], 1: [off, extra], 4: [off, extra], 5: [extra], 9: []}
