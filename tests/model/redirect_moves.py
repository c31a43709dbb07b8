"""The moves of a hall that asks before it redirects: declared, answered yes or no, and verified."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from hall_server.core import commands as c
from hall_server.core.config import OnFault
from tests.core.scene import CONFIG
from tests.model.appointment_moves import SLOTS
from tests.model.away_moves import AWAY, AwayMachine

SCANNER, AT = "scanner2", "2"


class RedirectMachine(AwayMachine):
    """Dead signs redirect at once, as ever; for the scanner of window 2 the hall asks a person."""

    config = replace(CONFIG, on_window_failure=OnFault.ASK, appointments=SLOTS, away=AWAY)

    def __init__(self) -> None:
        self.scanner: str | None = None
        self.asking = False
        super().__init__()

    @precondition(lambda self: self.scanner is None)
    @rule()
    def scanner_breaks(self) -> None:
        self.scanner = self.name("r")
        self.expect(c.DeclareFault(SCANNER, self.scanner), None)
        self.asking = self.model.can_go(AT)
        self.expect(c.DeclareFault(SCANNER, "r-again"), "already_reported")

    @precondition(lambda self: self.asking)
    @rule(yes=st.booleans())
    def answer(self, yes: bool) -> None:
        impossible = yes and not self.model.can_go(AT)
        self.expect(c.AnswerProposal(AT, apply=yes), "no_other_window" if impossible else None)
        if impossible:
            return
        self.asking = False
        if yes and self.scanner:
            self.model.shut_down(AT, self.scanner)
        self.expect(c.AnswerProposal(AT, apply=yes), "no_proposal")

    @precondition(lambda self: self.scanner)
    @rule()
    def scanner_works(self) -> None:
        self.expect(c.VerifyRepair(SCANNER), None)
        if self.scanner:
            self.model.reopen(AT, self.scanner)
        self.scanner, self.asking = None, False
        self.expect(c.VerifyRepair(SCANNER), "no_repair")
