"""The calendar as data: hours of a hall and of its services, days off, make-up days; and the rules of its day."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Open from ``opens`` until ``closes``, HH:MM where the hall stands; 24:00 ends a day."""

    opens: str
    closes: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Spans on some weekdays (Monday is 0), of one service or (none named) of the hall, from ``first`` to ``last``.

    Both are days like 2026-11-22; empty: without a limit.
    """

    days: tuple[int, ...]
    spans: tuple[Span, ...]
    service: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Days unlike others: closed, or as the weekday ``like``; with ``spans`` open only within these."""

    zh: str
    en: str
    first: str
    last: str
    like: int | None = None
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """Without hours nobody has said when the hall is open: then its business day alone decides."""

    hours: tuple[Hours, ...] = ()
    special: tuple[SpecialDays, ...] = ()


@dataclass(frozen=True, slots=True)
class DayRules:
    """What a hall chose for its day.

    ``leave`` is what a clerk needs to leave a window: nothing (inform), somebody named (cover), a yes (approval).
    Windows on ``duty`` do not drain; the others do so ``drain_min`` before they close (0: never). With ``stop_early``
    no tickets are given out that may not be served before closing. From ``crowd`` waiting customers on (0: never) none
    are, until a tenth has gone. A window idles that could call somebody and did not for ``idle_min`` (0: never told).
    Tickets that still wait when the day is closed *expire*, or (``overnight``) *carry* over to the next day.
    A clerk whom nobody has heard for ``release_min`` has the window no longer (0: keeps it until signing out).
    """

    leave: str = "inform"
    drain_min: int = 15
    duty: tuple[str, ...] = ()
    stop_early: bool = False
    crowd: int = 0
    idle_min: int = 0
    overnight: str = "expire"
    release_min: int = 0
