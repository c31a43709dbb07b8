"""Whether a hall or a service is too full, which windows could help, and which appointments are free. Looks only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from hall_server.core import hours, routing
from hall_server.core.busy import CrowdRule
from hall_server.core.config import HallConfig
from hall_server.core.hall import Hall
from hall_server.core.offers import offered_on
from hall_server.core.policy.estimate import estimate

EASED = 0.9  # of a limit: a tenth has to go before it is over, or it would flicker
SLOTS_NAMED = 3  # as many as anybody remembers on the way to the desk
DAYS_AHEAD = 2  # today and tomorrow: who is here now wants to come back soon


@dataclass(frozen=True, slots=True)
class Load:
    """How many wait, and how long the wait would be for who came now."""

    waiting: int
    wait_s: int


def rules_of(config: HallConfig) -> Iterator[CrowdRule]:
    """Every limit of the hall."""
    if config.day.crowd:
        yield CrowdRule(waiting=config.day.crowd)
    yield from config.crowds


def load(hall: Hall, rule: CrowdRule) -> Load:
    """What a limit looks at; of the whole hall the longest wait counts. A wait that no limit asks for is 0."""
    services = () if not rule.wait_s else (rule.service,) if rule.service else tuple(hall.service_by_id)
    waits = (estimate(hall, service) for service in services)
    return Load(waiting(hall, rule.service), max((wait.point_s for wait in waits if wait), default=0))


def waiting(hall: Hall, service: str) -> int:
    """How many wait for a service, or (none named) in the hall."""
    return len(hall.queues[service]) if service else sum(len(queue) for queue in hall.queues.values())


def full(rule: CrowdRule, seen: Load) -> bool:
    """Whether a limit is reached."""
    return 0 < rule.waiting <= seen.waiting or 0 < rule.wait_s < seen.wait_s


def eased(rule: CrowdRule, seen: Load) -> bool:
    """Whether it is over, with some room to spare."""
    few = not rule.waiting or seen.waiting <= rule.waiting * EASED
    return few and (not rule.wait_s or seen.wait_s <= rule.wait_s * EASED)


def stops(hall: Hall, service: str) -> bool:
    """Whether no tickets are given out for a service, as far as the clock has said so."""
    return any(name in ("", service) and one.stop for name, one in hall.crowds.items())


def free_slots(hall: Hall, service: str) -> tuple[float, ...]:
    """The next appointments that are free, in Unix seconds."""
    today = hours.day_of(hall.config, hall.at)
    days = (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD))
    found = (
        at
        for day in days
        for slots, at in sorted(offered_on(hall.config, day, service), key=lambda one: one[1])
        if at > hall.at and hall.booked[service, at] < slots.capacity
    )
    return tuple(islice(found, SLOTS_NAMED))


def spare(hall: Hall, service: str) -> Iterator[tuple[str, str]]:
    """Windows that could serve it and do not, and what to do: resume | attend | reopen | help."""
    for known in hall.config.windows:
        now, window = hall.windows[known.id], known.id
        if now.incidents:
            continue
        if service and service not in known.services:
            if _could_help(hall, window, service):
                yield window, "help"
        elif service and routing.lacks_skill(hall, window, service):
            continue
        elif now.paused_at is not None:
            yield window, "resume"
        elif now.unattended is not None:
            yield window, "attend"
        elif now.until is not None:
            yield window, "reopen"


def _could_help(hall: Hall, window: str, service: str) -> bool:
    """Whether it has nobody, and nobody waits for what it gives."""
    own = routing.eligible(hall, window)
    free = bool(own) and hall.windows[window].ticket is None and routing.attended(hall, window)
    idle = free and service not in own and not any(len(hall.queues[one]) for one in own)
    return idle and routing.can(hall, window, service)
