"""Commands about missing materials: write them down, print that once more, come back with them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TellMissing:
    """The customer at a window lacks these and goes home; ``slip``, ``code`` and ``page`` are for their paper."""

    window: str
    items: tuple[str, ...]
    slip: str
    code: str
    page: str


@dataclass(frozen=True, slots=True)
class PrintMissing:
    """The paper did not come, or is lost: once more."""

    slip: str


@dataclass(frozen=True, slots=True)
class ComeBack:
    """The customer of a slip is here again, and wants a ticket."""

    slip: str
    ticket: str
    code: str
    kiosk: str | None = None
    language: str = "zh"
