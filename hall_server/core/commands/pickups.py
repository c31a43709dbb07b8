"""Commands about what customers fetch later: promise it, say that it is ready, come for it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromisePickUp:
    """The customer at a window fetches something later; ``slip``, ``code`` and ``page`` are for their paper."""

    window: str
    slip: str
    code: str
    page: str


@dataclass(frozen=True, slots=True)
class MarkReady:
    """What that slip promises can be fetched now, or (not ``ready``) cannot after all."""

    slip: str
    ready: bool


@dataclass(frozen=True, slots=True)
class ComeForPickUp:
    """The customer of a slip is here to fetch it, and wants a ticket."""

    slip: str
    ticket: str
    code: str
    kiosk: str | None = None
    language: str = "zh"


PickUpCommand = PromisePickUp | MarkReady | ComeForPickUp
