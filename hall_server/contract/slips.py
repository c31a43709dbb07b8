"""The messages about paper that a clerk hands out, and about all paper that a printer is owed."""

from typing import Literal

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
    """What a customer was told at a window is missing, and what became of the paper; ``code`` if there is none.

    ``pick_up``: nothing is; they fetch something later.
    """

    slip: str
    label: str
    items: tuple[Name, ...]
    until: str
    paper: SlipState | None = None
    used: bool = False
    code: str = ""
    pick_up: bool = False


class MissingView(Message):
    """The page of such a slip: what to bring, by which code to come back, and until when; ``used``: has been.

    ``pick_up``: nothing is to be brought but something to be fetched, now if it is ``ready``.
    """

    rev: int
    service: str
    service_name: Name
    items: tuple[Name, ...]
    code: str
    until: str
    used: bool = False
    pick_up: bool = False
    ready: bool = False


class MissingOrder(Message):
    """What a slip says is missing, and the code that it carries, good until then; ``pick_up``: to be fetched."""

    items: tuple[Name, ...]
    code: str
    until: str
    pick_up: bool = False


class ReadyRequest(Message):
    """Whether it can be fetched now."""

    ready: bool = True


class PickUpRow(Message):
    """Something that a customer fetches: *promised* first, then *ready*, then has *come* for it with ticket ``back``.

    ``at`` is when the slip was given out at ``window``, ``until`` when its code ends.
    """

    slip: str
    label: str
    window: str
    service_name: Name
    state: Literal["promised", "ready", "come"]
    at: str
    until: str
    ready_at: str | None = None
    back: str | None = None


class PickUps(Message):
    """Everything that customers fetch: what is not ready first, the oldest on top."""

    rev: int
    rows: tuple[PickUpRow, ...] = ()


class SlipOrder(Message):
    """A slip owed to a printer; ``attempt`` counts the printers tried, ``copied`` asks for the COPY mark.

    A ``test`` is no ticket: it says so, names the device, and proves that paper comes.
    What a kiosk gave out ``away`` from the hall says so, and promises no wait.
    ``then`` are the services that follow, ``complaints`` is the number to call with one.
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
    then: tuple[Name, ...] = ()
    complaints: str = ""
