"""A day of arrivals through the real rules on a simulated clock: what the same customers would have met otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from string import ascii_uppercase

from hall_server.core import commands as c
from hall_server.core import folds as fold
from hall_server.core import rules
from hall_server.core.config import HallConfig, Service, Window
from hall_server.core.facts import TicketCalled
from hall_server.core.figures.devices import Told
from hall_server.core.hall import Hall
from hall_server.core.policy.classes import Policy


@dataclass(frozen=True, slots=True)
class Arrival:
    """A customer: the second of the day, what for, of which class, and how long the service takes."""

    at_s: int
    service: str
    klass: str
    service_s: int


@dataclass(frozen=True, slots=True)
class Plan:
    """How the hall is run: its policy, so many windows that serve everything, and from which second on some of them."""

    policy: Policy
    windows: int
    opens_s: Mapping[str, int] = field(default_factory=dict)
    norm_s: int = 300


@dataclass(slots=True)
class _Day:
    """The hall, its clock, and everything that happened."""

    now: float
    hall: Hall = field(default_factory=Hall)
    told: list[Told] = field(default_factory=list)

    def do(self, command: c.Command) -> None:
        for fact in rules.decide(self.hall, command, self.now):
            fold.apply(self.hall, fact, self.hall.seq + 1, self.now, "replay")
            self.told.append(Told(self.now, "replay", fact))


def replay(arrivals: Sequence[Arrival], plan: Plan, date: str, midnight: float) -> list[Told]:
    """What happens on that date; in each second those who are done leave, then others come, then windows call."""
    day = _Day(midnight)
    day.do(c.Configure(_config(arrivals, plan)))
    day.do(c.OpenDay(date))
    for window in plan.opens_s:
        day.do(c.Pause(window))
    opening = sorted((at_s, window) for window, at_s in plan.opens_s.items())
    idle = [window.id for window in day.hall.config.windows if window.id not in plan.opens_s]
    coming = sorted(range(len(arrivals)), key=lambda n: arrivals[n].at_s)[::-1]
    ends: list[tuple[int, int, str]] = []
    while coming or ends:
        soonest = (*(arrivals[n].at_s for n in coming[-1:]), *(end for end, _, _ in ends[:1]))
        second = min((*soonest, *(at_s for at_s, _ in opening[:1])))
        day.now = midnight + second
        while opening and opening[0][0] <= second:
            idle.append(opening.pop(0)[1])
            day.do(c.Resume(idle[-1]))
        while ends and ends[0][0] <= second:
            idle.append(heappop(ends)[2])
            day.do(c.Finish(idle[-1]))
        while coming and arrivals[coming[-1]].at_s <= second:
            one = arrivals[coming[-1]]
            day.do(c.Issue(str(coming.pop()), f"code-{day.hall.seq}", one.service, klass=one.klass))
        while idle and (called := _call(day, idle[-1])) is not None:
            heappush(ends, (second + arrivals[called].service_s, day.hall.seq, idle.pop()))
    day.do(c.CloseDay("nobody else comes"))
    return day.told


def _call(day: _Day, window: str) -> int | None:
    """Who comes to the window now; None: nobody waits, there or at any other."""
    day.do(c.CallNext(window))
    fact = day.told[-1].fact
    if not isinstance(fact, TicketCalled):
        return None
    day.do(c.Start(window))
    return int(fact.ticket)


def _config(arrivals: Sequence[Arrival], plan: Plan) -> HallConfig:
    names = dict.fromkeys(one.service for one in arrivals)
    services = tuple(
        Service(name, name, name, ascii_uppercase[n % len(ascii_uppercase)], norm_s=plan.norm_s)
        for n, name in enumerate(names)
    )
    windows = tuple(Window(str(n + 1), tuple(names)) for n in range(plan.windows))
    return HallConfig("", "", "UTC", services=services, windows=windows, policy=plan.policy)
