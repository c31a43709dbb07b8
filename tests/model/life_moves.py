"""The moves besides the way through the queue: set aside and taken up, brought back, urgent, and taken back."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core.rules import commands as c
from tests.model.desk_moves import DeskMachine
from tests.model.moves import windows
from tests.model.seen import label_at, order_of

ACTOR = "test"  # everybody in a machine is the same person


class LifeMachine(DeskMachine):
    """A hall where customers are set aside and come back."""

    @rule(window=windows, pool=st.sampled_from(["window", "service", "hall"]), reason=st.sampled_from(["papers", ""]))
    def hold(self, window: str, pool: str, reason: str) -> None:
        ticket = self.here(window, "called", "serving")
        code = "illegal_move" if ticket is None else None if reason else "reason_needed"
        self.expect(c.Hold(window, pool, reason), code)
        if ticket is not None and code is None:
            self.model.hold(ticket, pool)

    @precondition(lambda self: self.tickets)
    @rule(window=windows, data=st.data(), here=st.booleans(), previous=st.sampled_from([None, "served", "absent"]))
    def take_up(self, window: str, data: st.DataObject, here: bool, previous: str | None) -> None:
        held = [t for t in self.model.tickets if t.state == "held"]
        ticket = data.draw(st.sampled_from(held or self.model.tickets))
        before, code = self.model.at(window), None
        if not self.model.open:
            code = "day_closed"
        elif before is not None and before.state == "called" and previous is None:
            code = "previous_needed"
        elif not (code := self.not_calling(window)) and ticket.state != "held":
            code = "illegal_move"
        elif not code and not self.model.may_take_up(ticket, window):
            code = "other_pool"
        self.expect(c.TakeUp(window, self.tickets[ticket.order], here, previous), code)
        if code is None:
            self.settle(before, previous)
            if here:
                ticket.state, ticket.window, ticket.sent_to = "serving", window, None
            else:
                self.model.put(ticket, window)
            assert self.look(lambda hall: label_at(hall, window)) == ticket.label

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), reason=st.sampled_from(["came back", "came back", ""]))
    def reinstate(self, data: st.DataObject, reason: str) -> None:
        gone = [t for t in self.model.tickets if t.state in ("no_show", "cancelled")]
        ticket = data.draw(st.sampled_from(gone or self.model.tickets))
        code = None if ticket.state in ("no_show", "cancelled") else "illegal_move"
        if code is None and not reason:
            code = "reason_needed"
        elif code is None and not self.model.open:
            code = "day_closed"
        elif code is None and not self.model.homes(ticket.service):
            code = "service_closed"
        self.expect(c.Reinstate(self.tickets[ticket.order], reason), code)
        if code is None:
            self.model.reinstate(ticket, self.look(lambda hall: hall.at))

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), urgent=st.booleans(), reason=st.sampled_from(["ill", "ill", ""]))
    def mark(self, data: st.DataObject, urgent: bool, reason: str) -> None:
        waiting = [t for t in self.model.tickets if t.state == "waiting"]
        ticket = data.draw(st.sampled_from(waiting or self.model.tickets))
        code = None if ticket.state == "waiting" else "illegal_move"
        if code is None and urgent and not reason:
            code = "reason_needed"
        self.expect(c.MarkUrgent(self.tickets[ticket.order], reason, urgent), code)
        if code is None:
            ticket.urgent = urgent

    @rule(window=windows, move=st.sampled_from(["next", "start", "finish", "absent", "hold"]))
    def a_move_is_taken_back(self, window: str, move: str) -> None:
        """Whatever the move was: afterwards the hall is as the model, which never heard of it."""
        moves: dict[str, c.Command] = {
            "next": c.CallNext(window, "served"), "start": c.Start(window), "finish": c.Finish(window),
            "absent": c.Absent(window, force=True), "hold": c.Hold(window, "hall", "papers"),
        }  # fmt: skip
        if self.model.shut.get(window):
            return  # nobody is brought back to a window that is redirected
        self.clock.now += 1
        before, seq = self.look(order_of), self.look(lambda hall: hall.seq)
        if self.ask(moves[move], self.name("moved-")) is not None or self.look(lambda hall: hall.seq) == seq:
            return
        self.expect(c.Undo(ACTOR), None)
        assert self.look(order_of) == before
        self.expect(c.Undo(ACTOR), "nothing_to_undo")
