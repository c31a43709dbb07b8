"""The moves of a hall's day: windows that drain or go on calling, and windows that help out with another service."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from hall_server.core import commands as c
from hall_server.core import routing
from tests.model.moves import WINDOWS, services, windows
from tests.model.plain import Draining
from tests.model.redirect_moves import RedirectMachine

LONG_S = 720 * 60  # half a day: over only when the clock jumps


class DayMachine(RedirectMachine):
    """Every move of the desks and of devices, while windows close and help."""

    @rule(window=windows)
    def drain(self, window: str) -> None:
        there = "already_draining" if window in self.model.draining else None
        until = self.effective() + LONG_S
        self.expect(c.Drain(window, 720), there if self.model.open else "day_closed")
        if self.model.open:
            self.model.draining.setdefault(window, Draining(until, by_hand=True))

    @precondition(lambda self: self.model.draining)
    @rule(data=st.data())
    def keep_open(self, data: st.DataObject) -> None:
        window = data.draw(st.sampled_from(sorted(self.model.draining)))
        self.expect(c.KeepOpen(window), None)
        self.model.kept_until[window] = self.model.draining.pop(window).until
        self.expect(c.KeepOpen(window), "not_draining")

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
        assert self.look(lambda hall: {w: now.until for w, now in hall.windows.items() if now.until is not None}) == {
            window: closing.until for window, closing in self.model.draining.items()
        }
