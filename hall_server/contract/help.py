"""The messages about help at a kiosk: asked for, without any proof, and what the staff sees of it."""

from display.board import Name
from hall_server.contract.messages import Id, Message
from hall_server.contract.tickets import HelpWord, Language, TicketCard


class HelpRequest(Message):
    """A customer wants somebody to come to the kiosk; ``untold``: they would rather not say why."""

    reason: HelpWord = "untold"
    kiosk: Id | None = None
    language: Language = "zh"


class HelpAsked(Message):
    """The staff knows; a ticket that is taken afterwards may name ``help``."""

    help: str


class HelpRow(Message):
    """Somebody to go to: at which kiosk since when, why, and the ticket that they took meanwhile."""

    help: str
    kiosk: str
    kiosk_name: Name
    reason: HelpWord
    language: Language
    at: str
    ticket: TicketCard | None = None


class HelpDone(Message):
    """Somebody was there; ``helps`` are those who still wait for help."""

    helps: tuple[HelpRow, ...] = ()
