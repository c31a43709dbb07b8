"""The messages about complaints: made by customers or written down by staff, taken up, worked on and closed."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from hall_server.contract.messages import Id, Message

MatterWord = Literal["attitude", "wait", "outcome", "fees", "place", "other"]
OutcomeWord = Literal["settled", "justified", "unfounded", "elsewhere"]
SAID = 1000  # characters: a page of handwriting
NAME, CONTACT, NOTE = 60, 60, 500


def _written(text: str) -> str:
    """As it was written, line by line, without what no keyboard types."""
    lines = [line.strip() for line in text.splitlines()]
    return "\n".join("".join(sign for sign in line if sign.isprintable()) for line in lines).strip()


def _word(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


class ComplaintRequest(Message):
    """A customer complains. Nobody has to say who they are; ``label`` is the number of their ticket, if they say it."""

    matter: MatterWord
    said: Annotated[str, _word(SAID), AfterValidator(_written)] = ""
    name: Annotated[str, _word(NAME), AfterValidator(_written)] = ""
    contact: Annotated[str, _word(CONTACT), AfterValidator(_written)] = ""
    label: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]*[0-9]*$", max_length=8)] = ""


class ComplaintMade(Message):
    """It was written down; its customer may ask for it by ``number``."""

    number: int


class TakeRequest(Message):
    """Who sees to it, and until the end of which day: neither can be left out."""

    assignee: Annotated[str, _word(NAME, 1), AfterValidator(_written)]
    due: date


class NoteRequest(Message):
    """What was done about it."""

    note: Annotated[str, _word(NOTE, 1), AfterValidator(_written)]


class CloseRequest(Message):
    """What came of it, and what there is to say of that."""

    outcome: OutcomeWord
    note: Annotated[str, _word(NOTE), AfterValidator(_written)] = ""


class ComplaintRow(Message):
    """A complaint: ``state`` is overdue, new (nobody has taken it up), open or closed; ``forgotten``: words gone."""

    id: Id
    number: int
    at: str
    matter: MatterWord
    via: Literal["kiosk", "page", "staff"]
    state: Literal["overdue", "new", "open", "closed"]
    label: str = ""
    window: str = ""
    assignee: str = ""
    due: str = ""
    outcome: str = ""
    closed_at: str | None = None
    name: str = ""
    contact: str = ""
    said: str = ""
    notes: tuple[str, ...] = ()
    forgotten: bool = False


class ComplaintsView(Message):
    """All that are open, what is overdue first, and those that were closed lately."""

    rev: int
    rows: tuple[ComplaintRow, ...] = ()
