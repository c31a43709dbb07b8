"""The moves of a review: what one window has done another passes, or sends back to it with a note."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from hall_server.core import commands as c
from hall_server.core import reviews
from tests.model.moves import windows
from tests.model.queue_moves import often
from tests.model.roll_moves import RollMachine

REVIEWS = {"id": "tax"}  # who serves the second service looks at what was done for the first


class ReviewMachine(RollMachine):
    """A hall that wants some work looked at by a second pair of eyes: the whole of what the machines can do."""

    @rule(reviewed=st.booleans())
    def choose_reviews(self, reviewed: bool) -> None:
        self.model.reviews = REVIEWS if reviewed else {}
        self.choose(
            services=tuple(replace(s, review=self.model.reviews.get(s.id, "")) for s in self.chosen.services),
        )

    @rule(window=windows, note=st.sampled_from(["no stamp", "no stamp", ""]), anybody=often)
    def send_back(self, window: str, note: str, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        ticket = self.model.at(window)
        home = self.model.reviewed(ticket) if ticket else None
        code = "illegal_move" if ticket is None else "nothing_to_review" if home is None else None
        if code is None and not note:
            code = "reason_needed"
        self.expect(c.SendBack(window, note), code)
        if ticket is not None and home is not None and code is None:
            worked, service = home
            self.model.send_on(ticket, service, worked if service in self.model.has(worked) else None)

    @invariant()
    def who_is_here_for_a_review_is_known(self) -> None:
        there = {self.tickets[t.order]: found for t in self.model.tickets if (found := self.model.reviewed(t))}
        assert there == self.look(
            lambda hall: {t.id: found for t in hall.tickets.values() if (found := reviews.reviewed(hall, t))}
        )
