"""Who hangs and who only stood still with everybody else, on a clock of the test's own."""

from collections.abc import Sequence

from drivers.overdue import Overdue

PACE_S = 1.0


def named(looks: Sequence[tuple[float, float | None]]) -> list[list[str]]:
    """What each look says; a look is (now, when the worker's step is due)."""
    overdue = Overdue(0.0, PACE_S)
    return [overdue.look(now, {"line": due}) for now, due in looks]


def test_who_does_not_come_back_is_named_at_the_second_look_after_it_was_due() -> None:
    assert named([(n, 3.5) for n in (1.0, 2.0, 3.0, 4.0, 5.0)]) == [[], [], [], [], ["line"]]


def test_who_comes_back_in_time_or_waits_for_work_is_never_named() -> None:
    assert named([(float(n), n + 0.5) for n in range(1, 9)]) == [[]] * 8
    assert named([(float(n), None) for n in range(1, 9)]) == [[]] * 8


def test_what_everybody_stood_still_is_added_to_what_was_due() -> None:
    """Stopped for 60 s in the middle of a step of ten: the rest of the step is still its own."""
    looks = [(1.0, 10.5), (61.0, 10.5), *((61.0 + n, 10.5) for n in range(1, 13))]
    told = [now for (now, _), said in zip(looks, named(looks), strict=True) if said]
    assert told[0] == 70.0, "58 s of standstill after two that count, and the second look"


def test_a_step_begun_after_the_standstill_has_no_more_time_than_any_other() -> None:
    looks = [(1.0, 10.0), (61.0, 10.0), *((float(now), 64.5) for now in range(62, 67))]
    assert named(looks) == [[], [], [], [], [], [], ["line"]]
