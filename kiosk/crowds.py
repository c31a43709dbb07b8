"""What a kiosk says while too many people wait: why there are no tickets, and which appointments are free."""

from collections.abc import Callable
from datetime import datetime

from display.board import Board, Name, ServiceRow

Words = Callable[..., Name]
Clock = Callable[[str], str]  # an ISO time as people read it off the hall's clock


def free(row: ServiceRow, now: datetime) -> list[str]:
    """The appointments that are still to come."""
    return [at for at in row.slots if datetime.fromisoformat(at) > now]


def foot(row: ServiceRow, words: Words, clock: Clock, now: datetime) -> Name:
    """The foot of a tile."""
    slots = free(row, now)
    return words("tile.book", time=clock(slots[0])) if slots else words("tile.crowded")


def refused(board: Board, service: str, words: Words, clock: Clock, now: datetime) -> Name:
    """Why a customer gets no ticket, and what they could have instead."""
    slots = next((free(row, now) for row in board.services if row.id == service), [])
    if not slots:
        return words("refused.crowded")
    return words("refused.book", times=" · ".join(map(clock, slots)))


def strips(board: Board, words: Words) -> list[Name]:
    """One sentence over the tiles, however many of them are full."""
    full = [row for row in board.services if row.crowded]
    key = "strip.crowded.book" if any(row.slots for row in full) else "strip.crowded"
    return [words(key)] if full else []
