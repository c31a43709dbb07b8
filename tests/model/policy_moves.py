"""The moves of a hall that chooses: who is next, what is a crowd, how far numbers go, and who may stay overnight."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from hall_server.core import commands as c
from hall_server.core.busy import CrowdRule
from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.core.series import Series
from tests.model.moves import services
from tests.model.plain_policy import PlainPolicy
from tests.model.slip_moves import SlipMachine

FIRST, ORDINARY = "vip", "all"
HEAD_START_S, RATE, RANK = 90, 3, 0
CLASSES = (CustomerClass(FIRST, "", "", HEAD_START_S, RATE, RANK), CustomerClass(ORDINARY))
KINDS = ("fifo", "head_start", "accumulating", "strict", "quota")
NUMBERS = {"head_start": (HEAD_START_S, 0), "accumulating": (RATE, 1), "strict": (RANK, 1)}  # of either class
PATTERN = (FIRST, ORDINARY, ORDINARY)
CROWD, LAST = ("tax", 3), 12  # so many of a service are a crowd; the last number of the first series
classes = st.sampled_from([FIRST, ""])


class PolicyMachine(SlipMachine):
    """A hall that makes other rules while it is open."""

    config = replace(
        SlipMachine.config, policy=Policy("fifo", CLASSES, ORDINARY), series=(Series("A", last=LAST),),
        crowds=(CrowdRule(*CROWD),),
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.model.ranges["A"] = LAST
        self.model.limits.update([CROWD])

    @rule(kind=st.sampled_from(KINDS), guarantee_s=st.sampled_from([0, 600, 1800]))
    def choose_policy(self, kind: str, guarantee_s: int) -> None:
        policy = Policy(kind, CLASSES, ORDINARY, PATTERN if kind == "quota" else (), guarantee_s)
        new = policy != self.chosen.policy
        self.choose(policy=policy)
        pattern = tuple("" if name == ORDINARY else name for name in policy.pattern)
        numbers = tuple(zip((FIRST, ""), NUMBERS.get(kind, (0, 0)), strict=True))
        if new:
            self.model.policy = PlainPolicy(kind, numbers, pattern, guarantee_s)

    @rule(carries=st.booleans())
    def choose_night(self, carries: bool) -> None:
        self.choose(day=replace(self.chosen.day, overnight="carry" if carries else "expire"))
        self.model.carries = carries

    @rule(service=services, who=st.lists(classes, min_size=2, max_size=6), apart_s=st.sampled_from([0, 7, 60, 200]))
    def all_sorts_come(self, service: str, who: list[str], apart_s: int) -> None:
        """Customers of both classes, a while apart."""
        for klass in who:
            name, code = self.name("t"), self.no_ticket(service)
            self.expect(c.Issue(name, f"code-{name}", service, klass=klass), code)
            if code is None:
                self.taken(name, service, self.came_at(name))
                self.model.tickets[-1].klass = klass
            self.clock.now += apart_s

    @invariant()
    def the_pattern_stands_at_its_slot(self) -> None:
        assert self.look(lambda hall: hall.pattern_at) == self.model.policy.at
