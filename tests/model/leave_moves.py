"""The moves of clerks who come and go: they sign in, ask to leave, stand in for others, and leave word to the next."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from hall_server.core import commands as c
from hall_server.core.calendar import DayRules
from hall_server.core.config import Clerk
from hall_server.core.hall import Hall
from tests.model.day_moves import DayMachine
from tests.model.moves import OUTSTANDING, windows
from tests.model.plain import LeftWord

SKILLS = {"li": ("id",), "xu": ("tax", "loans")}  # Zhao, who is not named, can do everything
RELEASE_S = 300
clerks = st.sampled_from(["clerk:li", "clerk:xu", "clerk:zhao"])


class LeaveMachine(DayMachine):
    """A hall where it counts who sits at a window, and which changes its rules while it is open."""

    config = replace(
        DayMachine.config, clerks=tuple(Clerk(name, can) for name, can in SKILLS.items()),
        day=DayRules(idle_min=1, release_min=RELEASE_S // 60),
    )  # fmt: skip

    def __init__(self) -> None:
        self.sign_ins: list[tuple[str, str]] = []
        super().__init__()
        self.model.skills = {f"clerk:{name}": set(can) for name, can in SKILLS.items()}

    @rule(leave=st.sampled_from(["inform", "cover", "approval"]), crowd=st.sampled_from([0, 0, 6, 10]))
    def choose_rules(self, leave: str, crowd: int) -> None:
        self.choose(day=replace(self.chosen.day, leave=leave, crowd=crowd))
        self.model.leave, self.model.limits[""] = leave, crowd

    @rule(window=windows, cover=st.sampled_from(["", "sun"]), approved_by=st.sampled_from(["", "manager:wang"]))
    def pause(self, window: str, cover: str, approved_by: str) -> None:
        policy = self.model.leave
        goes = bool(approved_by) or policy == "inform" or (policy == "cover" and bool(cover))
        code = None
        if not self.model.open:
            code = "day_closed"
        elif window in self.model.paused:
            code = "already_paused"
        elif not goes and policy == "cover":
            code = "cover_needed"
        elif not goes and window in self.model.asks:
            code = "already_asked"
        self.expect(c.Pause(window, "lunch", cover, approved_by), code)
        if code is None:
            (self.model.paused if goes else self.model.asks).add(window)
            self.model.asks -= self.model.paused

    @precondition(lambda self: self.model.asks)
    @rule(data=st.data(), allow=st.booleans())
    def answer_leave(self, data: st.DataObject, allow: bool) -> None:
        window = data.draw(st.sampled_from(sorted(self.model.asks)))
        self.expect(c.AnswerLeave(window, allow, "manager:wang"), None)
        self.model.asks.discard(window)
        if allow:
            self.model.paused.add(window)
        self.expect(c.AnswerLeave(window, allow, "manager:wang"), "no_question")

    @precondition(lambda self: self.model.paused | self.model.asks)
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        """Who is back, or does not want to leave any more."""
        window = data.draw(st.sampled_from(sorted(self.model.paused | self.model.asks)))
        self.expect(c.Resume(window), None)
        self.model.paused.discard(window)
        self.model.asks.discard(window)
        self.expect(c.Resume(window), "not_paused")

    @rule(window=windows, clerk=clerks)
    def sign_in(self, window: str, clerk: str) -> None:
        credential = self.name("sign-in")
        self.expect(c.Grant(credential, "session", "clerk", clerk.removeprefix("clerk:"), window), None)
        self.sign_ins.append((window, credential))
        if self.model.seats.get(window, (clerk, ""))[0] == clerk:
            self.model.sit(window, clerk, credential)

    @rule(window=windows, clerk=clerks, reason=st.sampled_from(["", "they have gone"]))
    def take_over(self, window: str, clerk: str, reason: str) -> None:
        before = self.model.seats.get(window, ("", ""))[0]
        self.expect(
            c.Attend(window, clerk, "page", reason), "taken_over" if before not in ("", clerk) and not reason else None
        )
        if before != clerk and (reason or not before):
            self.model.sit(window, clerk, "page")

    @precondition(lambda self: self.model.seats)
    @rule(data=st.data(), silent_s=st.sampled_from([RELEASE_S - 1, RELEASE_S]))
    def fall_silent(self, data: st.DataObject, silent_s: int) -> None:
        """Released is who is not heard for five minutes, unless there was work at the window meanwhile."""
        window = data.draw(st.sampled_from(sorted(self.model.seats)))
        worked = self.look(lambda hall: hall.windows[window].last_active)
        quiet = worked is None or self.effective() - worked >= RELEASE_S
        self.expect(c.FallSilent(window, self.model.seats[window][0], silent_s), None)
        if quiet and silent_s >= RELEASE_S:
            self.leave(window)

    def leave(self, window: str) -> None:
        del self.model.seats[window]
        if self.model.open:
            self.model.empty.add(window)

    @precondition(lambda self: self.sign_ins)
    @rule(data=st.data())
    def sign_out(self, data: st.DataObject) -> None:
        window, credential = data.draw(st.sampled_from(self.sign_ins[-4:]))
        self.expect(c.Revoke(credential), None)
        for seat in [w for w, (_, by) in self.model.seats.items() if by == credential]:
            self.leave(seat)

    @rule(window=windows, clerk=clerks, previous=st.sampled_from([None, "served", "absent"]))
    def clerk_calls(self, window: str, clerk: str, previous: str | None) -> None:
        self.press_next(window, previous, clerk)

    @rule(window=windows, clerk=clerks)
    def hand_over(self, window: str, clerk: str) -> None:
        """What it says is still the clerk's: who is at the window, waits for it, or was set aside there."""
        self.expect(c.HandOver(window, clerk, "see the note"), None)
        self.model.words[window] = LeftWord(clerk)
        theirs = (t for t in self.model.tickets if t.state in OUTSTANDING)
        mine = [t.label for t in theirs if window in (t.window, t.sent_to, t.held and t.state == "held" and t.held[0])]
        assert self.look(lambda hall: hall.handovers[window].tickets) == tuple(sorted(mine))

    @precondition(lambda self: any(not word.read for word in self.model.words.values()))
    @rule(data=st.data(), clerk=clerks)
    def sign_for_it(self, data: st.DataObject, clerk: str) -> None:
        window = data.draw(st.sampled_from(sorted(w for w, word in self.model.words.items() if not word.read)))
        word = self.model.words[window]
        self.expect(c.SignHandover(window, clerk), "same_person" if word.by == clerk else None)
        word.read = word.by != clerk
        if word.read and self.model.seats.get(window, (clerk, ""))[0] != clerk:
            self.model.sit(window, clerk, "")
        if word.read:
            self.expect(c.SignHandover(window, clerk), "no_handover")

    def tick(self) -> None:
        seen = self.model.crowds()
        super().tick()
        if self.model.open:
            self.model.gather(seen)

    @invariant()
    def everybody_sits_asks_and_has_written_as_on_the_paper(self) -> None:
        def seen(hall: Hall) -> Any:
            asks = {window for window, now in hall.windows.items() if now.asks is not None}
            seats = {window: (seat.clerk, seat.credential) for window, seat in hall.seats.items()}
            words = {window: LeftWord(one.by, one.signed_at is not None) for window, one in hall.handovers.items()}
            empty = {window for window, now in hall.windows.items() if now.unattended is not None}
            return asks, seats, empty, words, set(hall.crowds)

        model = self.model
        assert self.look(seen) == (model.asks, model.seats, model.empty, model.words, model.crowded)
