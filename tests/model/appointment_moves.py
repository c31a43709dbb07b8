"""The moves of appointments: made, cancelled, checked in at any moment, also twice, too early and too late."""

from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core import commands as c
from hall_server.core.appointments import Slots
from tests.model.moves import SERVICES, services
from tests.model.sign_moves import SignMachine

SLOT_S, ROOM, EARLY_S, LATE_S, DAY_S = 900, 2, 1800, 900, 86_400
SLOTS = tuple(Slots(service, 0, 24 * 60, SLOT_S // 60, ROOM) for service in SERVICES)


@dataclass
class Expected:
    """One line of the paper on which appointments stand."""

    service: str
    at: float
    state: str = "open"


class AppointmentMachine(SignMachine):
    """Whoever has an appointment stands in line by its time."""

    def __init__(self) -> None:
        self.expected: dict[str, Expected] = {}
        super().__init__()

    @rule(service=services, ahead=st.integers(0, 2))
    def book(self, service: str, ahead: int) -> None:
        at = (self.effective() // SLOT_S + 1 + ahead) * SLOT_S
        there = [one for one in self.expected.values() if (one.service, one.at) == (service, at)]
        full = sum(one.state != "cancelled" for one in there) >= ROOM
        name, code = self.name("a"), self.no_slot(service, at) or ("slot_full" if full else None)
        self.expect(c.Book(name, service, at), code)
        if code is None:
            self.expected[name] = Expected(service, at)

    @precondition(lambda self: self.expected)
    @rule(data=st.data())
    def cancel_appointment(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.expected)))
        code = self.gone(name)
        if code is None and self.look(lambda hall: hall.appointments[name].state) == "no_show":
            assert self.effective() > self.expected[name].at + LATE_S
            code = "appointment_over"
        self.expect(c.CancelAppointment(name), code)
        if code is None:
            self.expected[name].state = "cancelled"

    @precondition(lambda self: self.expected)
    @rule(
        data=st.data(), offset_s=st.sampled_from([None, -EARLY_S - 1, -EARLY_S, 0, LATE_S, LATE_S + 1]),
        walk_in=st.booleans(),
    )  # fmt: skip
    def check_in(self, data: st.DataObject, offset_s: int | None, walk_in: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.expected)))
        one, ticket = self.expected[name], self.name("t")
        if offset_s is not None and one.at + offset_s > self.effective():
            self.clock.now = one.at + offset_s
        now = self.effective()
        code, late = self.gone(name), now > one.at + LATE_S
        if code is None and now < one.at - EARLY_S:
            code = "too_early"
        if code is None and late and not walk_in:
            code = "too_late"
        if code is None:
            code = self.no_ticket(one.service, promised=not late)
        self.expect(c.CheckIn(name, ticket, f"code-{ticket}", None, walk_in=walk_in), code)
        if code is None:
            one.state = "checked_in"
            self.taken(ticket, one.service, now if late else one.at)

    def no_slot(self, service: str, at: float) -> str | None:
        """Why there are no appointments at a time: the calendar may have one."""
        return None

    def gone(self, name: str) -> str | None:
        """Why an appointment is none any more."""
        if self.look(lambda hall: name not in hall.appointments):
            assert self.effective() >= self.expected[name].at + DAY_S
            return "unknown_appointment"
        return {"open": None, "cancelled": "appointment_over"}.get(self.expected[name].state, "checked_in")
