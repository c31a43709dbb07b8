"""The message behind the concierge's screen: what tickets are given for, who waits long, who is set aside or gone."""

from display.board import Name, Wait
from hall_server.contract.help import HelpRow
from hall_server.contract.life import HeldCard, UndoRow
from hall_server.contract.messages import Message
from hall_server.contract.tickets import TicketCard


class LobbyService(Message):
    """A service as a concierge offers it; ``wait`` is null where nobody can say."""

    id: str
    name: Name
    icon: str
    open: bool
    waiting: int
    wait: Wait | None = None


class LobbyKiosk(Message):
    """A kiosk whose printer can print a ticket that is given out by hand; ``works``: as far as is known."""

    id: str
    name: Name
    works: bool


class LobbyClass(Message):
    """A class of customers that staff may say when they give out a ticket."""

    id: str
    name: Name


class InterruptedRow(Message):
    """Somebody was called or served at a window when its ``clerk`` was heard no more (``since``)."""

    label: str
    service_name: Name
    window: str
    clerk: str
    since: str


class LobbyView(Message):
    """What a concierge sees: ``waiting`` has the first in line of all services, ``gone`` who may be brought back.

    ``undo`` is the last move of whoever looks, as long as it can be taken back; ``helps`` who asked for help at a
    kiosk, and waits for somebody to come. ``notices`` are templates, and whether each is on the TV.
    """

    rev: int
    at: str
    day_open: bool
    services: tuple[LobbyService, ...] = ()
    kiosks: tuple[LobbyKiosk, ...] = ()
    classes: tuple[LobbyClass, ...] = ()
    total: int = 0
    waiting: tuple[TicketCard, ...] = ()
    held: tuple[HeldCard, ...] = ()
    gone: tuple[TicketCard, ...] = ()
    undo: UndoRow | None = None
    interrupted: tuple[InterruptedRow, ...] = ()
    helps: tuple[HelpRow, ...] = ()
    notices: tuple[tuple[str, bool], ...] = ()
