"""The moves of a desk besides calling the next one: a certain customer is called, and pauses."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from hall_server.core.rules import commands as c
from tests.model.moves import HallMachine, windows
from tests.model.seen import label_at


class DeskMachine(HallMachine):
    """Every move that a clerk can make."""

    @rule(window=windows, number=st.integers(1, 6), previous=st.sampled_from([None, "served", "absent"]))
    def call_ticket(self, window: str, number: int, previous: str | None) -> None:
        ticket, found, code = self.model.at(window), self.model.named(window, number), None
        if not self.model.open:
            code = "day_closed"
        elif ticket is not None and ticket.state == "called" and previous is None:
            code = "previous_needed"
        elif not (code := self.not_calling(window)) and len(found) != 1:
            numbered = [t for t in self.model.tickets if int(t.label[1:]) == number]
            here = [t for t in numbered if t.service in self.model.windows[window]]
            none = "not_waiting" if here else "other_service" if numbered else "unknown_ticket"
            code = "ambiguous_number" if found else none
        self.expect(c.CallTicket(window, str(number), previous), code)
        if code is None:
            self.settle(ticket, previous)
            self.model.put(found[0], window)
            assert self.look(lambda hall: label_at(hall, window)) == found[0].label

    @rule(window=windows)
    def pause(self, window: str) -> None:
        there = "already_paused" if window in self.model.paused else None
        self.expect(c.Pause(window), there if self.model.open else "day_closed")
        if self.model.open:
            self.model.paused.add(window)

    @rule(window=windows)
    def resume(self, window: str) -> None:
        self.expect(c.Resume(window), None if window in self.model.paused else "not_paused")
        self.model.paused.discard(window)
