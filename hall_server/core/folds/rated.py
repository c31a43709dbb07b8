"""Folds of what is said with a rating: figures count it, and nothing else depends on it."""

from collections.abc import Callable
from typing import Any

from hall_server.core.facts import rated as f
from hall_server.core.hall import Hall


def _explained(hall: Hall, fact: f.TicketRatingExplained, at: float, actor: str) -> None:
    """The rating itself has changed what there is to change."""


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {f.TicketRatingExplained: _explained}
