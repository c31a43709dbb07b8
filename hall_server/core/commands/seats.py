"""Commands about who has a window: a clerk comes or takes over, is heard no more, or does something there."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Attend:
    """A clerk (role:id) is at a window; to have it from another one they say why."""

    window: str
    clerk: str
    credential: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FallSilent:
    """Nobody has heard a clerk at a window for so long."""

    window: str
    clerk: str
    silent_s: float


@dataclass(frozen=True, slots=True)
class AtDesk:
    """A clerk does something at a window: only who has it may."""

    window: str
    clerk: str
    command: Any
