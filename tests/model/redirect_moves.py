"""The moves of a hall that asks before it redirects: by hand, declared, answered yes or no, and taken back."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from hall_server.core.config import OnFault
from hall_server.core.rules import commands as c
from tests.core.scene import CONFIG
from tests.model.appointment_moves import SLOTS
from tests.model.away_moves import AWAY, AwayMachine
from tests.model.moves import windows

MANUAL, SCANNER, AT = "manual", "scanner2", "2"


class RedirectMachine(AwayMachine):
    """Dead signs redirect at once, as ever; for the scanner of window 2 the hall asks a person."""

    config = replace(CONFIG, on_window_failure=OnFault.ASK, appointments=SLOTS, away=AWAY)

    def __init__(self) -> None:
        self.scanner: str | None = None
        self.asking = False
        super().__init__()

    @rule(window=windows)
    def redirect(self, window: str) -> None:
        by_hand = MANUAL in self.model.shut.get(window, ())
        code = "illegal_move" if by_hand else None if self.model.can_go(window) else "no_other_window"
        self.expect(c.Redirect(window), code)
        if code is None:
            self.model.shut_down(window, MANUAL)

    @rule(window=windows, reason=st.sampled_from(["", "crowd"]))
    def undo(self, window: str, reason: str) -> None:
        standing = self.model.shut.get(window, set())
        needed = None if MANUAL in standing or reason else "reason_needed"
        self.expect(c.Redirect(window, undo=True, reason=reason), needed if standing else "illegal_move")
        if MANUAL in standing:
            self.model.reopen(window, MANUAL)
        elif reason:
            self.model.kept |= standing
            standing.clear()

    @rule()
    def scanner_breaks(self) -> None:
        repair = self.name("r")
        self.expect(c.DeclareFault(SCANNER, repair), "already_reported" if self.scanner else None)
        if self.scanner is None:
            self.scanner, self.asking = repair, self.model.can_go(AT)

    @rule(yes=st.booleans())
    def answer(self, yes: bool) -> None:
        impossible = yes and not self.model.can_go(AT)
        code = "no_proposal" if not self.asking else "no_other_window" if impossible else None
        self.expect(c.AnswerProposal(AT, apply=yes), code)
        if code is None:
            self.asking = False
            if yes and self.scanner:
                self.model.shut_down(AT, self.scanner)

    @rule()
    def scanner_works(self) -> None:
        self.expect(c.VerifyRepair(SCANNER), None if self.scanner else "no_repair")
        if self.scanner:
            self.model.reopen(AT, self.scanner)
        self.scanner, self.asking = None, False
