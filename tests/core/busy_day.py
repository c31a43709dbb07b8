"""A busy day of every move there is, from a seed: the rules are asked at random; what they refuse does not happen.

Some moves come by turns, so that no seed makes a day on which nobody gives up, stays away or says how it was.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from hall_server.core import commands as c
from hall_server.core.config import HallConfig
from hall_server.core.hall import Hall
from hall_server.core.policy.classes import CustomerClass, Policy
from hall_server.core.tickets import State, Ticket
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
    certain = _certain(tickets, chance, count)
    if certain is not None:
        return [certain]
    often: list[c.Command] = [issue, issue, c.CallNext(window, "served"), c.CallNext(other, "absent"), c.Resume(other)]
    return [chance.choice([*often, chance.choice(late)])]


# By turns, every so many moves: in which state whoever makes it is.
TURNS = {
    0: State.WAITING, 3: State.CALLED, 5: State.DONE, 8: State.CALLED, 10: State.SERVING, 13: State.CALLED,
    16: State.SERVING, 18: State.CALLED,
}  # fmt: skip
ABSENT_UNTIL = 10  # in the first half of the turns those who did not come before do not come again


def _certain(tickets: list[Ticket], chance: Random, count: int) -> c.Command | None:
    """Somebody gives up, says how it was, is served, or is not there again."""
    turn = count % 20
    wanted = TURNS.get(turn)
    there = [one for one in tickets if one.state is wanted and (wanted is not State.DONE or one.rating is None)]
    if not there:
        return None
    some = max(chance.sample(there, len(there)), key=lambda one: one.absences)
    window = some.window or ""
    match wanted:
        case State.WAITING:
            return c.Cancel(some.id)
        case State.DONE:
            return c.Rate("", some.id, chance.randint(1, 5))
        case State.CALLED if turn == 3 or (some.absences and turn < ABSENT_UNTIL):
            return c.Absent(window, True)
        case _:
            return c.CallNext(window, "served")
