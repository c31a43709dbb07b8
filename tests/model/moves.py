"""The moves that both machines make: what is asked of the real hall, and what the model says must come of it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hall_server.core.facts import Fact, TicketIssued
from hall_server.core.hall import Hall
from hall_server.core.rules import commands as c
from tests.core.scene import CONFIG, OPENED_AT
from tests.model.plain import PlainHall, PlainTicket
from tests.model.seen import label_at, order_of, picture_of

WINDOWS = tuple(w.id for w in CONFIG.windows)
SERVICES = tuple(s.id for s in CONFIG.services)
RECALL_GAP_S = 10  # an announcement needs to be heard out
DATES = ("2026-11-21", "2026-11-22", "2026-11-23")

windows = st.sampled_from(WINDOWS)
services = st.sampled_from(SERVICES)


def plain() -> PlainHall:
    prefixes = {s.id: s.prefix for s in CONFIG.services}
    return PlainHall({w.id: w.services for w in CONFIG.windows}, prefixes)


@dataclass
class Clock:
    """A clock that tests set, also back."""

    now: float = OPENED_AT

    def __call__(self) -> float:
        return self.now


@dataclass
class Asked:
    """A command as it was asked under a key, and the refusal code or None that it got."""

    command: c.Command
    said: str | None


@dataclass
class Days:
    """All days of a run: labels may repeat between two days and never within one."""

    labels: set[tuple[str, str]] = field(default_factory=set)
    opened: list[str] = field(default_factory=list)


class HallMachine(RuleBasedStateMachine):
    """Every move in any order; subclasses say how a command reaches the hall."""

    config = CONFIG

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.model = plain()
        self.days = Days()
        self.asked: dict[str, Asked] = {}
        self.tickets: list[str] = []
        self.last_at = 0.0
        self.helped: set[str] = set()
        self.count = 0
        self.begin()
        self.expect(c.Configure(self.config), None)
        self.open_day(DATES[0])

    # ---- how a command reaches the hall: for subclasses

    def begin(self) -> None:
        raise NotImplementedError

    def ask(self, command: c.Command, key: str) -> str | None:
        """The code of the refusal, or None."""
        raise NotImplementedError

    def look(self, view: Callable[[Hall], Any]) -> Any:
        raise NotImplementedError

    def new_facts(self) -> list[Fact]:
        raise NotImplementedError

    def opened(self) -> None:
        """A day has opened."""

    # ---- helpers

    def expect(self, command: c.Command, code: str | None) -> None:
        """Ask under a fresh key; the answer must be what the model says."""
        self.count += 1
        key = f"key-{self.count:05}"
        said = self.ask(command, key)
        assert said == code, f"{command} was answered {said}, not {code}"
        self.asked[key] = Asked(command, said)

    def name(self, what: str) -> str:
        self.count += 1
        return f"{what}{self.count}"

    def here(self, window: str, *states: str) -> PlainTicket | None:
        ticket = self.model.at(window)
        return ticket if ticket is not None and ticket.state in states else None

    # ---- moves

    @rule(service=services, kiosk=st.sampled_from([None, "K1", "K2"]))
    def issue(self, service: str, kiosk: str | None) -> None:
        name = self.name("t")
        closed = "day_closed" if not self.model.open else None if self.model.homes(service) else "service_closed"
        self.expect(c.Issue(name, f"code-{name}", service, kiosk), closed)
        if closed is None:
            self.taken(name, service, self.look(lambda hall: hall.tickets[name].came_at))

    def taken(self, name: str, service: str, arrival: float) -> None:
        """A ticket was given out that stands in line by ``arrival``."""
        self.tickets.append(name)
        label = self.model.issue(service, arrival)
        assert self.look(lambda hall: (hall.tickets[name].label, hall.tickets[name].arrival)) == (label, arrival)
        assert (self.days.opened[-1], label) not in self.days.labels
        self.days.labels.add((self.days.opened[-1], label))

    @rule(window=windows, previous=st.sampled_from([None, "served", "absent"]))
    def call_next(self, window: str, previous: str | None) -> None:
        ticket, code = self.model.at(window), None
        if not self.model.open:
            code = "day_closed"
        elif ticket is not None and ticket.state == "called" and previous is None:
            code = "previous_needed"
        else:
            code = self.not_calling(window)
        expected = None
        if code is None:
            nobody_new = None if ticket is None else ticket.label
            following = self.model.next_for(window)
            self.settle(ticket, previous)
            if following is not None:
                self.model.put(following, window)
                expected = following.label
                assert expected != nobody_new
        self.expect(c.CallNext(window, previous), code)
        if code is None:
            assert self.look(lambda hall: label_at(hall, window)) == expected

    def not_calling(self, window: str) -> str | None:
        """The code of a window that calls nobody."""
        if self.model.shut.get(window):
            return "window_redirected"
        return "window_paused" if window in self.model.paused else None

    def settle(self, ticket: PlainTicket | None, previous: str | None) -> None:
        """What becomes of the customer before."""
        if ticket is not None and (ticket.state == "serving" or previous == "served"):
            self.model.finish(ticket)
        elif ticket is not None:
            self.model.absent(ticket)

    @rule(service=st.sampled_from(["id", "id", "tax"]), many=st.integers(2, 5))
    def crowd(self, service: str, many: int) -> None:
        for _ in range(many):
            self.issue(service, None)

    @rule(previous=st.sampled_from(["served", "served", "absent"]))
    def everybody_calls(self, previous: str) -> None:
        for window in WINDOWS:
            self.call_next(window, previous)

    @rule(window=windows, wait_s=st.sampled_from([0, 10]))
    def recall(self, window: str, wait_s: int) -> None:
        self.clock.now += wait_s
        if self.here(window, "called") is None:
            self.expect(c.Recall(window), "illegal_move")
            return
        announced = self.look(lambda hall: max(call.at for call in hall.calls if call.window == window))
        self.expect(c.Recall(window), "recall_too_soon" if self.effective() - announced < RECALL_GAP_S else None)

    @rule(window=windows)
    def start(self, window: str) -> None:
        ticket = self.here(window, "called")
        self.expect(c.Start(window), None if ticket else "illegal_move")
        if ticket:
            ticket.state = "serving"

    @rule(window=windows)
    def finish(self, window: str) -> None:
        ticket = self.model.at(window)
        self.expect(c.Finish(window), None if ticket else "illegal_move")
        if ticket:
            self.model.finish(ticket)

    @rule(window=windows)
    def absent(self, window: str) -> None:
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

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """The same request again, as a client does whose answer was lost: same answer, no second effect."""
        key = data.draw(st.sampled_from(sorted(self.asked)[-8:]))
        before = self.look(lambda hall: hall.seq)
        assert self.ask(self.asked[key].command, key) == self.asked[key].said
        assert self.look(lambda hall: hall.seq) == before

    def tick(self) -> None:
        self.expect(c.Tick(), None)

    def effective(self) -> float:
        """The time that the hall goes by: it never runs back."""
        return max(self.clock.now, float(self.look(lambda hall: hall.at)))

    # ---- time and days

    @rule(seconds=st.sampled_from([-90_000.0, -3600.0, -1.0, 0.0, 1.0, 7.0, 60.0, 90_000.0]))
    def clock_jumps(self, seconds: float) -> None:
        for _ in WINDOWS:
            self.tick()  # whoever could not be sent away before may be now, one window a second
        self.clock.now += seconds
        before = self.look(order_of)
        self.tick()
        assert self.look(order_of) == before, "a clock that jumped changed an order, a state or a number"

    @precondition(lambda self: len(self.tickets) > 20)
    @rule()
    def close_day(self) -> None:
        outstanding = any(t.state in ("waiting", "called", "serving", "held") for t in self.model.tickets)
        if self.model.open and outstanding:
            self.expect(c.CloseDay(), "tickets_left")
        self.expect(c.CloseDay("everybody has to leave"), None if self.model.open else "day_closed")
        self.model.close()

    @rule(date=st.sampled_from(DATES))
    def open_day(self, date: str) -> None:
        self.expect(c.OpenDay(date), "day_open" if self.model.open else None)
        if not self.model.open:
            shut, kept = self.model.shut, self.model.kept
            self.model, self.tickets = plain(), []
            self.model.shut, self.model.kept, self.model.open = shut, kept, True
            self.last_at = self.look(lambda hall: hall.at)
            self.opened()
            self.days.opened.append(self.look(lambda hall: hall.day))

    # ---- what must hold at every moment

    @invariant()
    def the_hall_is_as_the_model_says(self) -> None:
        assert self.look(picture_of) == self.model.picture()
        assert self.look(lambda hall: {w: bool(now.incidents) for w, now in hall.windows.items()}) == {
            w: bool(self.model.shut.get(w)) for w in WINDOWS
        }
        assert self.look(lambda hall: {w for w, now in hall.windows.items() if now.paused_at is not None}) == (
            self.model.paused
        )

    @invariant()
    def a_window_has_one_ticket_and_a_ticket_one_window(self) -> None:
        at = self.look(lambda hall: {w: now.ticket for w, now in hall.windows.items() if now.ticket})
        assert len(set(at.values())) == len(at)
        assert at == self.look(
            lambda hall: {t.window: t.id for t in hall.tickets.values() if t.state in ("called", "serving")}
        )

    @invariant()
    def counts_add_up_and_queues_hold_exactly_who_waits(self) -> None:
        def counted(hall: Hall) -> Any:
            counts = {s: {k: n for k, n in states.items() if n} for s, states in hall.counts.items()}
            return counts, {s: [name for _, _, name in queue] for s, queue in hall.queues.items()}

        counts, queues = self.look(counted)
        for service in SERVICES:
            mine = [t for t in self.model.tickets if t.service == service]
            states = [t.state for t in mine]
            assert counts[service] == {state: states.count(state) for state in set(states)}
            waiting = sorted((t for t in mine if t.state == "waiting"), key=lambda t: (t.arrival, t.turn))
            assert queues[service] == [self.tickets[t.order] for t in waiting]

    @invariant()
    def everybody_who_waits_has_a_window(self) -> None:
        waiting = {t.service for t in self.model.tickets if t.state == "waiting"}
        helped = {s for more in self.model.also.values() for s in more} | self.helped  # whose home may end with a span
        waiting, self.helped = waiting - helped, helped
        homes = {s: [w for w in WINDOWS if s in self.model.windows[w]] for s in waiting}
        assert all(any(not self.model.shut.get(w) for w in found) for found in homes.values()), "pauses end by a key"

    @invariant()
    def every_paper_has_one_ticket_and_one_state(self) -> None:
        slips = self.look(lambda hall: {s.id: (s.ticket, s.state, s.attempt) for s in hall.slips.values()})
        tickets = [ticket for ticket, _, _ in slips.values()]
        assert len(set(tickets)) == len(tickets)
        assert set(tickets) <= set(self.tickets)
        owed = self.look(lambda hall: [s.id for s in hall.owed_slips()])
        assert sorted(owed) == sorted(name for name, (_, state, _) in slips.items() if state in ("owed", "printing"))

    @invariant()
    def time_and_numbers_only_grow(self) -> None:
        at = self.look(lambda hall: hall.at)
        assert at >= self.last_at
        self.last_at = at
        assert len(set(self.days.opened)) == len(self.days.opened)
        issued = [fact for fact in self.new_facts() if isinstance(fact, TicketIssued)]
        assert all(re.fullmatch(r"[A-C]\d{3}", fact.label) for fact in issued)
