"""The moves besides the way through the queue: set aside and taken up, brought back, urgent, and taken back."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core import commands as c
from tests.model.desk_moves import DeskMachine
from tests.model.moves import windows
from tests.model.queue_moves import often
from tests.model.seen import label_at, order_of

ACTOR = "test"  # everybody in a machine is the same person

pools = st.sampled_from(["window", "service", "hall"])


class LifeMachine(DeskMachine):
    """A hall where customers are set aside and come back."""

    @rule(window=windows, pool=pools, reason=st.sampled_from(["papers", "papers", "a copy", ""]), anybody=often)
    def hold(self, window: str, pool: str, reason: str, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        ticket = self.here(window, "called", "serving")
        code = "illegal_move" if ticket is None else None if reason else "reason_needed"
        self.expect(c.Hold(window, pool, reason), code)
        if ticket is not None and code is None:
            self.model.hold(ticket, pool)

    @precondition(lambda self: any(ticket.state == "held" for ticket in self.model.tickets))
    @rule(window=windows, data=st.data(), here=st.booleans(), previous=st.sampled_from([None, "served", "absent"]))
    def take_up(self, window: str, data: st.DataObject, here: bool, previous: str | None) -> None:
        held = [t for t in self.model.tickets if t.state == "held"]
        ticket = data.draw(st.sampled_from((*held, self.model.tickets[0])))
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
            self.model.empty.discard(window)
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
        ticket = data.draw(st.sampled_from(self.model.waiting() or self.model.tickets))
        code = None if ticket.state == "waiting" else "illegal_move"
        if code is None and urgent and not reason:
            code = "reason_needed"
        self.expect(c.MarkUrgent(self.tickets[ticket.order], reason, urgent), code)
        if code is None:
            ticket.urgent = urgent

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), need=st.booleans())
    def note_need(self, data: st.DataObject, need: bool) -> None:
        ticket = data.draw(st.sampled_from(self.model.waiting() or self.model.tickets))
        waiting = ticket.state == "waiting"
        self.expect(c.NoteNeed(self.tickets[ticket.order], need), None if waiting else "illegal_move")
        if waiting:
            ticket.need = need

    @precondition(lambda self: self.tickets)
    @rule(data=st.data(), what=st.sampled_from(["apologised", "offered"]))
    def take_care(self, data: st.DataObject, what: str) -> None:
        """A word to somebody who waits changes nothing in the hall but what is known of it."""
        ticket = data.draw(st.sampled_from(self.model.waiting() or self.model.tickets))
        name, waiting = self.tickets[ticket.order], ticket.state == "waiting"
        self.expect(c.TakeCare(name, what), None if waiting else "illegal_move")
        said = self.look(lambda hall: [one.what for one in hall.tickets[name].care])
        assert len(said) == len(set(said)), said
        assert what in said or not waiting

    @rule(window=windows, move=st.sampled_from(["next", "start", "finish", "absent", "hold"]))
    def a_move_is_taken_back(self, window: str, move: str) -> None:
        """Whatever the move was: afterwards the hall is as the model, which never heard of it."""
        moves: dict[str, c.Command] = {
            "next": c.CallNext(window, "served"), "start": c.Start(window), "finish": c.Finish(window),
            "absent": c.Absent(window, force=True), "hold": c.Hold(window, "hall", "papers"),
        }  # fmt: skip
        if move != "next":
            self.somebody_at(window)
        self.taken_back(window, moves[move])

    def taken_back(self, window: str, move: c.Command) -> bool:
        """Make the move and take it back; whether it could be made."""
        if self.model.shut.get(window) or window in self.model.empty:
            return False  # nobody is brought back to a window that is redirected; that somebody has come stays true
        self.clock.now += 1
        if self.effective() > self.clock.now:
            return False  # time stands while the clock is behind (the writer's goes on): two moves would seem to be one
        before, made = self.look(order_of), self.moves_made()
        if self.ask(move, self.name(f"{self.keys}-moved-")) is not None or self.moves_made() == made:
            return False
        self.expect(c.Undo(ACTOR), None)
        assert self.look(order_of) == before
        self.expect(c.Undo(ACTOR), "nothing_to_undo")
        return True
