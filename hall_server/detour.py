"""A window's redirect as staff see it before it is done, while it is proposed, and while it is in force."""

from dataclasses import dataclass

from display.board import Name, Wait


@dataclass(frozen=True, slots=True)
class ServiceEffect:
    """One service: who waits, which other windows serve it, and a new ticket's wait with the window and without."""

    service: str
    name: Name
    waiting: int
    windows: tuple[str, ...]
    before: Wait | None
    after: Wait | None


@dataclass(frozen=True, slots=True)
class Detour:
    """``to`` is empty when it cannot be done; ``state`` is possible | proposed | in_force.

    ``called`` goes to ``called_to``; a proposal is done by itself at ``apply_at``.
    """

    rev: int
    window: str
    state: str
    to: tuple[str, ...]
    waiting: int
    added_s: int
    services: tuple[ServiceEffect, ...]
    called: str | None = None
    called_to: str | None = None
    reason: str | None = None
    apply_at: str | None = None
