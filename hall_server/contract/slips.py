"""The messages about paper that a clerk hands out, and about all paper that a printer is owed."""

from display.board import Name, Wait
from hall_server.contract.messages import Id, Message
from hall_server.contract.tickets import Language, SlipState


class MissingRequest(Message):
    """What the customer at a window lacks, by the ids of its service's list."""

    items: tuple[Id, ...]


class MaterialRow(Message):
    """Something that a service needs from its customer."""

    id: str
    name: Name


class MissingRow(Message):
    """What a customer was told at a window is missing, and what became of the paper; ``code`` if there is none."""

    slip: str
    label: str
    items: tuple[Name, ...]
    until: str
    paper: SlipState | None = None
    used: bool = False
    code: str = ""


class MissingView(Message):
    """The page of such a slip: what to bring, by which code to come back, and until when; ``used``: has been."""

    rev: int
    service: str
    service_name: Name
    items: tuple[Name, ...]
    code: str
    until: str
    used: bool = False


class MissingOrder(Message):
    """What a slip says is missing, and the code that it carries, good until then."""

    items: tuple[Name, ...]
    code: str
    until: str


class SlipOrder(Message):
    """A slip owed to a printer; ``attempt`` counts the printers tried, ``copied`` asks for the COPY mark.

    A ``test`` is no ticket: it says so, names the device, and proves that paper comes.
    What a kiosk gave out ``away`` from the hall says so, and promises no wait.
    With ``missing`` it is a list of what to bring, and the ticket is the one that was served.
    """

    slip: str
    ticket: str
    printer: str
    attempt: int
    copied: bool
    hall: Name
    label: str
    service: Name
    language: Language
    issued_at: str
    timezone: str
    ahead: int
    estimate: Wait | None
    url: str | None
    test: bool = False
    away: bool = False
    missing: MissingOrder | None = None
