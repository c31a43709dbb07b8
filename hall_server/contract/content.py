"""The messages about what the hall tells its customers: parts of a file, an item with its dates, all, what to read."""

import base64
import binascii
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from display.board import Name
from hall_server.contract.messages import Id, Message

PART_BYTES = 42_000  # as base64 and with what stands around it less than a request may have
NOTICES = ("rain", "snow", "queue", "device", "early")  # templates that staff put up with one tap
Place = Literal["promo", "ticker", "guide", "fees"]
# characters, zh and en: what fits on the smallest TV; a guide's title or a fee's name on a kiosk's button
LONGEST = {"promo": (40, 90), "ticker": (40, 90), "guide": (16, 40), "fees": (20, 44)}
LONGEST_FEE = (20, 40)  # what it costs, beside its name
LONGEST_STEP = (60, 120)  # a line of a guide: three lines on a kiosk with large letters
STEPS = 12  # lines of a guide: three pages of a kiosk with large letters


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


def _steps(text: str) -> str:
    """Lines of text, without blank ones."""
    lines = [line.strip() for line in text.splitlines()]
    if not all(line.isprintable() for line in lines):
        raise ValueError("only letters, digits and signs that can be printed")
    return "\n".join(line for line in lines if line)


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=140), AfterValidator(_plain)]


Steps = Annotated[str, StringConstraints(max_length=1600), AfterValidator(_steps)]


class PartRequest(Message):
    """One part of a file, in base64; parts come in their order."""

    upload: Id
    offset: Annotated[int, Field(ge=0)]
    data: Annotated[str, StringConstraints(min_length=1, max_length=PART_BYTES * 4 // 3 + 4), AfterValidator(_base64)]


class PartAnswer(Message):
    """How much of the file is here."""

    size: int


class ContentRequest(Message):
    """Show something from its first to its last day; ``upload`` names the file that was sent before.

    ``more`` is what a kiosk says of a guide or a fee; ``on_tv`` has the TV's last line tell of it too.
    """

    place: Place
    zh: Line = ""
    en: Line = ""
    owner: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), AfterValidator(_plain)]
    first: date
    last: date
    upload: Id | None = None
    service: Id | None = None
    more_zh: Steps = ""
    more_en: Steps = ""
    on_tv: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """A line without a picture needs both languages; a picture may speak for itself."""
        longest = LONGEST[self.place]
        if self.last < self.first:
            raise ValueError("the last day is before the first")
        if not (self.pictured or (self.zh and self.en)):
            raise ValueError("a text is needed in both languages")
        if self.place != "promo" and self.pictured:
            raise ValueError("only the TV's picture shows files")
        self._more_fits()
        if len(self.zh) > longest[0] or len(self.en) > longest[1]:
            raise ValueError(f"at most {longest[0]} Chinese and {longest[1]} English characters")
        return self

    @property
    def pictured(self) -> bool:
        """Whether a file is shown."""
        return self.upload is not None

    def _more_fits(self) -> None:
        both = (self.more_zh, self.more_en)
        if self.place in ("promo", "ticker"):
            if any(both) or self.service or self.on_tv:
                raise ValueError("only guides and fees say more")
            return
        if not all(both):
            raise ValueError("say in both languages what to do, or what it costs")
        lines, longest = (STEPS, LONGEST_STEP) if self.place == "guide" else (1, LONGEST_FEE)
        for text, most in zip(both, longest, strict=True):
            found = text.splitlines()
            if len(found) > lines or any(len(line) > most for line in found):
                raise ValueError(f"at most {lines} lines of {longest[0]} Chinese and {longest[1]} English characters")


class ReviseRequest(ContentRequest):
    """The whole of what an item says from now on; ``keep``: it goes on showing its file."""

    keep: bool = False

    @property
    def pictured(self) -> bool:
        """Whether a file is shown."""
        return self.keep or self.upload is not None


class ContentRow(Message):
    """An item: ``state`` is now, coming or over; ``missing``: its file is not on this server."""

    id: str
    place: Place
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
    more: Name = Name("", "")
    service: str = ""
    on_tv: bool = False


class ContentView(Message):
    """Everything that was put up, newest first."""

    rev: int
    rows: tuple[ContentRow, ...] = ()


class GuideEntry(Message):
    """Something to read: a title with its steps, or a name with its fee; from ``begins`` until ``ends``, no longer."""

    id: str
    service: str
    title: Name
    text: Name
    begins: str
    ends: str


class GuideView(Message):
    """What customers can look up: what is for all of them first, then service by service."""

    rev: int
    guide: tuple[GuideEntry, ...] = ()
    fees: tuple[GuideEntry, ...] = ()
