"""What can have happened to a request for help: asked at a kiosk, and somebody of the staff has come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HelpAsked:
    """A customer asked for help at a kiosk, for that reason; no proof was wanted, and nothing was granted."""

    help: str
    kiosk: str
    reason: str
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class HelpGiven:
    """Somebody of the staff was with that customer."""

    help: str


HelpFact = HelpAsked | HelpGiven
