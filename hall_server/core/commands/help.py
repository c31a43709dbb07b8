"""Commands about help: a customer at a kiosk asks for it, somebody of the staff has come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskHelp:
    """Somebody at a kiosk wants help, and need not say why."""

    help: str
    kiosk: str
    reason: str
    language: str = "zh"


@dataclass(frozen=True, slots=True)
class GiveHelp:
    """Somebody of the staff was with them."""

    help: str


HelpCommand = AskHelp | GiveHelp
