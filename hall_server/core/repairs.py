"""Repair orders: their steps, the moves between them as one table, how urgent they are and when one is late."""

from dataclasses import dataclass
from datetime import datetime

from hall_server.core.config import HallConfig, Party
from hall_server.core.refusal import Refused

# step -> the steps from which it may be reached. A move that is not here does not exist; from each of them an order
# may also be verified, which ends it. *fixed* can turn out to be wrong: then somebody is on site again.
MOVES: dict[str, frozenset[str]] = {
    "accepted": frozenset({"reported"}),
    "on_site": frozenset({"reported", "accepted", "waiting_parts", "fixed"}),
    "waiting_parts": frozenset({"accepted", "on_site"}),
    "fixed": frozenset({"reported", "accepted", "on_site", "waiting_parts"}),
}
WAY = ("reported", "accepted", "on_site", "waiting_parts", "fixed", "verified")
SAME_FAULT_S = 24 * 3600.0  # what fails again within a day was not repaired: the same order goes on
DEFECT = "defect"  # the fault of an order that an inspection opened for a device that can still be used
NOTE_CHARS = 500  # as much as a person may write into an order
STEPS_KEPT = 40  # an order that has more to tell keeps its newest; the journal has them all
# The least criticality × (customers waiting + 1) for each priority: a critical device that ten wait for is urgent.
URGENCY = ((30, "urgent"), (10, "high"), (3, "normal"), (0, "low"))


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an order: the step it is at then, when (Unix seconds), by whom, and what was said."""

    state: str
    at: float
    by: str
    note: str = ""
    expected: str | None = None


def require_move(now: str, wanted: str, *, said: bool) -> None:
    """Let an order move on, or raise ``Refused``; staying is an update, and an update has to say something."""
    if wanted == now and said:
        return
    if now not in MOVES.get(wanted, frozenset()):
        raise Refused("illegal_move", f"This repair is {now}: it cannot become {wanted} from there.")


def priority(criticality: int, waiting: int) -> str:
    """How urgent an order is; ``waiting`` are the customers who stood in line when it was opened."""
    weight = criticality * (1 + waiting)
    return next(word for least, word in URGENCY if weight >= least)


def due(config: HallConfig, steps: tuple[Step, ...], expected: str | None) -> float | None:
    """When somebody must have done or said something: the step's own limit, or the promise if that is sooner."""
    if not steps:
        return None
    state = steps[-1].state
    begun = steps[-1].at
    for step in reversed(steps):
        if step.state != state:
            break
        begun = step.at
    limit = begun + config.repair.minutes(state) * 60.0
    promised = moment(expected) if state != "fixed" else None
    return limit if promised is None else min(limit, promised)


def moment(text: str | None) -> float | None:
    """An ISO time in Unix seconds; None for what is no time, as older journals hold."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.timestamp() if read.tzinfo else None


def party_for(config: HallConfig, kind: str) -> Party | None:
    """Who repairs devices of a kind: whoever names it, else whoever takes the rest."""
    named = [party for party in config.parties if kind in party.kinds]
    rest = [party for party in config.parties if not party.kinds]
    return next(iter((*named, *rest)), None)
