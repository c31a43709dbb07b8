"""What can have happened to a call that a voice module had to say."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TicketSpoken:
    """A voice module, or the screen that speaks, says that it has said a call."""

    ticket: str
    device: str
    call: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class TicketNotSpoken:
    """Nobody can say that a call was said by this module: it came too late, the module failed, or nobody told."""

    ticket: str
    device: str
    call: str
    evidence: str = ""
