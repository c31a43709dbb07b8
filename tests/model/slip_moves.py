"""The moves of slips that customers take home: what was missing and what is fetched later, come with once, in time."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from hall_server.core import commands as c
from hall_server.core.commands.pickups import ComeForPickUp, MarkReady, PromisePickUp
from hall_server.core.materials import Checklist, Material, QuickReturn
from hall_server.core.pickups import PickUpRules
from tests.model.evening_moves import DAY_S, EAST_S, EveningMachine
from tests.model.moves import windows
from tests.model.plain import PlainTicket, TakenHome
from tests.model.queue_moves import often

SOONER_S, RETURN_DAYS, FETCH_DAYS = 300, 1, 2
BRINGS = {"id": ("photo", "form"), "loans": ("payslip",)}  # what customers need; for the other service nothing
FETCHED = {"id": "tax", "loans": "loans"}  # in whose queue one fetches what these promise; the other promises nothing
WRONG = ("passport",)  # is on no list


class SlipMachine(EveningMachine):
    """A hall whose customers go home with a slip in their hands, and come back with it."""

    config = replace(
        EveningMachine.config,
        services=tuple(replace(one, pickup=FETCHED.get(one.id, "")) for one in EveningMachine.config.services),
        checklists=tuple(Checklist(s, tuple(Material(m, m, m) for m in needs)) for s, needs in BRINGS.items()),
        quick_return=QuickReturn(RETURN_DAYS, SOONER_S), pickup=PickUpRules(FETCH_DAYS),
    )  # fmt: skip

    def __init__(self) -> None:
        self.taken_home: dict[str, TakenHome] = {}
        super().__init__()

    def end_of(self, days: int) -> float:
        """The midnight after so many more days, where the hall stands."""
        now = self.effective()
        return now - (now + EAST_S) % DAY_S + (days + 1) * DAY_S

    def no_missing(self, ticket: PlainTicket | None, items: tuple[str, ...]) -> str | None:
        """Why nothing is written on a slip."""
        if ticket is None:
            return "illegal_move"
        if not items:
            return "nothing_missing"
        return None if set(items) <= set(BRINGS.get(ticket.service, ())) else "other_checklist"

    @rule(window=windows, data=st.data(), anybody=often, comes=st.booleans())
    def tell_missing(self, window: str, data: st.DataObject, anybody: bool, comes: bool) -> None:
        if anybody:
            self.somebody_at(window)
        ticket, slip = self.model.at(window), self.name("m")
        lists = [*BRINGS.values(), BRINGS["id"][:1], WRONG, ()]
        needs = BRINGS.get(ticket.service, ()) if ticket else ()
        items = data.draw(st.sampled_from([needs, needs, needs[:1], needs[-1:], *lists]))
        code = self.no_missing(ticket, items)
        self.expect(c.TellMissing(window, items, slip, f"code-{slip}", f"page-{slip}"), code)
        if ticket is not None and code is None:
            self.taken_home[slip] = TakenHome(ticket.service, self.end_of(RETURN_DAYS), sooner_s=SOONER_S)
            self.model.finish(ticket, work=False)
            if comes:
                self.come_with(slip)

    @rule(window=windows, anybody=often, ready=st.booleans())
    def promise(self, window: str, anybody: bool, ready: bool) -> None:
        if anybody:
            self.somebody_at(window)
        ticket, slip = self.model.at(window), self.name("p")
        queue = FETCHED.get(ticket.service) if ticket else None
        code = "illegal_move" if ticket is None else None if queue else "no_pickup"
        self.expect(PromisePickUp(window, slip, f"code-{slip}", f"page-{slip}"), code)
        if ticket is not None and queue:
            self.taken_home[slip] = TakenHome(queue, self.end_of(FETCH_DAYS), ready=False)
            self.model.finish(ticket)
            if ready:
                self.say_ready(slip, ready=True)

    @precondition(lambda self: any(slip.fetched for slip in self.taken_home.values()))
    @rule(data=st.data(), ready=often)
    def mark_ready(self, data: st.DataObject, ready: bool) -> None:
        name = data.draw(st.sampled_from(sorted(n for n, slip in self.taken_home.items() if slip.fetched)))
        self.say_ready(name, ready=ready)

    def say_ready(self, name: str, *, ready: bool) -> None:
        slip = self.taken_home[name]
        code = "unknown_pickup" if self.forgotten(name) else "pickup_over" if slip.come else None
        self.expect(MarkReady(name, ready), code)
        if code is None and slip.ready is not ready:
            slip.ready, slip.until = ready, self.end_of(FETCH_DAYS)

    @precondition(lambda self: self.taken_home)
    @rule(data=st.data(), wait=st.sampled_from(["", "", "", "last moment", "too late"]))
    def come_with_slip(self, data: st.DataObject, wait: str) -> None:
        good = sorted(name for name, slip in self.taken_home.items() if slip.good(self.effective()))
        name = data.draw(st.sampled_from(good or sorted(self.taken_home)))
        slip = self.taken_home[name]
        if wait and not slip.come and slip.until > self.effective():
            self.clock.now = slip.until - (wait == "last moment")
        self.come_with(name)

    def come_with(self, name: str) -> None:
        """Come with a slip; if a ticket is given out for it, none is a second time."""
        slip, ticket = self.taken_home[name], self.name("t")
        code = self.no_use(name, slip) or self.no_ticket(slip.service)
        come = ComeForPickUp if slip.fetched else c.ComeBack
        self.expect(come(name, ticket, f"code-{ticket}"), code)
        if code is None:
            slip.come = True
            self.taken(ticket, slip.service, self.came_at(ticket) - slip.sooner_s)
            again = self.name("t")
            self.expect(come(name, again, f"code-{again}"), "code_used")

    def no_use(self, name: str, slip: TakenHome) -> str | None:
        """Why a code is good for nothing."""
        if self.forgotten(name):
            return "unknown_slip"
        if slip.come:
            return "code_used"
        if self.effective() >= slip.until:
            return "code_expired"
        return None if slip.ready else "pickup_not_ready"

    def forgotten(self, name: str) -> bool:
        """Whether the hall knows a slip no more: only those that are over are not carried over a night."""
        if self.look(lambda hall: hall.written(name) is not None):
            return False
        assert self.effective() >= self.taken_home[name].until
        return True

    @rule(window=windows, fetched=st.booleans())
    def a_slip_is_taken_back(self, window: str, fetched: bool) -> None:
        """With the move by which it was written the slip is void: the code on it is good for nothing."""
        slip, ticket = self.name("v"), self.name("t")
        at = self.model.at(window)
        items = BRINGS.get(at.service, ()) if at else ()
        promised = PromisePickUp(window, slip, f"code-{slip}", f"page-{slip}")
        missing = c.TellMissing(window, items, slip, f"code-{slip}", f"page-{slip}")
        if self.taken_back(window, promised if fetched else missing):
            come = ComeForPickUp if fetched else c.ComeBack
            self.expect(come(slip, ticket, f"code-{ticket}"), "unknown_slip")

    @precondition(lambda self: self.look(lambda hall: hall.owed_slips()))
    @rule(data=st.data(), outcome=st.sampled_from(["claim", "claim", "printed", "failed", "unconfirmed"]))
    def a_printer_tells(self, data: st.DataObject, outcome: str) -> None:
        owed = self.look(lambda hall: [(s.id, s.printer, s.attempt, s.state) for s in hall.owed_slips()])
        slip, printer, attempt, state = data.draw(st.sampled_from(owed))
        told = c.ReportSlip(slip, printer, attempt, outcome, "OK", ("no_paper",) if outcome == "failed" else ())
        self.expect(told, "slip_claimed" if (outcome, state) == ("claim", "printing") else None)
        now, tries = self.look(lambda hall: (hall.slips[slip].state, hall.slips[slip].attempt))
        assert (now, tries) in {
            "claim": [("printing", attempt)], "failed": [("owed", attempt + 1), ("failed", attempt)]
        }.get(outcome, [(outcome, attempt)])  # fmt: skip

    @invariant()
    def slips_are_good_for_what_is_on_the_paper(self) -> None:
        known = self.look(
            lambda hall: {
                **{name: (one.service, one.until, True, one.back is not None) for name, one in hall.missing.items()},
                **{
                    name: (one.service, one.until, one.ready_at is not None, one.back is not None)
                    for name, one in hall.pickups.items()
                },
            }
        )
        assert known == {
            name: (slip.service, slip.until, slip.ready, slip.come)
            for name, slip in self.taken_home.items()
            if name in known or slip.until > self.look(lambda hall: hall.at)
        }
