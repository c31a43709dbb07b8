"""Any order of moves on the rules themselves: the hall is always as the model on paper says."""

from collections.abc import Callable
from typing import Any

from hypothesis import settings

from hall_server.core import fold, rules
from hall_server.core.facts import Fact
from hall_server.core.hall import Hall
from hall_server.core.refusal import Refused
from hall_server.core.rules import commands as c
from tests.core.scene import picture
from tests.model.day_moves import DayMachine


class CoreMachine(DayMachine):
    """The rules and folds alone, with the few lines that the writer adds: keys, and a time that never runs back."""

    def begin(self) -> None:
        self.hall = Hall()
        self.facts: list[tuple[int, float, Fact]] = []
        self.answers: dict[str, str | None] = {}
        self.seen = 0

    def ask(self, command: c.Command, key: str) -> str | None:
        if key not in self.answers:
            self.answers[key] = self._decide(command)
        return self.answers[key]

    def _decide(self, command: c.Command) -> str | None:
        now, before = max(self.clock(), self.hall.at), picture(self.hall)
        try:
            found = rules.decide(self.hall, command, now)
        except Refused as refused:
            return refused.code
        finally:
            assert picture(self.hall) == before, "a rule changed the hall"
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


TestCoreMachine = CoreMachine.TestCase
TestCoreMachine.settings = settings(max_examples=200, stateful_step_count=40, deadline=None)
