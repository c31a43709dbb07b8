"""The audio guide: texts of the kiosk's screen as sounds, put together of clips that are shipped; pure.

A text is said as it stands when there is a clip of it. One with a number in it is found by its sentence in a catalogue
and said part by part: ``hear.KEY`` is how the sentence ``kiosk.KEY`` is said where its signs cannot be.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter

from display.board import Board, Group, ServiceRow
from display.phrases import Language, Phrases
from display.speech.clips import Clips
from display.speech.ogg import joined
from display.speech.sentence import Part, UnspeakableError

PAUSE = "pause"
SIGNS = re.compile(r"^\W+|\W+$")  # around the words of a part: a pause stands for them
TIME = r"(?:\d\d-\d\d )?\d\d:\d\d"
# What can stand in a sentence, and what it looks like there.
SHAPES: Mapping[str, str] = dict.fromkeys("count minutes low high number hour minute".split(), r"\d+") | {
    "time": TIME, "label": r"[A-Z]*\d+", "times": r"[\d: ·-]+", "fault": r".+",
}  # fmt: skip
SPOKEN_HUNDRED = 100  # numbers from here on are said digit by digit
# Shown, but not where customers choose; or names and addresses, of which there can be no clips.
UNSAID = (
    "kiosk.calllist.",
    "kiosk.strip.",
    "kiosk.title",
    "kiosk.name",
    "kiosk.head",
    "kiosk.calling",
    "kiosk.loading",
    "kiosk.complaint.else",
    "kiosk.complaint.box",
)


def vocabulary(phrases: Phrases, language: Language) -> list[str]:
    """Everything of which there has to be a clip, besides letters, digits and numbers."""
    texts = phrases.table(language, "kiosk.", "hear.", "picture.")
    said = {key: text for key, text in texts.items() if not key.startswith(UNSAID) and not _replaced(key, texts)}
    return sorted({words for text in said.values() for words, _ in _parts(text) if words})


def _replaced(key: str, texts: Mapping[str, str]) -> bool:
    return key.startswith("kiosk.") and f"hear.{key.removeprefix('kiosk.')}" in texts


def _parts(said: str) -> Iterator[tuple[str, str]]:
    """Words to be said, and the field behind them; a text without fields is said as it stands."""
    found = [(words, name or "") for words, name, _, _ in Formatter().parse(said)]
    if found == [(said, "")]:
        return iter(found)
    return ((SIGNS.sub("", words), name) for words, name in found)


@dataclass(frozen=True, slots=True)
class Hearing:
    """What can be said in one language."""

    language: Language
    phrases: Phrases
    clips: Clips

    def sound(self, before: Sequence[str], tile: Sequence[str], behind: Sequence[str]) -> bytes:
        """One after another; that something cannot be said is said, once. Raises ``UnspeakableError`` for nothing."""
        said = [*map(self._heard, before), list(tile), *map(self._heard, behind)]
        if None in said:
            said = [*(one for one in said if one is not None), self._said("hear.unreadable", {})]
        names = [name for one in said if one for name in (PAUSE, *one)]
        if not names:
            raise UnspeakableError("nothing to say")
        return joined(self.clips.sounds[name] for name in names[1:])

    def _heard(self, text: str) -> list[str] | None:
        try:
            return self.text(text)
        except UnspeakableError:
            return None

    def text(self, text: str) -> list[str]:
        """The clips of a text. Raises ``UnspeakableError``."""
        if self._known(text):
            return [f"{self.language}/{text}"]
        for key, shown in self._sentences():
            looks = re.sub(r"\\\{(\w+)\\\}", lambda field: f"(?P<{field[1]}>{SHAPES[field[1]]})", re.escape(shown))
            if found := re.fullmatch(looks, text):
                return self._said(key, found.groupdict())
        raise UnspeakableError(text)

    def target(self, texts: Sequence[str], place: int) -> list[str]:
        """What is written on a button, or, where that cannot be said, its place on the screen."""
        said = [self._heard(text) for text in texts]
        if not said or None in said:
            return self._choice(place)
        return [name for one in said if one for name in (PAUSE, *one)][1:]

    def service(self, service: str, board: Board, place: int) -> list[str]:
        """A service, or a group of them: by its name, by its picture where no other has that, or by its place."""
        offered: list[ServiceRow | Group] = [*(row for row in board.services if row.offered), *board.groups]
        rows = {row.id: row for row in offered}
        row = rows.get(service)
        if row is not None and self._known(getattr(row.name, self.language)):
            return [f"{self.language}/{getattr(row.name, self.language)}"]
        picture = f"picture.{row.icon}" if row is not None else ""
        alike = [one for one in rows.values() if row is not None and one.icon == row.icon]
        if len(alike) == 1 and picture in self.phrases.texts[self.language]:
            return self._said(picture, {})
        return self._choice(place)

    def _choice(self, place: int) -> list[str]:
        return self._said("hear.choice", {"number": str(place)})

    def _sentences(self) -> Iterator[tuple[str, str]]:
        """How texts with fields look, and by which sentence they are said."""
        texts = self.phrases.texts[self.language]
        yield from (("hear.number", "{number}"), ("hear.at", "{time}"), ("hear.label", "{label}"))
        for key, shown in self.phrases.table(self.language, "kiosk.").items():
            fields = {name for _, name, _, _ in Formatter().parse(shown) if name}
            said = f"hear.{key.removeprefix('kiosk.')}"
            if fields and fields <= SHAPES.keys() and not key.startswith(UNSAID):
                yield said if said in texts else key, shown

    def _said(self, key: str, fields: Mapping[str, str]) -> list[str]:
        names: list[str] = []
        for words, field in _parts(self.phrases.texts[self.language][key]):
            names += [self._clip(words)] if words else []
            names += self._field(field, fields) if field else []
        return names

    def _field(self, field: str, fields: Mapping[str, str]) -> list[str]:
        if field == "label":
            return Part(self.language, "ticket", fields["label"]).clips(self.clips.sounds)
        if field == "time":
            hour, minute = fields["time"][-5:].split(":")
            full = "hear.time" if int(minute) else "hear.time.full"
            return self._said(full, {"hour": hour, "minute": minute})
        number = int(fields[field])
        whole = f"number-{number}"
        if number < SPOKEN_HUNDRED and self._known(whole):
            return [self._clip(whole)]
        return [self._clip(f"digit-{one}") for one in str(number)]

    def _known(self, name: str) -> bool:
        return f"{self.language}/{name}" in self.clips.sounds

    def _clip(self, name: str) -> str:
        if not self._known(name):
            raise UnspeakableError(f"there is no clip of {name!r}")
        return f"{self.language}/{name}"
