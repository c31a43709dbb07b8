"""Commands about replacing a device and about its paper; ``commands`` names them with all others."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hall_server.core.config import HallConfig
from hall_server.core.replacements import Unit


@dataclass(frozen=True, slots=True)
class AskTrial:
    """Try a unit at an address before it is taken, or (no ``url``) look for what could be meant."""

    device: str
    trial: str
    url: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReportTrial:
    """What came of a trial, as its station saw it."""

    station: str
    trial: str
    outcome: str
    faults: tuple[str, ...] = ()
    evidence: str = ""
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplaceDevice:
    """Take another unit; ``config`` is what the settings say then, ``url`` and ``options`` how its station opens it.

    ``written`` are the options as the settings have them.
    """

    device: str
    config: HallConfig
    old: Unit
    new: Unit
    url: str
    options: Mapping[str, str]
    test: str
    reason: str = ""
    note: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    columns: int = 8


@dataclass(frozen=True, slots=True)
class LoadRoll:
    """A person put a new roll into a printer."""

    device: str


@dataclass(frozen=True, slots=True)
class CountRolls:
    """So many rolls lie in stock for a printer."""

    device: str
    rolls: int
