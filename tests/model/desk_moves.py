"""The moves of a desk besides calling the next one: a certain customer is called, sent on, and pauses."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core import commands as c
from tests.model.moves import SERVICES, WINDOWS, windows
from tests.model.plain import PlainTicket
from tests.model.queue_moves import QueueMachine, often
from tests.model.seen import label_at

MANUAL = "manual"


class DeskMachine(QueueMachine):
    """Every move that a clerk can make."""

    @precondition(lambda self: self.tickets)
    @rule(window=windows, data=st.data(), previous=st.sampled_from([None, "served", "absent"]))
    def call_ticket(self, window: str, data: st.DataObject, previous: str | None) -> None:
        mine = [t for t in self.model.waiting() if t.service in self.model.serves(window)]
        number = (
            int(data.draw(st.sampled_from(mine or self.model.tickets)).label[1:]) + data.draw(st.integers(0, 3)) // 3
        )
        ticket, found, code = self.model.at(window), self.model.named(window, number), None
        if not self.model.open:
            code = "day_closed"
        elif ticket is not None and ticket.state == "called" and previous is None:
            code = "previous_needed"
        elif not (code := self.not_calling(window)) and len(found) != 1:
            numbered = [t for t in self.model.tickets if int(t.label[1:]) == number]
            here = [t for t in numbered if t.service in self.model.serves(window)]
            none = "not_waiting" if here else "other_service" if numbered else "unknown_ticket"
            code = "ambiguous_number" if found else none
        self.expect(c.CallTicket(window, str(number), previous, "asked for"), code)
        if code is None:
            self.settle(ticket, previous)
            self.model.empty.discard(window)
            self.model.put(found[0], window)
            assert self.look(lambda hall: label_at(hall, window)) == found[0].label

    @precondition(lambda self: self.model.open)
    @rule(
        data=st.data(), service=st.sampled_from([None, None, *SERVICES]), to=st.sampled_from([None, *WINDOWS]),
        come_back=st.booleans(),
    )  # fmt: skip
    def transfer(self, data: st.DataObject, service: str | None, to: str | None, come_back: bool) -> None:
        window = data.draw(windows)
        self.somebody_at(window)
        ticket = self.model.at(window)
        if ticket is None:
            return
        served = self.model.windows.get(to or "", ())
        chosen = service or (ticket.service if to is None or ticket.service in served else next(iter(served), ""))
        code = self.nowhere(ticket, service, chosen, to)
        self.expect(c.Transfer(window, service, to, "", come_back), code)
        if code is None:
            self.model.send_on(ticket, chosen, to, come_back)
            name = self.tickets[ticket.order]
            assert self.look(lambda hall: (hall.tickets[name].bound, hall.tickets[name].back)) == (to, ticket.back)

    @rule(window=windows)
    def transfer_of_nobody(self, window: str) -> None:
        if self.model.at(window) is None:
            self.expect(c.Transfer(window, SERVICES[0]), "illegal_move")

    def nowhere(self, ticket: PlainTicket, service: str | None, chosen: str, to: str | None) -> str | None:
        """Why nobody can be sent there."""
        if service is None and to is None:
            return "unknown_service"
        if to == ticket.window or (to is None and chosen == ticket.service):
            return "same_place"
        if to is None:
            return None if self.model.homes(chosen) else "service_closed"
        empty = "window_unattended" if to in self.model.empty else None
        return (self.not_calling(to) or empty) if chosen in self.model.windows[to] else "other_service"

    @rule(window=windows)
    def pause(self, window: str) -> None:
        there = "already_paused" if window in self.model.paused else None
        self.expect(c.Pause(window), there if self.model.open else "day_closed")
        if self.model.open:
            self.model.paused.add(window)

    @precondition(lambda self: self.model.paused)
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        window = data.draw(st.sampled_from(sorted(self.model.paused)))
        self.expect(c.Resume(window), None)
        self.model.paused.discard(window)
        self.expect(c.Resume(window), "not_paused")

    @rule(window=windows, anybody=often)
    def redirect(self, window: str, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        by_hand = MANUAL in self.model.shut.get(window, ())
        code = "illegal_move" if by_hand else None if self.model.can_go(window) else "no_other_window"
        self.expect(c.Redirect(window), code)
        if code is None:
            self.model.shut_down(window, MANUAL)

    @rule(window=windows, reason=st.sampled_from(["", "crowd"]))
    def undo(self, window: str, reason: str) -> None:
        standing = self.model.shut.get(window, set())
        needed = None if MANUAL in standing or reason else "reason_needed"
        self.expect(c.Redirect(window, undo=True, reason=reason), needed if standing else "illegal_move")
        if MANUAL in standing:
            self.model.reopen(window, MANUAL)
        elif reason:
            self.model.kept |= standing
            for incident in tuple(standing):
                self.model.reopen(window, incident)
