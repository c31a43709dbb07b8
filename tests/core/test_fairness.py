"""Who was overtaken, by whom and why: told by hand for a small day, and proved against every call of a busy one."""

from random import Random

import pytest

from hall_server.core import commands as c
from hall_server.core.facts import TicketCalled
from hall_server.core.figures.devices import Told
from hall_server.core.figures.fairness import Fairness, fairness
from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.core.refusal import Refused
from tests.core.busy_day import BUSY, moves
from tests.core.scene import OPENED_AT, Scene, scene

VIPS = Policy("strict", (CustomerClass("vip", rank=1), CustomerClass("all", rank=2)), "all", (), 600)


class Story(Scene):
    """A scene that keeps when everything happened."""

    def __init__(self, made: Scene) -> None:
        super().__init__(made.hall, made.now, made.facts)
        self.told = [Told(OPENED_AT, "test", fact) for fact in made.facts]

    def do(self, command: c.Command, actor: str = "test") -> list:  # type: ignore[type-arg]
        found = super().do(command, actor)
        self.told += [Told(self.now, actor, fact) for fact in found]
        return found

    def report(self) -> Fairness:
        found = fairness(self.told)
        assert found is not None
        return found

    def come(self, klass: str = "", service: str = "id") -> str:
        self._ids += 1
        self.do(c.Issue(f"t{self._ids}", f"code-{self._ids}", service, klass=klass))
        self.pass_time(10)
        return self.hall.tickets[f"t{self._ids}"].label


def test_a_day_in_order_of_arrival_overtakes_nobody() -> None:
    day = Story(scene())
    day.come(), day.come()
    day.serve("1"), day.serve("2")
    report = day.report()
    assert (report.rows, report.times, report.by_cause, report.guarantee_s) == ((), 0, {}, 1800)


def test_each_one_overtaken_is_named_with_by_whom_why_and_how_much_later_that_one_came() -> None:
    day = Story(scene(policy=VIPS))
    day.come(), day.come(), day.come("vip")
    day.call("1")
    (first, second) = day.report().rows
    assert (first.label, first.times, first.wait_s, first.outcome) == ("A001", 1, None, "waiting")
    (by,) = second.by
    assert (by.label, by.klass, by.window, by.later_s, by.cause) == ("A003", "vip", "1", 10, "strict")


def test_a_clerks_choice_is_a_cause_with_its_reason_and_a_need_is_named_as_such() -> None:
    day = Story(scene())
    day.come(), day.come()
    day.do(c.CallTicket("1", "A002", reason="has a train"))
    day.do(c.Issue("n", "code-n", "id", need=True))
    day.call("2")
    report = day.report()
    assert [(by.cause, by.said) for row in report.rows for by in row.by] == [("chosen", "has a train"), ("need", "")]
    assert report.by_cause == {"chosen": 1, "need": 1}


def test_who_is_overtaken_beyond_the_hard_cap_is_counted_and_the_policy_does_it_to_nobody() -> None:
    day = Story(scene(policy=VIPS))
    day.come()
    day.pass_time(600)
    day.come("vip"), day.come("vip")
    day.call("1")  # the guarantee: A001 goes first
    day.come()
    day.pass_time(600)
    day.do(c.CallTicket("2", "A004", reason="asked"))  # by hand a clerk may do it
    report = day.report()
    assert (report.times, report.overtaken_beyond, report.waited_beyond) == (2, 2, 4)


@pytest.mark.parametrize("seed", [1, 2])
def test_on_a_busy_day_of_all_moves_every_overtaking_that_a_call_counted_is_told_once(seed: int) -> None:
    day, chance = Story(scene(**{name: getattr(BUSY, name) for name in ("policy", "services")})), Random(seed)
    for count in range(600):
        day.pass_time(chance.choice([0, 1, 5, 20, 60]))
        for command in moves(lambda: day.hall, chance, count):
            try:
                day.do(command)
            except Refused:
                continue
    calls = [told.fact for told in day.told if isinstance(told.fact, TicketCalled)]
    report = day.report()
    assert report.times == sum(call.overtaken for call in calls) > 20
    assert sum(report.by_cause.values()) == sum(row.times for row in report.rows) == report.times
    assert len(report.by_cause) > 1
    for call in calls:
        if call.because is not None:
            label = day.hall.tickets[call.ticket].label
            named = {one.label for one in call.because.overtaken}
            assert named <= {row.label for row in report.rows if label in {by.label for by in row.by}}
