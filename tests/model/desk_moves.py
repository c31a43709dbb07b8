"""The moves of a desk besides calling the next one: a certain customer is called, sent on, and pauses."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core.rules import commands as c
from tests.model.moves import SERVICES, WINDOWS, windows
from tests.model.plain import PlainTicket
from tests.model.seen import label_at
from tests.model.sign_moves import SignMachine


class DeskMachine(SignMachine):
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
            here = [t for t in numbered if t.service in self.model.serves(window)]
            none = "not_waiting" if here else "other_service" if numbered else "unknown_ticket"
            code = "ambiguous_number" if found else none
        self.expect(c.CallTicket(window, str(number), previous, "asked for"), code)
        if code is None:
            self.settle(ticket, previous)
            self.model.put(found[0], window)
            assert self.look(lambda hall: label_at(hall, window)) == found[0].label

    @precondition(lambda self: self.model.open)
    @rule(
        data=st.data(), service=st.sampled_from([None, None, *SERVICES]), to=st.sampled_from([None, *WINDOWS]),
        come_back=st.booleans(),
    )  # fmt: skip
    def transfer(self, data: st.DataObject, service: str | None, to: str | None, come_back: bool) -> None:
        window = data.draw(windows)
        if self.model.at(window) is None:
            self.issue(self.model.windows[window][0], None)
            self.call_next(window, "served")
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
        return self.not_calling(to) if chosen in self.model.windows[to] else "other_service"

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
