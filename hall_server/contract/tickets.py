"""The messages about tickets: wanted, given, called, and why; ``contract`` names them with all others."""

from typing import Literal

from display.board import Name, Wait
from hall_server.contract.messages import Id, Message

Language = Literal["zh", "en"]
TicketState = Literal["waiting", "called", "serving", "held", "no_show", "done", "cancelled", "expired"]
CareWord = Literal["apologised", "offered"]
HelpWord = Literal["mobility", "sight", "hearing", "older", "baby", "untold"]
SlipStateWord = Literal["owed", "printing", "printed", "unconfirmed", "failed"]


class TicketRequest(Message):
    """A customer wants a ticket; the kiosk defaults to the one that the token belongs to.

    Only the staff may say a class of customers, or that there is a special need. ``then`` are services that follow;
    ``help`` is what was asked for at the same kiosk before.
    """

    service: Id
    kiosk: Id | None = None
    language: Language | None = None
    customer_class: Id | None = None
    need: bool = False
    then: tuple[Id, ...] = ()
    help: Id | None = None


class SlipState(Message):
    """What we know about the paper: state, where it is, and whether it carries the COPY mark."""

    state: SlipStateWord
    printer: str | None = None
    kiosk: str | None = None
    copied: bool = False
    reason: str | None = None


class RisenWait(Message):
    """How much longer than promised somebody will wait, and why."""

    by_s: int
    why: Literal["windows", "later", "slow"]


class Ticket(Message):
    """A ticket as its holder and the staff see it; ``ahead``, ``estimate`` and ``to`` only while waiting.

    ``to`` is the window to which it was sent, and which will call it; ``later`` of those ahead came later.
    ``appointments`` of them have checked in later, and go first by their time. ``risen`` is set once the wait will be
    much longer than was promised.
    """

    id: str
    label: str
    service: str
    state: TicketState
    ahead: int | None = None
    estimate: Wait | None = None
    issued_at: str
    window: str | None = None
    calls: int = 0
    language: Language = "zh"
    slip: SlipState | None = None
    to: str | None = None
    url: str
    later: int = 0
    appointments: int = 0
    risen: RisenWait | None = None


class Reason(Message):
    """Why a ticket was called: what chose it, and in so many words that nobody has to guess.

    ``overtaken`` counts those who came earlier and could have been called; ``labels`` names the first of them.
    """

    why: str
    overtaken: int = 0
    labels: tuple[str, ...] = ()
    customer_class: Name | None = None
    need: bool = False
    number: int | None = None
    left_out: dict[str, str] = {}
    said: str = ""


class CareRow(Message):
    """What the staff did for somebody who waits long, who and when."""

    what: CareWord
    by: str
    at: str


class Reviewed(Message):
    """Whose work is reviewed, and what it was for."""

    window: str
    service_name: Name


class TicketCard(Message):
    """The ticket at a window, or one of the next. ``unspoken``: a voice module should have called it, and did not.

    ``urgent`` is why it goes before everybody, ``then`` what follows this service, its review included. ``reviewed``:
    it is here for a review. From ``long_at`` on it has waited for longer than its service promises. ``help`` is why its
    customer asked for help at the kiosk.
    """

    id: str
    label: str
    service: str
    service_name: Name
    state: TicketState
    issued_at: str
    called_at: str | None = None
    started_at: str | None = None
    calls: int = 0
    language: Language = "zh"
    unspoken: bool = False
    sent_from: str | None = None
    note: str = ""
    back_to: str | None = None
    appointment: str | None = None
    because: Reason | None = None
    need: bool = False
    urgent: str = ""
    then: tuple[Name, ...] = ()
    long_at: str | None = None
    care: tuple[CareRow, ...] = ()
    reviewed: Reviewed | None = None
    help: HelpWord | None = None
