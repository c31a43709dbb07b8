"""The way of a ticket through the queue as moves: taken, called, not there, served, given up."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core import commands as c
from tests.model.moves import WINDOWS, HallMachine, services, windows
from tests.model.plain import PlainTicket
from tests.model.seen import label_at

RECALL_GAP_S = 10  # an announcement needs to be heard out
often = st.sampled_from([True, True, True, False])
THEN: tuple[tuple[str, ...], ...] = ((), (), (), ("tax",), ("loans", "id"))  # services that follow


class QueueMachine(HallMachine):
    """A hall in which customers come and are called."""

    def here(self, window: str, *states: str) -> PlainTicket | None:
        ticket = self.model.at(window)
        return ticket if ticket is not None and ticket.state in states else None

    @rule(service=services, kiosk=st.sampled_from([None, "K1", "K2"]), then=st.sampled_from(THEN))
    def issue(self, service: str, kiosk: str | None, then: tuple[str, ...]) -> None:
        name, code = self.name("t"), self.no_ticket(service)
        self.expect(c.Issue(name, f"code-{name}", service, kiosk, then=then), code)
        if code is None:
            self.taken(name, service, self.came_at(name))
            self.model.tickets[-1].then = list(then)

    def no_ticket(self, service: str, *, promised: bool = False) -> str | None:
        """Why nobody gets a ticket; who has an appointment was promised one at any hour, however many came."""
        if not self.model.open:
            return "day_closed"
        if not promised and not self.open_now(service):
            return "outside_hours"
        if not promised and self.model.full(service):
            return "crowded"
        return None if self.model.homes(service) else "service_closed"

    def came_at(self, name: str) -> float:
        return float(self.look(lambda hall: hall.tickets[name].came_at))

    def taken(self, name: str, service: str, arrival: float) -> None:
        """A ticket was given out that stands in line by ``arrival``."""
        self.tickets.append(name)
        label = self.model.issue(service, arrival)
        assert self.look(lambda hall: (hall.tickets[name].label, hall.tickets[name].arrival)) == (label, arrival)
        assert (self.days.opened[-1], label) not in self.days.labels
        self.days.labels.add((self.days.opened[-1], label))

    @rule(window=windows, previous=st.sampled_from([None, "served", "absent"]))
    def call_next(self, window: str, previous: str | None) -> None:
        self.press_next(window, previous)

    def press_next(self, window: str, previous: str | None, clerk: str = "") -> None:
        ticket, code = self.model.at(window), None
        if not self.model.open:
            code = "day_closed"
        elif ticket is not None and ticket.state == "called" and previous is None:
            code = "previous_needed"
        else:
            code = self.not_calling(window) or self.not_read(window, clerk)
        taken = clerk and self.model.seats.get(window, (clerk, ""))[0] != clerk
        code, expected = "taken_over" if taken else code, None
        if code is None:
            following = self.model.next_for(window, self.effective())
            self.settle(ticket, previous)
            self.model.empty.discard(window)
            if following is not None:
                self.model.put(following, window)
                self.model.policy.called()
                expected = following.label
        pressed = c.CallNext(window, previous)
        self.expect(c.AtDesk(window, clerk, pressed) if clerk else pressed, code)
        if code is None:
            assert self.look(lambda hall: label_at(hall, window)) == expected

    def somebody_at(self, window: str) -> None:
        """Have a customer at a window, if anybody can be: most moves need one."""
        if self.model.at(window) is None:
            self.issue(self.model.windows[window][0], None, ())
            self.call_next(window, "served")

    def not_read(self, window: str, clerk: str) -> str | None:
        """The code of a clerk who has to read first what somebody else left."""
        word = self.model.words.get(window)
        return "handover_unread" if clerk and word and not word.read and word.by != clerk else None

    def settle(self, ticket: PlainTicket | None, previous: str | None) -> None:
        """What becomes of the customer before."""
        if ticket is not None and (ticket.state == "serving" or previous == "served"):
            self.model.finish(ticket)
        elif ticket is not None:
            self.model.absent(ticket)

    @rule(service=st.sampled_from(["id", "id", "tax"]), many=st.integers(2, 5))
    def crowd(self, service: str, many: int) -> None:
        for _ in range(many):
            self.issue(service, None, ())

    @rule(previous=st.sampled_from(["served", "served", "absent"]))
    def everybody_calls(self, previous: str) -> None:
        for window in WINDOWS:
            self.call_next(window, previous)

    @rule(window=windows, wait_s=st.sampled_from([0, 10]), anybody=often)
    def recall(self, window: str, wait_s: int, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        self.clock.now += wait_s
        if self.here(window, "called") is None:
            self.expect(c.Recall(window), "illegal_move")
            return
        (announced,) = self.look(
            lambda hall: [t.announced_at for t in hall.tickets.values() if (t.window, t.state) == (window, "called")]
        )
        self.expect(c.Recall(window), "recall_too_soon" if self.effective() - announced < RECALL_GAP_S else None)

    @rule(window=windows, anybody=often)
    def start(self, window: str, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        ticket = self.here(window, "called")
        self.expect(c.Start(window), None if ticket else "illegal_move")
        if ticket:
            ticket.state = "serving"

    @rule(window=windows, anybody=often)
    def finish(self, window: str, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        ticket = self.model.at(window)
        self.expect(c.Finish(window), None if ticket else "illegal_move")
        if ticket:
            self.model.finish(ticket)

    @rule(window=windows, anybody=often)
    def absent(self, window: str, anybody: bool) -> None:
        if anybody:
            self.somebody_at(window)
        ticket = self.here(window, "called")
        self.expect(c.Absent(window, force=True), None if ticket else "illegal_move")
        if ticket:
            self.model.absent(ticket)

    @precondition(lambda self: self.tickets)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.tickets) - 1))
        ticket = self.model.tickets[at]
        allowed = ticket.state in ("waiting", "held", "called")
        self.expect(c.Cancel(self.tickets[at]), None if allowed else "illegal_move")
        if allowed:
            self.model.end(ticket, "cancelled")

    def not_calling(self, window: str) -> str | None:
        """The code of a window that calls nobody."""
        if self.model.shut.get(window):
            return "window_redirected"
        return "window_paused" if window in self.model.paused else None
