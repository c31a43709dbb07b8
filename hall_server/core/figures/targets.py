"""How many waited no longer than their service allows: a share that means something only with its definition."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hall_server.core.config import Service
from hall_server.core.figures.shares import share
from hall_server.core.figures.visits import SERVED, Visit


@dataclass(frozen=True, slots=True)
class Level:
    """The service level in three variants, each a share in per cent; which one is meant has to be said."""

    within_s: int
    of_served: float | None
    of_arrived: float | None
    with_left: float | None


@dataclass(frozen=True, slots=True)
class Target:
    """What a service promises itself, and what came of it: waits as ``level``, service times in seconds.

    ``wanted`` is the share in per cent that the first variant, served in time of all served, should reach.
    """

    service: str
    wanted: int
    level: Level
    norm_s: int
    mean_s: float | None

    @property
    def reached(self) -> bool | None:
        """Whether it was; None as long as nobody was served."""
        return None if self.level.of_served is None else self.level.of_served >= self.wanted


def level(visits: Sequence[Visit], within_s: int) -> Level:
    """All three variants for those who came."""
    served = [visit for visit in visits if visit.outcome == SERVED]
    soon = sum(visit.wait_s <= within_s for visit in served if visit.wait_s is not None)
    left = sum(stayed_s(visit) <= within_s for visit in visits if visit.gave_up)
    arrived = len(visits)
    return Level(within_s, share(soon, len(served)), share(soon, arrived), share(soon + left, arrived))


def stayed_s(visit: Visit) -> float:
    """How long somebody stayed who left unserved."""
    return max(0.0, (visit.ended_at or visit.since) - visit.since)


def targets(visits: Iterable[Visit], services: Mapping[str, Service]) -> Iterator[Target]:
    """One for each service of the hall, in its order."""
    by_service: dict[str, list[Visit]] = {name: [] for name in services}
    for visit in visits:
        by_service.get(visit.service, []).append(visit)
    for name, service in services.items():
        took = [visit.service_s for visit in by_service[name] if visit.service_s is not None]
        mean_s = round(sum(took) / len(took), 2) if took else None
        yield Target(name, service.target_share, level(by_service[name], service.target_s), service.norm_s, mean_s)
