"""What customers come back to fetch: promised on a slip with a code, ready one day, and handed over once."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nlargest

from hall_server.core.appointments import local

MOST_SHOWN = 12  # ready numbers on a TV: more cannot be read while a message stands


@dataclass(frozen=True, slots=True)
class PickUpRules:
    """For how many days a code is good once its thing is ready, and whether screens of the hall show ready numbers."""

    days: int = 30
    shown: bool = False


@dataclass(frozen=True, slots=True)
class PickUp:
    """Something a customer was promised at a window; its code leads to the queue of ``service``.

    Times are Unix seconds: given out ``at``, ready since ``ready_at``, the code good ``until`` then. ``page`` is the
    secret in the address of the slip's page; ``back`` the ticket with which they came to fetch it.
    """

    slip: str
    ticket: str
    label: str
    window: str
    service: str
    code: str
    page: str
    at: float
    until: float
    ready_at: float | None = None
    back: str | None = None


def ready_labels(known: Iterable[PickUp], at: float, timezone: str) -> tuple[str, ...]:
    """Numbers of which something can be fetched ``at`` that moment, the latest first; with the day if it is another."""
    good = [(one.ready_at, one) for one in known if one.ready_at is not None and one.back is None and one.until > at]
    today = local(at, timezone).date()
    days = ((one.label, local(one.at, timezone).date()) for _, one in nlargest(MOST_SHOWN, good, key=lambda it: it[0]))
    return tuple(label if day == today else f"{label} ({day:%m-%d})" for label, day in days)
