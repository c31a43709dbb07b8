"""The figures of a day on which customers were held, brought back, served in steps, and moves were taken back."""

from typing import Any

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core.figures.devices import Told
from hall_server.core.figures.kpi import Figures, figures
from hall_server.core.figures.visits import day_of
from tests.core.scene import CONFIG, OPENED_AT, Scene, scene


class Day:
    """A scene that remembers when everything happened."""

    def __init__(self) -> None:
        self.scene: Scene = scene()
        self.told: list[tuple[float, f.Fact]] = [(OPENED_AT, fact) for fact in self.scene.facts]

    def do(self, after_s: float, command: Any) -> None:
        self.scene.pass_time(after_s)
        self.told += [(self.scene.now, fact) for fact in self.scene.do(command)]

    def figures(self) -> Figures:
        day = day_of(Told(at, "test", fact) for at, fact in self.told)
        assert day is not None
        assert day.timezone == CONFIG.timezone
        return figures(day)


def test_time_on_hold_is_neither_wait_nor_service() -> None:
    day = Day()
    day.do(0, c.Issue("t1", "c1", "id"))
    for after_s, command in (
        (60, c.CallNext("1")), (10, c.Start("1")), (100, c.Hold("1", "window", "papers")),
        (1000, c.TakeUp("1", "t1")), (5, c.Start("1")), (20, c.Finish("1")),
    ):  # fmt: skip
        day.do(after_s, command)
    told = day.figures()
    assert (told.waits.sum_s, told.service.sum_s, told.walking.sum_s, told.holds) == (60.0, 120.0, 5.0, 1)
    assert told.windows[0].busy_s == 10 + 100 + 5 + 20
    assert told.promises.count == 0, "it was promised one wait, and had two"


def test_visits_and_steps_are_counted_apart() -> None:
    day = Day()
    day.do(0, c.Issue("m1", "c1", "id", then=("loans",)))
    for after_s, command in (
        (30, c.CallNext("1")), (100, c.Finish("1")), (50, c.CallNext("4")), (200, c.Finish("4")),
    ):  # fmt: skip
        day.do(after_s, command)
    told = day.figures()
    assert (told.arrived, told.served, told.steps) == (1, 1, 2)
    assert (told.waits.sum_s, told.service.sum_s) == (80.0, 300.0)
    assert [(w.window, w.served) for w in told.windows] == [("1", 1), ("2", 0), ("3", 0), ("4", 1)]


def test_who_is_brought_back_has_not_given_up_and_waits_as_of_then() -> None:
    day = Day()
    day.do(0, c.Issue("t1", "c1", "id"))
    for after_s, command in ((30, c.Cancel("t1")), (600, c.Reinstate("t1", "came back")), (40, c.CallNext("1"))):
        day.do(after_s, command)
    told = day.figures()
    assert (told.arrived, told.left.cancelled, told.waits.sum_s, told.reinstated) == (1, 0, 40.0, 1)


def test_a_move_that_was_taken_back_counts_as_if_it_had_not_been_made() -> None:
    day = Day()
    day.do(0, c.Issue("t1", "c1", "id"))
    day.do(0, c.Issue("t2", "c2", "id"))
    for after_s, command in (
        (10, c.CallNext("1")), (20, c.CallNext("1", "served")), (5, c.Undo("test")), (25, c.Finish("1")),
    ):  # fmt: skip
        day.do(after_s, command)
    told = day.figures()
    assert (told.served, told.called, told.waiting, told.undone) == (1, 1, 1, 2)
    assert (told.service.sum_s, told.windows[0].served, told.windows[0].busy_s) == (50.0, 1, 50.0)
