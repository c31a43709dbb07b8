"""Who was called last, for customers who have the tiles at the lower half of the screen and the upper one free."""

from dataclasses import asdict
from typing import Any

from display.board import Board
from display.phrases import Phrases

CALLS_SHOWN = 5  # as many as can be read in passing, in letters for some metres


def latest(board: Board, phrases: Phrases) -> list[dict[str, Any]]:
    """Each ticket once, the last one first."""
    calls = {call.label: call.window for call in reversed(board.calls)}
    shown = list(calls.items())[:CALLS_SHOWN]
    return [
        {"label": label, "window": asdict(phrases.both("kiosk.calling.at", window=window))} for label, window in shown
    ]
