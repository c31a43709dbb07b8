"""The moves of a hall's day: windows that drain or go on calling, and windows that help out with another service."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from hall_server.core import routing
from hall_server.core.rules import commands as c
from tests.model.moves import WINDOWS, services, windows
from tests.model.redirect_moves import RedirectMachine

LONG_S = 720 * 60  # half a day: over only when the clock jumps


class DayMachine(RedirectMachine):
    """Every move of the desks and of devices, while windows close and help."""

    @rule(window=windows)
    def drain(self, window: str) -> None:
        there = "already_draining" if window in self.model.draining else None
        self.expect(c.Drain(window, 720), there if self.model.open else "day_closed")
        if self.model.open:
            self.model.draining.add(window)

    @rule(window=windows)
    def keep_open(self, window: str) -> None:
        self.expect(c.KeepOpen(window), None if window in self.model.draining else "not_draining")
        self.model.draining.discard(window)

    @rule(window=windows, service=services, ends=st.booleans())
    def help_out(self, window: str, service: str, ends: bool) -> None:
        helps = service in self.model.also.get(window, ())
        own = service in self.model.windows[window]
        code = ("not_helping" if not helps else None) if ends else "same_place" if own else None
        self.expect(c.Substitute(window, service, 0 if ends else 720), code if self.model.open else "day_closed")
        helping = self.model.also.setdefault(window, {})
        if self.model.open and code is None and ends:
            del helping[service]
        elif self.model.open and code is None:
            helping[service] = self.effective() + LONG_S

    def tick(self) -> None:
        at = self.effective()
        super().tick()
        for helping in self.model.also.values():
            for service in [one for one, until in helping.items() if at >= until]:
                del helping[service]

    @invariant()
    def a_draining_window_leaves_to_others_what_others_have(self) -> None:
        assert self.look(lambda hall: {w: set(routing.eligible(hall, w)) for w in WINDOWS}) == {
            w: self.model.may_call(w) for w in WINDOWS
        }
