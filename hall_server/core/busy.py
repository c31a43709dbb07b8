"""What a hall chose for busy hours and shifts, as data: when it is too full, and who is on duty."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CrowdRule:
    """Too full is a service (none named: the hall) from so many waiting on, or from so long a wait; 0: no matter.

    With ``stop`` no tickets are given out then, else the manager is told and nothing more.
    """

    service: str = ""
    waiting: int = 0
    wait_s: int = 0
    stop: bool = True


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is on duty in a role: on some weekdays (Monday is 0; none named: all), from ``first`` to ``last``.

    Both are days like 2026-11-22; empty: without a limit. ``window`` is where, if that is known before.
    """

    role: str
    who: tuple[str, ...]
    days: tuple[int, ...] = ()
    first: str = ""
    last: str = ""
    window: str = ""
