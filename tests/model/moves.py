"""What all machines share: how the real hall is asked, its days and its clock, and what must hold at every moment."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hall_server.core import closing, routing
from hall_server.core import commands as c
from hall_server.core.facts import DayClosed, DayOpened, Fact, TicketIssued
from hall_server.core.facts.away import NumbersVoided
from hall_server.core.hall import Hall
from tests.core.scene import CONFIG, OPENED_AT
from tests.model.plain import PlainHall
from tests.model.seen import order_of, picture_of

WINDOWS = tuple(w.id for w in CONFIG.windows)
SERVICES = tuple(s.id for s in CONFIG.services)
DATES = ("2026-11-21", "2026-11-22", "2026-11-23")
OUTSTANDING = ("waiting", "called", "serving", "held")

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
    """Days, repeated requests and jumps of the clock; subclasses add moves, and say how a command reaches the hall."""

    config = CONFIG

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.model = plain()
        self.days = Days()
        self.asked: dict[str, Asked] = {}
        self.chosen = self.config
        self.numbers: dict[str, list[int]] = {}
        self.tickets: list[str] = []
        self.last_at = 0.0
        self.count = 0
        self.tally, self.what = Counter[str](), ""
        self.keys = "key"  # how the request keys of this run begin
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

    def open_now(self, service: str) -> bool:
        """Whether the calendar has a service open."""
        return True

    def moves_made(self) -> int:
        """Grows with all that anybody did."""
        return int(self.look(lambda hall: hall.seq))

    # ---- helpers

    def expect(self, command: c.Command, code: str | None) -> None:
        """Ask under a fresh key; the answer must be what the model says."""
        self.count += 1
        key = f"{self.keys}-{self.count:05}"
        said = self.ask(command, key)
        assert said == code, f"{command} was answered {said}, not {code}"
        self.asked[key] = Asked(command, said)

    def choose(self, **changes: Any) -> None:
        """Other rules from now on; all that was chosen before stays."""
        self.chosen = replace(self.chosen, **changes)
        self.expect(c.Configure(self.chosen), None)

    def name(self, what: str) -> str:
        self.count += 1
        return f"{what}{self.count}"

    # ---- moves

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """The same request again, as a client does whose answer was lost: same answer, no second effect."""
        key = data.draw(st.sampled_from(sorted(self.asked)[-8:]))
        before = self.moves_made()
        assert self.ask(self.asked[key].command, key) == self.asked[key].said
        assert self.moves_made() == before

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

    @precondition(lambda self: self.model.open and len(self.tickets) > 10)
    @rule()
    def close_day(self) -> None:
        outstanding = any(t.state in OUTSTANDING for t in self.model.tickets)
        if outstanding:
            self.expect(c.CloseDay(), "tickets_left")
        self.expect(c.CloseDay("everybody has to leave"), None)
        self.model.close()
        self.expect(c.CloseDay("once more"), "day_closed")

    @precondition(lambda self: not self.model.open)
    @rule(date=st.sampled_from(DATES))
    def open_day(self, date: str) -> None:
        self.expect(c.OpenDay(date), None)
        self.tickets = [self.tickets[ticket.order] for ticket in self.model.staying()]
        self.model = self.model.tomorrow()
        self.last_at = self.look(lambda hall: hall.at)
        self.opened()
        self.days.opened.append(self.look(lambda hall: hall.day))
        self.expect(c.OpenDay(date), "day_open")

    # ---- what must hold at every moment

    @invariant()
    def the_hall_is_as_the_model_says(self) -> None:
        self.tally[f"times the hall was held against the paper, {self.what}"] += 1
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
    def who_serves_what_is_known_as_the_windows_stand(self) -> None:
        assert self.look(lambda hall: hall.routes == routing.routes(hall)), "a fact changed it, and the hall missed it"

    @invariant()
    def who_waits_where_nobody_calls_is_on_the_list_of_such(self) -> None:
        lost = sorted((t for t in self.model.waiting() if not self.model.homes(t.service)), key=lambda t: t.place)
        assert self.look(lambda hall: [t.label for t in closing.orphans(hall)]) == [t.label for t in lost]

    @invariant()
    def no_redirect_leaves_a_service_to_nobody(self) -> None:
        """Pauses end by a key, and who helps out may stop: no redirect was made when nobody else had the service."""
        shut = self.look(lambda hall: {w for w, now in hall.windows.items() if now.incidents})
        left = {s for w in set(WINDOWS) - shut for s in self.model.windows[w]} | self.model.lent
        assert left == set(SERVICES)

    @invariant()
    def every_paper_has_one_ticket_and_one_state(self) -> None:
        own, owed, owing = self.look(
            lambda hall: (
                {one.id: one.ticket for one in hall.slips.values() if hall.written(one.id) is None and not one.void},
                sorted(one.id for one in hall.owed_slips()),
                sorted(one.id for one in hall.slips.values() if one.state in ("owed", "printing") and not one.void),
            )
        )
        assert len(set(own.values())) == len(own)
        assert set(own.values()) <= set(self.tickets)
        assert owed == owing

    @invariant()
    def time_and_numbers_only_grow(self) -> None:
        at = self.look(lambda hall: hall.at)
        assert at >= self.last_at
        self.last_at = at
        assert len(set(self.days.opened)) == len(self.days.opened)
        for fact in self.new_facts():
            if isinstance(fact, DayOpened):
                self.numbers = {}
            elif isinstance(fact, TicketIssued):
                assert re.fullmatch(r"[A-CR]\d{3,4}", fact.label)
                self.numbers.setdefault(fact.series, []).append(fact.number)
            elif isinstance(fact, NumbersVoided):
                self.numbers.setdefault(fact.series, []).extend(range(fact.first, fact.last + 1))
            elif isinstance(fact, DayClosed) and fact.day == self.days.opened[-1]:
                self.each_number_is_a_ticket_or_void_once()

    def each_number_is_a_ticket_or_void_once(self) -> None:
        """Of what the hall went past, of what kiosks had in reserve, and of what was torn off a roll."""
        for prefix, numbers in self.numbers.items():
            blocks = [one for one in self.model.reserves if self.model.prefixes[one.service] == prefix]
            mine = {*range(1, self.model.tops.get(prefix, 0) + 1)}
            mine |= {number for one in blocks for number in range(one.first, one.last + 1)}
            rolled = range(min(numbers), max(numbers) + 1) if prefix not in self.model.prefixes.values() else ()
            assert sorted(numbers) == sorted({*mine, *rolled})
