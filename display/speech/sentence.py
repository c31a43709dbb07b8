"""The two halves of a call, cut at its comma: one needs only the ticket, one only the window; and alarms. Pure."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Literal

from display.phrases import Language, Phrases

Half = Literal["ticket", "window", "alarm"]
PAUSE = "pause"
HIGHEST = 99  # windows that are spoken in one breath; those above are spelt


class UnspeakableError(ValueError):
    """There is no sound for something in a ticket or a window."""


@dataclass(frozen=True, slots=True)
class Part:
    """Half of a sentence: whose turn it is, or where to go; or, whole, the text of an alarm, which is its name."""

    language: Language
    half: Half
    name: str

    def clips(self, known: Container[str]) -> list[str]:
        """The names of the clips of which it is put together. Raises ``UnspeakableError``."""
        names = [f"{self.language}/{clip}" for clip in self._spelt(known)]
        if not self.name or (missing := [name for name in names if name not in known]):
            raise UnspeakableError(f"{self.name!r} cannot be said: no clip {', '.join(missing) if self.name else ''}")
        return names

    def _spelt(self, known: Container[str]) -> list[str]:
        if self.half == "alarm":
            return [self.name]
        return TICKETS[self.language](self.name, known) if self.half == "ticket" else self._way(known)

    def _way(self, known: Container[str]) -> list[str]:
        whole, number = f"window-{self.name}", f"number-{self.name}"
        if f"{self.language}/{whole}" in known:
            return [whole]
        spelt = [number] if f"{self.language}/{number}" in known else _digits(self.name)
        return ["goto", *spelt, *BEHIND_WINDOW[self.language]]

    def text(self, phrases: Phrases) -> str:
        """The same for a program that reads aloud: a ticket's digits apart, a window as a number."""
        if self.half == "alarm":
            return self.name
        if self.half == "window":
            return phrases.text("voice.window", self.language, window=self.name)
        digits = phrases.text("voice.digits", self.language)
        said = (digits[int(one)] if one.isascii() and one.isdecimal() else one for one in self.name)
        label = "".join(phrases.text("voice.character", self.language, character=one) for one in said).strip()
        return phrases.text("voice.ticket", self.language, label=label)


def _digits(name: str) -> list[str]:
    return [f"digit-{one}" for one in name]


def _zh_ticket(label: str, known: Container[str]) -> list[str]:
    """The letter and the digit behind it in one breath, and the last two with what follows: a syllable alone slurs."""
    letters = label.rstrip("0123456789")
    digits = label[len(letters) :]
    first, last = digits[:-2], f"last-{digits[-2:]}"
    begin = f"begin-{letters}{first[:1]}"
    if first and f"zh/{begin}" in known:
        return [begin, *_digits(first[1:]), last]
    return [*(f"letter-{one}" for one in letters), *_digits(first), last]


def _en_ticket(label: str, _known: Container[str]) -> list[str]:
    first = f"ticket-{label[0]}" if label[:1].isalpha() else "ticket"
    return [first, *_digits(label[1:] if label[:1].isalpha() else label)]


TICKETS: dict[Language, Callable[[str, Container[str]], list[str]]] = {"zh": _zh_ticket, "en": _en_ticket}
BEHIND_WINDOW: dict[Language, tuple[str, ...]] = {"zh": ("at",), "en": ()}
