"""The messages about what the hall tells its customers: parts of a file, an item with its dates, the list of all."""

import base64
import binascii
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from display.board import Name
from hall_server.contract.messages import Id, Message

PART_BYTES = 42_000  # as base64 and with what stands around it less than a request may have
LONGEST = {"promo": (40, 90), "ticker": (40, 90)}  # characters, zh and en: what fits on the smallest TV


def _base64(text: str) -> str:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error as why:
        raise ValueError("not base64") from why
    return text


def _plain(text: str) -> str:
    if not text.isprintable():
        raise ValueError("only letters, digits and signs that can be printed")
    return text


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=140), AfterValidator(_plain)]


class PartRequest(Message):
    """One part of a file, in base64; parts come in their order."""

    upload: Id
    offset: Annotated[int, Field(ge=0)]
    data: Annotated[str, StringConstraints(min_length=1, max_length=PART_BYTES * 4 // 3 + 4), AfterValidator(_base64)]


class PartAnswer(Message):
    """How much of the file is here."""

    size: int


class ContentRequest(Message):
    """Show something from its first to its last day; ``upload`` names the file that was sent before."""

    place: Literal["promo", "ticker"]
    zh: Line = ""
    en: Line = ""
    owner: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_plain)]
    first: date
    last: date
    upload: Id | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """A line without a picture needs both languages; a picture may speak for itself."""
        longest = LONGEST[self.place]
        if self.last < self.first:
            raise ValueError("the last day is before the first")
        if self.upload is None and not (self.zh and self.en):
            raise ValueError("a text is needed in both languages")
        if self.place == "ticker" and self.upload is not None:
            raise ValueError("the ticker shows text only")
        if len(self.zh) > longest[0] or len(self.en) > longest[1]:
            raise ValueError(f"at most {longest[0]} Chinese and {longest[1]} English characters")
        return self


class ContentRow(Message):
    """An item: ``state`` is now, coming or over; ``missing``: its file is not on this server."""

    id: str
    place: Literal["promo", "ticker"]
    kind: Literal["text", "image", "video"]
    text: Name
    owner: str
    by: str
    first: str
    last: str
    state: Literal["now", "coming", "over"]
    url: str = ""
    missing: bool = False
    shown_s: int = 0
    shown_at: str | None = None


class ContentView(Message):
    """Everything that was put up, newest first."""

    rev: int
    rows: tuple[ContentRow, ...] = ()
