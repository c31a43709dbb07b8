"""Commands about an emergency: raise the alarm, lift it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StartEmergency:
    """Say on every screen what to do, and call nobody until it is lifted."""

    kind: str


@dataclass(frozen=True, slots=True)
class LiftEmergency:
    """The danger is over."""


EmergencyCommand = StartEmergency | LiftEmergency
