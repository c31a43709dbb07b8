"""The moves of a calendar: services that close, windows that drain by themselves, and who signs the evening off."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core import commands as c
from hall_server.core.calendar import Calendar, Hours, Span
from tests.model.appointment_moves import SLOT_S
from tests.model.leave_moves import LeaveMachine
from tests.model.moves import services
from tests.model.plain import Draining

DAY_S, HOUR_S = 86_400, 3600
EAST_S = 8 * HOUR_S  # where the hall stands midnight comes so much earlier than in Greenwich
DRAIN_S, ON_DUTY = 15 * 60, "1"
OPEN_H = {"loans": (9, 17)}  # the other services are open all day long
EVERY_DAY = tuple(range(7))
CALENDAR = Calendar(
    (
        Hours(EVERY_DAY, (Span("00:00", "24:00"),)),
        *(Hours(EVERY_DAY, (Span(f"{a:02}:00", f"{z:02}:00"),), one) for one, (a, z) in OPEN_H.items()),
    )
)


class EveningMachine(LeaveMachine):
    """A hall that knows its hours."""

    config = replace(LeaveMachine.config, calendar=CALENDAR, day=replace(LeaveMachine.config.day, duty=(ON_DUTY,)))

    def __init__(self) -> None:
        self.signed_off = ""
        super().__init__()

    def span(self, service: str) -> tuple[float, float]:
        """When a service opens and closes on the day that it is."""
        now = self.effective()
        midnight = now - (now + EAST_S) % DAY_S
        opens, closes = OPEN_H.get(service, (0, 24))
        return midnight + opens * HOUR_S, midnight + closes * HOUR_S

    def open_now(self, service: str) -> bool:
        opens, closes = self.span(service)
        return opens <= self.effective() < closes

    def no_slot(self, service: str, at: float) -> str | None:
        opens, closes = OPEN_H.get(service, (0, 24))
        since_midnight = (at + EAST_S) % DAY_S
        return None if opens * HOUR_S <= since_midnight <= closes * HOUR_S - SLOT_S else "no_slot"

    @rule(service=services, before_s=st.sampled_from([DRAIN_S + 1, DRAIN_S, 0, -HOUR_S]))
    def evening_comes(self, service: str, before_s: int) -> None:
        """To the moment around which a service closes, or to long after it, where that is still ahead."""
        for _ in self.model.windows:
            self.tick()
        self.clock.now = max(self.clock.now, self.span(service)[1] - before_s)
        self.tick()

    @precondition(lambda self: not self.model.open)
    @rule()
    def sign_off(self) -> None:
        day = self.days.opened[-1]
        code = "already_signed" if self.signed_off == day else None
        self.expect(c.SignOffDay(), code)
        if code is None:
            self.signed_off = day
        assert self.look(lambda hall: hall.signed_off.day if hall.signed_off else "") == self.signed_off

    def tick(self) -> None:
        now = self.effective()
        closing = {window: self.closing_time(window) for window in self.model.windows}
        super().tick()
        for window, ends in closing.items() if self.model.open else ():
            soon, there = ends is not None and ends - now <= DRAIN_S, self.model.draining.get(window)
            kept = self.model.kept_until.get(window) == ends
            if there is None and ends is not None and soon and window != ON_DUTY and not kept:
                self.model.draining[window] = Draining(ends, by_hand=False)
            elif there is not None and not there.by_hand and now >= there.until and ends is not None and not soon:
                del self.model.draining[window]
                self.model.kept_until.pop(window, None)

    def closing_time(self, window: str) -> float | None:
        """When the last of the services closes that a window has by the settings and that are open now."""
        return max((self.span(s)[1] for s in self.model.windows[window] if self.open_now(s)), default=None)
