"""A busy day of every move there is, from a seed: the rules are asked at random; what they refuse does not happen."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from hall_server.core import commands as c
from hall_server.core.config import HallConfig
from hall_server.core.hall import Hall
from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.core.tickets import State
from tests.core.scene import CONFIG

POLICY = Policy(
    "head_start", (CustomerClass("vip", "贵宾", "VIP", head_start_s=600), CustomerClass("all")), "all", (), 1200
)
BUSY: HallConfig = replace(
    CONFIG, policy=POLICY, services=tuple(replace(one, target_s=300, target_share=75) for one in CONFIG.services)
)
WINDOWS = tuple(window.id for window in BUSY.windows)
SERVICES = tuple(service.id for service in BUSY.services)


def moves(hall: Callable[[], Hall], chance: Random, count: int) -> list[c.Command]:
    """What people, devices and the clock may ask of a hall now, ``count`` of them; most of it is allowed."""
    window, other = chance.choice(WINDOWS), chance.choice(WINDOWS)
    tickets = list(hall().tickets.values())
    some = chance.choice(tickets) if tickets else None
    label, name = (some.label, some.id) if some else ("A001", "none")
    served = chance.choice([one.id for one in tickets if one.state is State.DONE] or ["none"])
    new = f"t{count}"
    issue = c.Issue(
        new, f"code-{new}", chance.choice(SERVICES), klass=chance.choice(["vip", "", ""]), need=chance.random() < 0.1
    )
    late = (
        c.Recall(window), c.Start(window), c.Start(other), c.Finish(window), c.Finish(other), c.Absent(window, True),
        c.CallTicket(window, label, "served", "asked for"), c.Cancel(name), c.Pause(window), c.Resume(window),
        c.Resume(other), c.Transfer(window, chance.choice(SERVICES)), c.Transfer(window, to=other, come_back=True),
        c.Redirect(window), c.Redirect(window, undo=True), c.Redirect(other, undo=True),
        c.Rate("", served, chance.randint(1, 5)), c.ReportHealth("sign1", chance.choice(["ok", "failed"]), f"r{count}"),
        c.DeclareFault("scanner2", f"d{count}"), c.VerifyRepair("scanner2"), c.Tick(),
        c.Hold(window, "hall", "papers"), c.Hold(other, "window"), c.TakeUp(window, name), c.TakeUp(other, name, True),
        c.Reinstate(name, "came back"), c.MarkUrgent(name, "ill"), c.NoteNeed(name), c.Undo("test"),
        c.TakeCare(name, "offered"),
    )  # fmt: skip
    often: list[c.Command] = [issue, issue, c.CallNext(window, "served"), c.CallNext(other, "absent"), c.Resume(other)]
    return [chance.choice([*often, chance.choice(late)])]
