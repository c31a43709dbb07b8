"""The moves of a paper roll: numbers handed out, served and left by hand, entered later, in their order and once."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from hall_server.core import commands as c
from hall_server.core.commands.rolls import EnterHandedOut, EnterLeft, EnterServed, SpoilNumbers, Stretch
from hall_server.core.series import Series
from tests.model.moves import services, windows
from tests.model.plain import PlainTicket
from tests.model.policy_moves import PolicyMachine

ROLL, ENDS = "R", 20
ON_ROLL = (*PolicyMachine.config.series, Series(ROLL, first=1, last=ENDS, printed=True))
stretches = st.tuples(st.integers(1, ENDS), st.sampled_from([0, 0, 1, 4])).map(lambda s: (s[0], sum(s)))
moments = st.sampled_from([0.0, 0.25, 0.5, 1.0])  # between the opening and now


@dataclass
class TornOff:
    """A number of the roll that somebody spoke of: its place on the paper, and when its customer came, if known."""

    place: int | None = None
    came_at: float | None = None


class RollMachine(PolicyMachine):
    """A hall with a roll at the door, for when nothing works."""

    config = replace(PolicyMachine.config, series=ON_ROLL)

    def __init__(self) -> None:
        self.torn: dict[int, TornOff] = {}
        self.day_began = 0.0
        super().__init__()

    def opened(self) -> None:
        super().opened()
        self.torn, self.day_began = {}, self.last_at

    def moment(self, part: float) -> float:
        return min(round(self.day_began + (self.effective() - self.day_began) * part, 3), self.effective())

    def no_roll(self, last: int) -> str | None:
        if not self.model.open:
            return "day_closed"
        return "not_on_roll" if last > ENDS else None

    @rule(stretch=stretches, service=services, since=moments, until=moments)
    def hand_out(self, stretch: tuple[int, int], service: str, since: float, until: float) -> None:
        (first, last), (begins, ends) = stretch, (self.moment(since), self.moment(until))
        names = tuple((name, f"code-{name}") for name in (self.name("t") for _ in range(first, last + 1)))
        code = self.no_roll(last) or self.not_new(first, last, begins, ends)
        self.expect(EnterHandedOut(Stretch(ROLL, first, last), service, begins, ends, names), code)
        for step, number in enumerate(range(first, last + 1) if code is None else ()):
            came_at = round(begins + (ends - begins) * step / max(1, last - first), 3)
            called = self.torn.get(number)
            if called is not None and called.place is not None:
                ticket, name = self.model.tickets[called.place], self.tickets[called.place]
                ticket.arrival = self.arrival_of(name)
                assert ticket.arrival <= came_at
                called.came_at = came_at if ticket.arrival == came_at else ticket.arrival
            else:
                self.torn[number] = TornOff(len(self.tickets), came_at)
                self.write_down(names[step][0], service, number, came_at)

    def arrival_of(self, name: str) -> float:
        return float(self.look(lambda hall: hall.tickets[name].arrival))

    def not_new(self, first: int, last: int, begins: float, ends: float) -> str | None:
        """Why these numbers cannot have been handed out then."""
        numbers = range(first, last + 1)
        known = [number for number in numbers if number in self.torn and not self.only_called(number)]
        if known or any(f"{ROLL}{number:03}" in self.there() for number in numbers):
            return "already_entered"
        before = [one.came_at for number, one in self.torn.items() if number < first and one.came_at is not None]
        after = [one.came_at for number, one in self.torn.items() if number > last and one.came_at is not None]
        wrong = ends < begins or max(before, default=begins) > begins or min(after, default=ends) < ends
        return "not_in_order" if wrong else None

    def only_called(self, number: int) -> bool:
        return self.torn[number].place is not None and self.torn[number].came_at is None

    def there(self) -> set[str]:
        """The labels of yesterday's customers."""
        return {ticket.label for ticket in self.model.tickets if ticket.guest}

    def write_down(self, name: str, service: str, number: int, came_at: float) -> None:
        self.tickets.append(name)
        label = self.model.enter(service, number, came_at, prefix=ROLL)
        assert self.look(lambda hall: (hall.tickets[name].label, hall.tickets[name].arrival)) == (label, came_at)
        self.days.labels.add((self.days.opened[-1], label))

    def entered(self, first: int, last: int) -> list[PlainTicket] | None:
        """The tickets of these numbers; None when one has not been entered."""
        known = [self.torn.get(number, TornOff()) for number in range(first, last + 1)]
        found = [self.model.tickets[one.place] for one in known if one.place is not None and one.came_at is not None]
        return found if len(found) == len(known) else None

    def one_of(self, stretch: tuple[int, int]) -> tuple[int, int]:
        """Mostly one number that has been entered, if any has: of others nothing can be told."""
        known = sorted(number for number, one in self.torn.items() if one.came_at is not None)
        return (known[stretch[0] % len(known)],) * 2 if known and stretch[0] > ENDS // 4 else stretch

    @rule(stretch=stretches, window=windows, since=moments, until=moments)
    def serve_by_hand(self, stretch: tuple[int, int], window: str, since: float, until: float) -> None:
        (first, last), (begins, ends) = self.one_of(stretch), (self.moment(since), self.moment(until))
        code, mine = self.no_roll(last), self.entered(first, last)
        if code is None and ends < begins:
            code = "not_in_order"
        if code is None:
            each = (ends - begins) / (last - first + 1)
            code = self.not_done(mine, [round(begins + each * step, 3) for step in range(last - first + 1)])
        self.expect(EnterServed(Stretch(ROLL, first, last), window, begins, ends), code)
        for ticket in mine or () if code is None else ():
            self.model.end(ticket, "done")

    @rule(stretch=stretches, at=moments)
    def leave_by_hand(self, stretch: tuple[int, int], at: float) -> None:
        (first, last), moment = self.one_of(stretch), self.moment(at)
        mine = self.entered(first, last)
        code = self.no_roll(last) or self.not_done(mine, [moment] * (last - first + 1))
        self.expect(EnterLeft(Stretch(ROLL, first, last), moment), code)
        for ticket in mine or () if code is None else ():
            self.model.end(ticket, "cancelled")

    def not_done(self, mine: list[PlainTicket] | None, moments: list[float]) -> str | None:
        """Why these customers cannot have been served, or have left, at those moments."""
        if mine is None:
            return "not_entered"
        if any(ticket.state != "waiting" for ticket in mine):
            return "illegal_move"
        early = any(at < ticket.arrival for ticket, at in zip(mine, moments, strict=True))
        return "not_in_order" if early else None

    @rule(stretch=stretches)
    def spoil(self, stretch: tuple[int, int]) -> None:
        first, last = stretch
        known = any(number in self.torn for number in range(first, last + 1))
        code = self.no_roll(last) or ("already_entered" if known else None)
        self.expect(SpoilNumbers(Stretch(ROLL, first, last)), code)
        for number in range(first, last + 1) if code is None else ():
            self.torn[number] = TornOff()

    @rule(window=windows, number=st.integers(1, ENDS))
    def call_from_the_roll(self, window: str, number: int) -> None:
        """Read from a slip in a customer's hand, for what the window serves first."""
        here, name, label = self.model.at(window), self.name("t"), f"{ROLL}{number:03}"
        if not self.model.open or (here is not None and here.state == "called") or self.not_calling(window):
            return
        if number in self.torn or label in self.there() or not self.model.may_call(window):
            return
        self.expect(c.CallTicket(window, label, None, "", name, f"code-{name}"), None)
        self.settle(here, None)
        self.model.empty.discard(window)
        service, came_at = self.look(lambda hall: (hall.tickets[name].service, hall.tickets[name].arrival))
        assert service in self.model.may_call(window)
        self.torn[number] = TornOff(len(self.tickets))
        self.write_down(name, service, number, came_at)
        self.model.put(self.model.tickets[-1], window)
