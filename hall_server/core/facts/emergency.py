"""What can have happened in an emergency: somebody raised the alarm, somebody lifted it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EmergencyStarted:
    """The hall stops calling and every screen shows what to do; ``kind`` is fire | earthquake | illness."""

    kind: str


@dataclass(frozen=True, slots=True)
class EmergencyLifted:
    """The danger is over: tickets count as before, and windows call again."""

    kind: str


EmergencyFact = EmergencyStarted | EmergencyLifted
