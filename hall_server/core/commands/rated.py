"""Commands about ratings that say more than a level."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RateBecause:
    """A customer answered the display of a window, with a reason if the level is a low one."""

    device: str
    ticket: str
    level: int
    reason: str
