"""What stands behind a device's id: one unit after another, and how each was tried before it was taken."""

from dataclasses import dataclass, field

REPLACEMENTS_KEPT = 5  # of one device; the journal has them all
PROVED = frozenset({"printed", "shown", "answered"})  # outcomes of a trial that show that the new unit works


@dataclass(frozen=True, slots=True)
class Unit:
    """One piece of hardware as the settings described it: how it is opened, and what its label says."""

    opened_by: str
    model: str = ""
    serial: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """One unit in the place of another: when (Unix seconds), by whom, proved how or taken unproved for what reason."""

    at: float
    by: str
    old: Unit
    new: Unit
    outcome: str = ""
    reason: str = ""


@dataclass(slots=True)
class Trial:
    """The last look or trial for a device's replacement; an empty ``url`` only looks for what could be meant.

    ``outcome`` is None while the station owes it; ``found`` are addresses with what was seen there.
    """

    id: str
    device: str
    kind: str
    url: str
    options: dict[str, str]
    station: str
    at: float
    by: str
    outcome: str | None = None
    faults: tuple[str, ...] = ()
    evidence: str = ""
    found: tuple[str, ...] = field(default=())
