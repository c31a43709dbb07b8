"""The moves of kiosks that nobody answers: numbers in reserve, told late or twice, and called before they were told."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from hall_server.core import commands as c
from hall_server.core.config import Away
from hall_server.core.hall import Hall
from tests.model.appointment_moves import AppointmentMachine
from tests.model.moves import SERVICES, services, windows
from tests.model.plain import Reserve
from tests.model.seen import label_at

AWAY = Away(block=6, first=501)
kiosks = st.sampled_from(["K1", "K2"])


class AwayMachine(AppointmentMachine):
    """Numbers that kiosks give out alone are in nobody else's hand."""

    @rule(kiosk=kiosks)
    def lease(self, kiosk: str) -> None:
        self.expect(c.Lease(kiosk, f"log-{kiosk}"), None if self.model.open else "day_closed")
        if not self.model.open:
            return
        for service in SERVICES:
            mine = [one for one in self.model.reserves if (one.kiosk, one.service) == (kiosk, service)]
            if sum(len(one.left) for one in mine) > AWAY.block // 2:
                continue
            tops = [one.last for one in self.model.reserves if one.service == service]
            prefix, there = self.model.prefixes[service], {t.label for t in self.model.tickets if t.guest}
            first = max([AWAY.first - 1, self.model.tops.get(prefix, 0), *tops]) + 1
            last, at = first + AWAY.block - 1, self.look(lambda hall: hall.at)
            left = [number for number in range(first, last + 1) if f"{prefix}{number}" not in there]
            self.model.reserves.append(Reserve(kiosk, service, left, at, first, last))

    @rule(kiosk=kiosks, service=services, age_s=st.sampled_from([0.0, 5.0, 3600.0]), again=st.booleans())
    def tell(self, kiosk: str, service: str, age_s: float, again: bool) -> None:
        mine = [one for one in self.model.reserves if (one.kiosk, one.service) == (kiosk, service)]
        block = next((one for one in mine if one.left), None)
        name, day = self.name("t"), self.days.opened[-1]
        number = block.left[0] if block else 999
        told = c.IssueAway(name, f"code-{name}", kiosk, f"log-{kiosk}", day, service, number, age_s)
        self.expect(told, "not_leased" if self.model.open and block is None else None)
        if not self.model.open or block is None:
            return
        block.left.pop(0)
        self.enter(name, service, number, self.told_at(kiosk, name))
        if again:
            seq = self.look(lambda hall: hall.seq)
            self.expect(told, None)
            assert self.look(lambda hall: hall.seq) == seq

    def told_at(self, kiosk: str, name: str) -> float:
        """When the customer of a told ticket came: after the numbers were leased, and in the order of its kiosk."""
        mine = [one for one in self.model.reserves if one.kiosk == kiosk]
        came_at, at = self.look(lambda hall: (hall.tickets[name].came_at, hall.at))
        assert max(one.told_at for one in mine) <= came_at <= at
        mine[0].told_at = came_at
        return float(came_at)

    def enter(self, name: str, service: str, number: int, came_at: float) -> None:
        """A ticket with a number of a block stands on the paper, too."""
        self.tickets.append(name)
        label = self.model.enter(service, number, came_at)
        assert self.look(lambda hall: hall.tickets[name].label) == label
        assert (self.days.opened[-1], label) not in self.days.labels
        self.days.labels.add((self.days.opened[-1], label))

    @precondition(lambda self: self.model.open)
    @rule(window=windows, kiosk=kiosks, service=services, tells=st.booleans())
    def call_what_nobody_has_told(self, window: str, kiosk: str, service: str, tells: bool) -> None:
        block = next((o for o in self.model.reserves if (o.kiosk, o.service) == (kiosk, service) and o.left), None)
        here = self.model.at(window)
        if block is None or (here is not None and here.state == "called") or self.not_calling(window):
            return
        number, name = block.left[-1], self.name("t")
        code = None if service in self.model.may_call(window) else "other_service"
        label = f"{self.model.prefixes[service]}{number}"
        self.expect(c.CallTicket(window, label, None, "has a slip", name, f"code-{name}"), code)
        if code is not None:
            return
        block.left.pop()
        self.settle(here, None)
        self.model.empty.discard(window)
        self.enter(name, service, number, self.look(lambda hall: hall.tickets[name].came_at))
        self.model.put(self.model.tickets[-1], window)
        assert self.look(lambda hall: label_at(hall, window)) == label
        if tells:
            late = self.name("t")
            day = self.days.opened[-1]
            self.expect(
                c.IssueAway(late, f"code-{late}", kiosk, f"log-{kiosk}", day, service, number, 9.0), None
            )  # fmt: skip
            self.model.tickets[-1].arrival = self.told_at(kiosk, name)
            assert self.look(lambda hall: hall.codes[f"code-{late}"]) == name

    @invariant()
    def a_leased_number_has_one_holder_and_is_a_ticket_or_left(self) -> None:
        def blocks(hall: Hall) -> list[tuple[str, str, int, int, int]]:
            return [(b.kiosk, b.service, b.first, b.last, b.left) for b in hall.blocks.values()]

        expected = [(o.kiosk, o.service, o.first, o.last, len(o.left)) for o in self.model.reserves]
        assert self.look(blocks) == expected
