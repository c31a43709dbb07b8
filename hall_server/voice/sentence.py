"""The two halves of a call, cut at its comma: one needs only the ticket, one only the window. Pure."""

from collections.abc import Callable, Container
from dataclasses import dataclass
from typing import Literal

from display.phrases import Language, Phrases

Half = Literal["ticket", "window"]
PAUSE = "pause"
HIGHEST = 99  # windows that are spoken in one breath; those above are spelt


class UnspeakableError(ValueError):
    """There is no sound for something in a ticket or a window."""


@dataclass(frozen=True, slots=True)
class Part:
    """Half of a sentence: whose turn it is, or where to go."""

    language: Language
    half: Half
    name: str

    def clips(self, known: Container[str]) -> list[str]:
        """The names of the clips of which it is put together. Raises ``UnspeakableError``."""
        spelt = TICKETS[self.language](self.name) if self.half == "ticket" else self._way(known)
        names = [f"{self.language}/{clip}" for clip in spelt]
        if not self.name or (missing := [name for name in names if name not in known]):
            raise UnspeakableError(f"{self.name!r} cannot be said: no clip {', '.join(missing) if self.name else ''}")
        return names

    def _way(self, known: Container[str]) -> list[str]:
        whole = f"window-{self.name}"
        return [whole] if f"{self.language}/{whole}" in known else WINDOWS[self.language](self.name)

    def text(self, phrases: Phrases) -> str:
        """The same for a program that reads aloud: a ticket's digits apart, a window as a number."""
        if self.half == "window":
            return phrases.text("voice.window", self.language, window=self.name)
        digits = phrases.text("voice.digits", self.language)
        said = (digits[int(one)] if one.isascii() and one.isdecimal() else one for one in self.name)
        label = "".join(phrases.text("voice.character", self.language, character=one) for one in said).strip()
        return phrases.text("voice.ticket", self.language, label=label)


def _digits(name: str) -> list[str]:
    return [f"digit-{one}" for one in name]


def _zh_ticket(label: str) -> list[str]:
    """The last digit and what follows it in one breath."""
    letters, digits = label.rstrip("0123456789"), label[len(label.rstrip("0123456789")) :]
    return [*(f"letter-{one}" for one in letters), *_digits(digits[:-1]), f"last-{digits[-1:]}"]


def _en_ticket(label: str) -> list[str]:
    first = f"ticket-{label[0]}" if label[:1].isalpha() else "ticket"
    return [first, *_digits(label[1:] if label[:1].isalpha() else label)]


TICKETS: dict[Language, Callable[[str], list[str]]] = {"zh": _zh_ticket, "en": _en_ticket}
WINDOWS: dict[Language, Callable[[str], list[str]]] = {
    "zh": lambda window: ["goto", *_digits(window), "at"],
    "en": lambda window: ["goto", *_digits(window)],
}
