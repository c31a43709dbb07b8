"""Any order of moves on the rules themselves: the hall is always as the model on paper says."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core import rules
from hall_server.core.facts import Fact
from hall_server.core.figures import kpi, visits
from hall_server.core.figures.devices import Told
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from tests.core.scene import picture
from tests.model.prove import PARTS, PATIENT, prove
from tests.model.review_moves import ReviewMachine
from tests.soak import rounds

pytestmark = PATIENT


class CoreMachine(ReviewMachine):
    """The rules and folds alone, with the few lines that the writer adds: keys, and a time that never runs back."""

    def begin(self) -> None:
        self.hall = Hall()
        self.decided: list[tuple[c.Command, float]] = []
        self.facts: list[tuple[int, float, Fact]] = []
        self.answers: dict[str, str | None] = {}
        self.seen = 0

    def ask(self, command: c.Command, key: str) -> str | None:
        if key not in self.answers:
            self.answers[key] = self._decide(command)
        return self.answers[key]

    def _decide(self, command: c.Command) -> str | None:
        now = max(self.clock(), self.hall.at)
        self.decided.append((command, now))
        looked_at = len(self.decided) % 5 == 0  # a picture takes ten times as long as a decision
        before = picture(self.hall) if looked_at else None
        try:
            found = rules.decide(self.hall, command, now)
        except Refused as refused:
            return refused.code
        finally:
            assert not looked_at or picture(self.hall) == before, "a rule changed the hall"
        for fact in found:
            fold.apply(self.hall, fact, self.hall.seq + 1, now, "test")
            self.facts.append((self.hall.seq, now, fact))
        return None

    def look(self, view: Callable[[Hall], Any]) -> Any:
        return view(self.hall)

    def new_facts(self) -> list[Fact]:
        fresh, self.seen = self.facts[self.seen :], len(self.facts)
        return [fact for _, _, fact in fresh]

    def teardown(self) -> None:
        again = Hall()
        for seq, at, fact in self.facts:
            fold.apply(again, fact, seq, at, "test")
        assert picture(again) == picture(self.hall), "folding everything again made another hall"
        self.the_same_commands_make_the_same_journal()
        self.the_figures_of_the_day_are_those_of_the_paper()

    def the_same_commands_make_the_same_journal(self) -> None:
        again, facts = Hall(), list[Fact]()
        for command, now in self.decided:
            with suppress(Refused):
                for fact in rules.decide(again, command, now):
                    fold.apply(again, fact, again.seq + 1, now, "test")
                    facts.append(fact)
        assert facts == [fact for _, _, fact in self.facts]

    def the_figures_of_the_day_are_those_of_the_paper(self) -> None:
        day = visits.day_of(Told(at, "test", fact) for _, at, fact in self.facts)
        assert day is not None
        told, own = kpi.figures(day), [ticket for ticket in self.model.tickets if not ticket.guest]
        assert (told.arrived, told.served) == (len(own), sum(ticket.state == "done" for ticket in own))
        assert told.waiting == (len(self.model.waiting()) if self.model.open else 0)  # who stays counts tomorrow
        for groups in (told.by_service, told.by_hour, told.by_class):
            assert sum(one.arrived for one in groups) == told.arrived
            assert sum(one.served for one in groups) == told.served
        assert all(visit.wait_s is None or visit.wait_s >= 0 for visit in day.visits.values())


@pytest.mark.parametrize("part", PARTS)
def test_the_rules_keep_the_hall_as_it_is_on_paper(part: int, tally: Counter[str]) -> None:
    prove(CoreMachine, tally, "of the rules", examples=rounds(100, 5000 // len(PARTS)))
