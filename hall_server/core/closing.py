"""The end of a hall's day: when windows close, which ticket is the last, who still works, what is on. Looks only."""

from dataclasses import dataclass

from hall_server.core import hours, routing
from hall_server.core.figures import theory
from hall_server.core.hall import Hall
from hall_server.core.policy import learning
from hall_server.core.policy.estimate import estimate
from hall_server.core.tickets import State, Ticket

SURE = 0.9  # of ten customers who were told that they will be served before closing, nine are
FAR_MIN = 15.0  # beyond this real services spread more than the closed form says: one place less
HERE = (State.WAITING, State.CALLED, State.SERVING, State.HELD)
ASKED = frozenset({"ok", "degraded", "failed"})


def ends(hall: Hall, window: str, now: float) -> float | None:
    """When the last of a window's services closes that is open now; None when none is, or nobody has said."""
    found = (hours.current(hall.config, now, service) for service in hall.window_by_id[window].services)
    return max((one.closes for one in found if one is not None), default=None)


def closed_at(hall: Hall) -> float | None:
    """When the business day was to end by the calendar."""
    if hall.opened_at is None or not hours.known(hall.config):
        return None
    day = hours.on(hall.config, hours.day_of(hall.config, hall.opened_at))
    return day[-1].closes if day else None


def here(hall: Hall) -> list[Ticket]:
    """Who holds a ticket and is still to be served, in the order of arrival."""
    return sorted((t for t in hall.tickets.values() if t.state in HERE), key=lambda t: t.key)


def still_here(hall: Hall) -> int:
    """How many hold a ticket and are still to be served."""
    return sum(counts.get(state, 0) for counts in hall.counts.values() for state in HERE)


def overtime_s(hall: Hall) -> int:
    """How long after closing the last customer was done."""
    closed = closed_at(hall)
    if closed is None or hall.at <= closed:
        return 0
    done = (t.ended_at for t in hall.tickets.values() if t.state is State.DONE and t.ended_at is not None)
    return max(0, round(max(done, default=0.0) - closed))


def last_at(hall: Hall, service: str, ahead: int, at: float) -> float | None:
    """From when on a ticket that would have so many ahead might not be served before closing; None: nobody knows."""
    if not hours.known(hall.config):
        return None
    opening = hours.current(hall.config, at, service) or hours.following(hall.config, at, service)
    windows = len(routing.windows_for(hall, service))
    if opening is None or not windows:
        return None
    each_min = learning.service_time_s(hall, service) / 60
    needed = theory.minutes_for(ahead + 1, windows, each_min, SURE)
    if needed > FAR_MIN:
        needed = max(FAR_MIN, theory.minutes_for(ahead + 2, windows, each_min, SURE))
    return opening.closes - needed * 60


def ends_at(hall: Hall) -> float | None:
    """When the last customer who is here now will probably be done; None when nobody is, or nobody can serve them."""
    waiting = [service for service, queue in hall.queues.items() if len(queue)]
    if not waiting:
        return hall.at if still_here(hall) else None
    return max((_last_done(hall, service) for service in waiting if routing.windows_for(hall, service)), default=None)


def _last_done(hall: Hall, service: str) -> float:
    windows, wait = len(routing.windows_for(hall, service)), estimate(hall, service)
    each_s = learning.service_time_s(hall, service)
    return hall.at + (wait.point_s if wait else 0.0) + each_s * theory.harmonic(windows)


def orphans(hall: Hall) -> list[Ticket]:
    """Who waits for what no window calls now: visible to the manager, in the order of arrival."""
    lost = {service for service in hall.queues if len(hall.queues[service]) and not routing.windows_for(hall, service)}
    return sorted((hall.tickets[name] for service in lost for _, _, name in hall.queues[service]), key=lambda t: t.key)


@dataclass(frozen=True, slots=True)
class Evening:
    """A device after closing: on (it answers), off (it was asked and does not), or unknown (nobody could ask it)."""

    device: str
    state: str


def evening(hall: Hall) -> tuple[Evening, ...]:
    """Each device that shows or prints something, as the closing check sees it at this moment."""
    shown = (d for d in hall.config.devices if d.kind in ("sign", "tv", "printer", "voice", "pad", "rating"))
    return tuple(Evening(d.id, _evening(hall, d.id, d.monitored)) for d in shown)


def _evening(hall: Hall, device: str, monitored: bool) -> str:
    state = hall.devices[device].state
    if not monitored or state not in ASKED or routing.silent(hall, device):
        return "unknown"
    return "off" if state == "failed" else "on"
