"""What can have happened to a proposed redirect: part of the facts, apart only because there are many."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RedirectCarried:
    """What stood against a window when a day was opened (repair ids, or 'manual'): in force, proposed, overruled.

    The reasons are in the order of what they are given for; older journals have none.
    """

    window: str
    incidents: tuple[str, ...]
    proposed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    reasons_proposed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WindowRedirectProposed:
    """An incident (a repair id) would redirect a window, and the hall asks a person first."""

    window: str
    incident: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WindowKept:
    """A person decided that a window goes on calling although the incident stands: a no, or an undo."""

    window: str
    incident: str
    reason: str = ""
