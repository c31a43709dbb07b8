"""Whether tickets are given out at a moment, by the openings that the Board carries; the page has the clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from display.board import Opening


@dataclass(frozen=True, slots=True)
class Now:
    """``open`` now, and the opening that runs or comes next; None when nobody has said."""

    open: bool
    opening: Opening | None = None


def at(openings: Sequence[Opening], now: datetime) -> Now:
    """What holds at ``now``; without openings nothing is closed by the clock."""
    if not openings:
        return Now(True)
    coming = next((one for one in openings if datetime.fromisoformat(one.closes) > now), None)
    return Now(coming is not None and datetime.fromisoformat(coming.opens) <= now, coming)
