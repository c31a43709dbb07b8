"""What a window sign of n half-width columns says: the longest wording that fits, never a number cut short.

A Chinese character takes two columns, as in the two-byte codes (GB2312, GBK) that the signs speak.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from display.phrases import Language, Phrases

Colour = Literal["red", "green", "yellow"]
TextFault = Literal["too_wide", "text_unsupported"]

CODEC = "gb2312"  # the smallest set among the signs: what it holds, all of them can show
CHINESE = frozenset({CODEC, "gbk"})  # what else there is has no Chinese characters
DIGITS = "digits"  # a sign that can show nothing else
TEXTS_KEPT = 4096  # whose width is known: the wordings of a hundred signs, asked for at each call
LISTED = ("sign.called.1", "sign.called.2", "sign.listed.1", "sign.listed.2")
CALLED = tuple(f"sign.called.{n}" for n in range(1, 7))
IDLE = ("sign.idle.1", "sign.idle.2")
REDIRECTED = ("sign.redirected.1", "sign.redirected.2", "sign.redirected.3", "sign.redirected.4")
PAUSED = ("sign.paused.1", "sign.paused.2")
DRAINING = ("sign.draining.1", "sign.draining.2", "sign.draining.3")
FAULT = ("sign.fault.1", "sign.fault.2")
EMERGENCY = ("sign.emergency.1", "sign.emergency.2")
BESIDE_TO = tuple(f"sign.beside_to.{n}" for n in range(1, 5))
BESIDE_TV = tuple(f"sign.beside_tv.{n}" for n in range(1, 5))


@dataclass(frozen=True, slots=True)
class SignText:
    """Pages shown in turn (the station decides how long each) in one colour."""

    pages: tuple[str, ...]
    colour: Colour


@dataclass(frozen=True, slots=True)
class SignTexts:
    """The texts of the signs of one hall, in its language and for its code page."""

    phrases: Phrases
    language: Language = "zh"
    codec: str = CODEC

    def on(self, charset: str) -> "SignTexts":
        """The same for a sign with this set of characters: without Chinese ones it speaks English."""
        return (
            self
            if charset == self.codec
            else replace(self, codec=charset, language=self.language if charset in CHINESE else "en")
        )

    def called(self, label: str, window: str, columns: int) -> SignText:
        """Come here: for as long as the customer may still be on the way."""
        return self._pages("red", columns, CALLED, label=label, window=window)

    def idle(self, columns: int, beside: Sequence[tuple[str, str]] = ()) -> SignText:
        """Nobody is called here; ``beside``: windows whose sign is dark, and where they send people, or nowhere."""
        welcome = self._pages("green", columns, IDLE)
        told = [
            self._pages("yellow", columns, BESIDE_TO if to else BESIDE_TV, window=window, to=to).pages
            for window, to in beside
        ]
        pages = tuple(page for one in told for page in one if page)
        return SignText(welcome.pages + pages, "yellow") if pages else welcome

    def listed(
        self, calls: Sequence[tuple[str, str]], columns: int, lines: int, away: Sequence[tuple[str, str]] = ()
    ) -> SignText:
        """A board for all windows: a line for each call (label, window), in their order, each filled to its end.

        ``away``: windows that are redirected, and where to; they share the last lines, in turn when they are many.
        """
        rows = [self._one(columns, LISTED, label=label, window=window) for label, window in calls[:lines]]
        rows = rows or [self._one(columns, IDLE)]
        told = [row for window, to in away if (row := self._one(columns, BESIDE_TO, window=window, to=to))]
        # What is new comes first: a board of one line says nothing else as long as there is a call.
        room = max(lines - len(rows), min(lines - 1, 1)) if told else 0
        kept = rows[: lines - room]
        groups = [told[n : n + room] for n in range(0, len(told), room)] if room else [[]]
        pages = ("".join(row + " " * (columns - width(row)) for row in (*kept, *group)).rstrip() for group in groups)
        return SignText(tuple(pages), "red" if calls else "yellow" if room else "green")

    def redirected(self, to: Sequence[str], columns: int) -> SignText:
        """The window does not serve; ``to`` names the others, nearest first, or nobody."""
        return self._elsewhere(PAUSED, to, columns)

    def fault(self, columns: int, to: Sequence[str] = ()) -> SignText:
        """A device of this window is broken; ``to`` as in *redirected*."""
        return self._elsewhere(FAULT, to, columns)

    def draining(self, minutes: int, columns: int) -> SignText:
        """The window takes nobody new and closes in so many minutes."""
        return self._pages("yellow", columns, DRAINING, minutes=str(minutes))

    def emergency(self, columns: int) -> SignText:
        """Nobody is called: whoever is in the hall shall listen."""
        return self._pages("red", columns, EMERGENCY)

    def night(self) -> SignText:
        return SignText(("",), "red")

    def _elsewhere(self, why: tuple[str, ...], to: Sequence[str], columns: int) -> SignText:
        first = self._pages("yellow", columns, why)
        if not to:
            return first
        second = self._pages("yellow", columns, REDIRECTED, to=to[0])
        return SignText(tuple(page for page in first.pages + second.pages if page) or ("",), "yellow")

    def _pages(self, colour: Colour, columns: int, keys: tuple[str, ...], **params: str) -> SignText:
        return SignText((self._one(columns, keys, **params),), colour)

    def _one(self, columns: int, keys: tuple[str, ...], **params: str) -> str:
        wordings = (self.phrases.text(key, self.language, **params) for key in keys)
        return next((text for text in wordings if not check(text, columns, self.codec)), "")


def width(text: str) -> int:
    """Half-width columns that a text takes on a sign."""
    return sum(1 if character.isascii() else 2 for character in text)


@lru_cache(maxsize=TEXTS_KEPT)
def check(text: str, columns: int, codec: str = CODEC) -> tuple[TextFault, ...]:
    """Why a sign cannot show this text, if it cannot: asked for settings and before every wording."""
    faults: list[TextFault] = []
    if width(text) > columns:
        faults.append("too_wide")
    if not text.isprintable() or not _encodable(text, codec):
        faults.append("text_unsupported")
    return tuple(faults)


def _encodable(text: str, codec: str) -> bool:
    if codec == DIGITS:
        return not text.strip("0123456789 ")
    try:
        text.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
