"""What can have happened to a window's session: somebody has it, or nobody was heard there for too long."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WindowAttended:
    """Somebody is at a window: a clerk who has it from now on, or (no ``clerk``) whoever called there.

    Who takes it over from another clerk (``instead_of``) says why.
    """

    window: str
    clerk: str = ""
    credential: str = ""
    reason: str = ""
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class WindowReleased:
    """A clerk has signed out, or was not heard for so long (``silent_s``) that the window is anybody's.

    ``ticket`` is who was called or served there; ``pad``: the window has one, and goes on without a page.
    """

    window: str
    clerk: str
    silent_s: int = 0
    ticket: str | None = None
    pad: bool = False
