"""Tickets that stay overnight: in the hall as it is folded from the opening alone, and in the figures of both days."""

import json
from dataclasses import replace

import pytest

from hall_server.core import commands as c
from hall_server.core import facts as f
from hall_server.core import folds as fold
from hall_server.core.calendar import DayRules
from hall_server.core.commands.rolls import EnterHandedOut, Stretch
from hall_server.core.figures.devices import Told
from hall_server.core.figures.fairness import fairness
from hall_server.core.figures.kpi import Figures, figures
from hall_server.core.figures.visits import day_of
from hall_server.core.hall import Hall
from hall_server.core.series import Series
from hall_server.past.whys import Past, Teller
from hall_server.views.staff import floor
from tests.core.scene import CONFIG, Scene, picture, scene
from tests.core.test_views import OUTSIDE

NIGHT_S = 15 * 3600.0


class Days:
    """A scene that remembers when everything happened, on an evening, a night and a morning."""

    def __init__(self) -> None:
        self.scene, self.rows, self.morning = Scene(), list[Told](), 0
        self.do(c.Configure(CONFIG))
        self.do(c.OpenDay("2026-11-22"))
        for number in (1, 2, 3):
            self.do(c.Issue(f"t{number}", f"code-t{number}", "id"), 60)
        self.do(c.NoteNeed("t2"))
        self.do(c.CallNext("1"))
        self.do(c.Hold("1", "service", "papers"), 30)
        self.do(c.Configure(replace(CONFIG, day=DayRules(overnight="carry"))))
        self.do(c.CloseDay("a power cut"), 60)
        self.morning = len(self.rows)
        self.do(c.OpenDay("2026-11-23"), NIGHT_S)

    def do(self, command: c.Command, after_s: float = 0.0) -> None:
        self.scene.pass_time(after_s)
        self.rows += [Told(self.scene.now, "test", fact) for fact in self.scene.do(command)]

    def of(self, rows: list[Told]) -> Figures:
        day = day_of(rows)
        assert day is not None
        return figures(day)


@pytest.fixture
def days() -> Days:
    return Days()


def test_a_start_from_the_opening_alone_knows_whoever_stayed(days: Days) -> None:
    days.do(c.MarkUrgent("t3", "in pain"), 5)
    alone = Hall()
    for seq, row in enumerate(days.rows, 1):
        if seq > days.morning:
            body = json.loads(json.dumps(f.dump(row.fact)))
            fold.apply(alone, f.load(type(row.fact).__name__, body), seq, row.at, row.by)
    assert picture(alone) == picture(days.scene.hall)
    assert {t.label: t.state.value for t in alone.tickets.values()} == {
        "A001": "waiting", "A002": "held", "A003": "waiting",
    }  # fmt: skip
    assert (alone.held, alone.urgent, alone.tickets["t2"].need) == ({"t2"}, {"t3"}, True)


def test_in_figures_a_ticket_belongs_to_the_day_on_which_its_customer_came(days: Days) -> None:
    evening = days.of(days.rows[: days.morning])
    assert (evening.arrived, evening.served, evening.kept, evening.waiting) == (3, 0, 3, 0)
    assert (evening.left.cancelled, evening.left.expired, evening.left.share) == (0, 0, 0.0)
    days.do(c.CallNext("1"), 60)
    days.do(c.Finish("1"), 300)
    days.do(c.Issue("t9", "code-t9", "id"))
    days.do(c.CallNext("2"), 10)
    days.do(c.Finish("2"), 100)
    days.do(c.CallNext("2"))
    morning = days.of(days.rows[days.morning :])
    assert (morning.arrived, morning.served, morning.waiting, morning.kept) == (1, 0, 0, 0)
    assert (morning.waits.count, morning.waits.sum_s) == (1, 110.0)
    assert [(w.window, w.served, w.busy_s) for w in morning.windows][:2] == [("1", 1, 300.0), ("2", 1, 100.0)]
    assert floor(days.scene.hall, OUTSIDE).served == morning.served
    found = fairness(days.rows[days.morning :])
    assert found is not None
    assert found.arrived == morning.arrived


def test_a_number_of_a_roll_that_stayed_is_nobody_elses_in_the_morning() -> None:
    hall = scene(series=(Series("P", printed=True),), day=DayRules(overnight="carry"))
    numbers, names = Stretch("P", 7, 7), (("p7", "code-p7"),)
    hall.do(EnterHandedOut(numbers, "id", hall.now, hall.now, names))
    hall.do(c.CloseDay("a power cut"))
    hall.do(c.OpenDay("2026-11-22"))
    assert hall.refusal(EnterHandedOut(numbers, "id", hall.now, hall.now, (("q7", "code-q7"),)))[0] == "already_entered"
    hall.do(c.CallTicket("1", "P007", reason="has a slip", ticket="typed", code="code-typed"))
    assert (hall.hall.windows["1"].ticket, list(hall.hall.tickets)) == ("p7", ["p7"])


def test_why_they_were_called_is_told_with_the_date_on_which_they_came(days: Days) -> None:
    days.do(c.CallNext("1"), 60)
    past = Past.of(days.rows[days.morning :])
    came, called = list(Teller(past, "en").tell("t1"))[:2]
    assert came == "A001 came at 2026-11-22 10:01:00 for ID card."
    assert called.startswith("Called at 01:05:30 to window 1 by test: ")
