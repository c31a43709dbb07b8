"""Folds of an emergency: which one stands, who raised it and when."""

from collections.abc import Callable
from typing import Any

from hall_server.core.day_state import Emergency
from hall_server.core.facts.emergency import EmergencyLifted, EmergencyStarted
from hall_server.core.hall import Hall


def _started(hall: Hall, fact: EmergencyStarted, at: float, actor: str) -> None:
    hall.emergency = Emergency(fact.kind, actor, at)


def _lifted(hall: Hall, fact: EmergencyLifted, at: float, actor: str) -> None:
    hall.emergency = None


FOLDS: dict[type[Any], Callable[[Hall, Any, float, str], None]] = {
    EmergencyStarted: _started,
    EmergencyLifted: _lifted,
}
